import type { SiteFault } from '../../../core/site/load.ts';
import { ticksPerSecond, usualIntervalMs, valuesPerSecondAtMost } from '../../../core/site/value-rates.ts';
import type { Deployment } from '../../deployment.ts';
import { isNative, modelOptions, sitewiseSensors } from './deployed-machines.ts';

/** The account's quota of a Region where the site file says nothing. */
export const DEFAULT_VALUES_PER_SECOND_QUOTA = 5000;
/**
 * How often a machine's state, its reason or its product changes at most, over longer than seconds: each 10 s. What is read is a
 * word that stays mostly the same, so the reading interval says nothing about it.
 */
export const CHANGES_PER_SECOND = 0.1;
/** `mes-s` and `mes-rejected`, once a minute. */
const CORRECTIONS_PER_SECOND = 2 / 60;
/** How many of the heaviest a message names. */
const NAMED = 5;

/** Values a second that the deployed lines may send to SiteWise at most, by what they are. */
export interface SiteWiseLoad {
  /** Minute ticks and corrections of the MES. */
  readonly ticks: number;
  /** Changes of state, reason and product. */
  readonly changes: number;
  /** Sensors with `sitewise: true`, read at their interval and changing each time; what a native machine counts too. */
  readonly sensors: number;
  readonly total: number;
  /** Signals by what they send, the most first. */
  readonly heaviest: readonly { readonly path: string; readonly valuesPerSecond: number }[];
}

/** What reaches SiteWise of the deployed lines; everything else goes to the lake alone. */
export function sitewiseLoad(deployment: Deployment): SiteWiseLoad {
  const { site, scope, keepsRawValues } = deployment;
  const hasCorrections = modelOptions(deployment).includes('mes');
  let ticks = 0;
  let changes = 0;
  const signals: { path: string; valuesPerSecond: number }[] = [];
  for (const machine of scope.lines.flatMap(({ machines }) => machines)) {
    const native = isNative(deployment, machine);
    if (!native) {
      ticks += ticksPerSecond(machine);
      if (hasCorrections && machine.state !== undefined) ticks += CORRECTIONS_PER_SECOND;
    }
    if (keepsRawValues) continue;
    const { state, reason, product, produced, rejected } = machine;
    changes += [state, reason, product].filter((signal) => signal !== undefined).length * CHANGES_PER_SECOND;
    const usualMs = usualIntervalMs(site, machine);
    if (usualMs === undefined) continue;
    const counted = native ? { produced, rejected } : {};
    const read = [
      ...Object.entries(counted).flatMap(([id, signal]) => (signal === undefined ? [] : [{ ...signal, id }])),
      ...sitewiseSensors(machine),
    ];
    for (const { id, intervalMs } of read)
      signals.push({ path: `${machine.path}/${id}`, valuesPerSecond: valuesPerSecondAtMost(intervalMs ?? usualMs) });
  }
  const sensors = signals.reduce((sum, { valuesPerSecond }) => sum + valuesPerSecond, 0);
  const heaviest = signals.toSorted((one, other) => other.valuesPerSecond - one.valuesPerSecond);
  return { ticks, changes, sensors, total: ticks + changes + sensors, heaviest };
}

/** The fault of a site that may send more than its account's quota takes; AWS IoT SiteWise would refuse the rest. */
export function budgetFaults(deployment: Deployment): SiteFault[] {
  const quota = deployment.site.aws?.sitewise.valuesPerSecondQuota ?? DEFAULT_VALUES_PER_SECOND_QUOTA;
  const { ticks, changes, sensors, total, heaviest } = sitewiseLoad(deployment);
  if (total <= quota) return [];
  const named = heaviest.slice(0, NAMED).map(({ path, valuesPerSecond }) => `${path} ${rounded(valuesPerSecond)}/s`);
  return [
    deployment.fault(['aws', 'sitewise', 'valuesPerSecondQuota'], {
      message: `is less than the ${rounded(total)} values/s that the deployed lines may send to AWS IoT SiteWise: ${rounded(sensors)} of ${heaviest.length} sensors with sitewise: true, ${rounded(ticks)} of ticks, ${rounded(changes)} of states, reasons and products`,
      got: String(quota),
      hint: `${named.length === 0 ? '' : `These weigh most: ${named.join(', ')}. `}Mark fewer sensors, read them less often (intervalMs), or have AWS raise the quota of the account in this Region and write it here`,
    }),
  ];
}

function rounded(valuesPerSecond: number): string {
  return valuesPerSecond >= 100
    ? Math.ceil(valuesPerSecond).toLocaleString('en')
    : String(Number(valuesPerSecond.toPrecision(3)));
}
