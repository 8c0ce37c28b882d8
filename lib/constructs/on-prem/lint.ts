import type { CfnResource } from 'aws-cdk-lib';

/*
 * Findings of cfn-lint that hold in a Region and not on an Outpost. Each is ignored on its resource alone.
 */

/** W3010, "avoid hardcoding availability zones": an Outpost is homed to one, which the site file names. */
export function nameZone(resource: CfnResource): void {
  ignore(resource, 'W3010');
}

/** E3680, "at least two subnets": a load balancer on an Outpost has exactly one. */
export function haveOneSubnet(resource: CfnResource): void {
  ignore(resource, 'E3680');
}

/** W3005, "dependency already enforced": CDK's provider of the resource names it twice. */
export function dependTwice(resource: CfnResource): void {
  ignore(resource, 'W3005');
}

function ignore(resource: CfnResource, rule: string): void {
  resource.addMetadata('cfn-lint', { config: { ignore_checks: [rule] } });
}
