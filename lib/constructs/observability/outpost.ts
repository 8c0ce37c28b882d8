import type { Deployment } from '../../deployment.ts';

/**
 * The id (`op-...`) of the site's Outpost, where its metrics can be seen: AWS gives them to the account that owns the Outpost, and to
 * no account that it is shared with.
 */
export function ownOutpostId({ site }: Deployment): string | undefined {
  const [, , , , owner, resource] = site.outpost?.arn.split(':') ?? [];
  if (owner === undefined || owner !== site.aws?.account) return undefined;
  return resource?.split('/')[1];
}
