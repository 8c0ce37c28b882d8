import { RemovalPolicy } from 'aws-cdk-lib';
import type { Deployment } from './deployment.ts';

/**
 * What happens to data when its stack is removed: it stays, unless the site file says `aws: {deleteData: true}` and whoever
 * deploys repeats it with `-c delete-data=<site>`. One key alone changes nothing.
 */
export function dataRemovalPolicy(deployment: Deployment): RemovalPolicy {
  return deployment.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
