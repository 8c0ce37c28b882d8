import type { Deployment } from '../../deployment.ts';

/** The id (`op-...`) of the site's Outpost, where it is deployed: the dimension of its metrics. */
export function deployedOutpostId({ site, scope }: Deployment): string | undefined {
  return scope.hasOutpost ? site.outpost?.arn.split('/')[1] : undefined;
}
