import { formatSitePath } from '../core/site/fault.ts';
import type { SiteFault, SitePath } from '../core/site/load.ts';
import { DEFAULT_REGION } from '../core/site/regions.ts';
import { DEFAULT_VALUES_PER_SECOND_QUOTA, sitewiseLoad } from './constructs/sitewise/budget.ts';
import { type DeployableSite, Deployment } from './deployment.ts';

/** Settings that AWS has once for an account and Region. */
const ACCOUNT_SETTINGS = [
  { path: ['aws', 'sitewise', 'manageAccountSettings'], of: ({ site }: DeployableSite) => site.aws?.sitewise },
  { path: ['aws', 'apiGateway', 'manageAccountSettings'], of: ({ site }: DeployableSite) => site.aws?.apiGateway },
] as const;

/** A fault that lies between site files, and the site that it is told at: the later one. */
export interface SharedAccountFault {
  readonly siteId: string;
  readonly fault: SiteFault;
}

/** What sites of one account and Region can't do both: set the account's settings, and send more to SiteWise than its quota takes together. */
export function sharedAccountFaults(sites: readonly DeployableSite[]): SharedAccountFault[] {
  const byPlace = new Map<string, DeployableSite[]>();
  for (const deployable of sites) {
    const { account = 'the account of the credentials', region = DEFAULT_REGION } = deployable.site.aws ?? {};
    const place = `${account} in ${region}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), deployable]);
  }
  return [...byPlace].flatMap(([place, together]) => [
    ...settingsFaults(place, together),
    ...quotaFaults(place, together),
  ]);
}

function settingsFaults(place: string, sites: readonly DeployableSite[]): SharedAccountFault[] {
  return ACCOUNT_SETTINGS.flatMap(({ path, of }) => {
    const [owner, ...others] = sites.filter((site) => of(site)?.manageAccountSettings === true);
    return others.map((other) =>
      faultAt(other, path, {
        message: `must be true for one site of an account and Region only: ${fileOf(owner)} sets those of ${place} already`,
        got: 'true',
      }),
    );
  });
}

/** One site alone is checked at its models. */
function quotaFaults(place: string, sites: readonly DeployableSite[]): SharedAccountFault[] {
  const last = sites.at(-1);
  if (sites.length < 2 || last === undefined) return [];
  const loads = sites.map((deployable) => ({
    id: deployable.site.id,
    perSecond: sitewiseLoad(new Deployment(deployable)).total,
  }));
  const total = loads.reduce((sum, { perSecond }) => sum + perSecond, 0);
  const quota = Math.min(
    ...sites.map(({ site }) => site.aws?.sitewise.valuesPerSecondQuota ?? DEFAULT_VALUES_PER_SECOND_QUOTA),
  );
  if (total <= quota) return [];
  const each = loads.map(({ id, perSecond }) => `${id} ${Math.ceil(perSecond)}/s`).join(', ');
  return [
    faultAt(last, ['aws', 'sitewise', 'valuesPerSecondQuota'], {
      message: `is less than what the sites of ${place} may send to AWS IoT SiteWise together: ${each}`,
      got: String(quota),
      hint: 'Mark fewer sensors with sitewise: true, or have AWS raise the quota and write it into each of these files',
    }),
  ];
}

function fileOf(deployable: DeployableSite | undefined): string {
  const [file = ''] = deployable?.files.keys() ?? [];
  return file;
}

function faultAt(
  { site, locate }: DeployableSite,
  path: SitePath,
  text: Pick<SiteFault, 'message' | 'got' | 'hint'>,
): SharedAccountFault {
  return { siteId: site.id, fault: { ...locate(path), path: formatSitePath(path), ...text } };
}
