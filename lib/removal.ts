import { RemovalPolicy } from 'aws-cdk-lib';
import type { Deployment } from './deployment.ts';

/**
 * The same for assets and asset models of SiteWise, whose history goes with them. One that could not be made at all is taken
 * back: its name and external id would stand in the way of the next try.
 */
export function assetRemovalPolicy(deployment: Deployment): RemovalPolicy {
  return deployment.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
}

/**
 * What happens to data when its stack is removed: it stays, unless the site file says `aws: {deleteData: true}` and whoever
 * deploys repeats it with `-c delete-data=<site>`. One key alone changes nothing.
 */
export function dataRemovalPolicy(deployment: Deployment): RemovalPolicy {
  return deployment.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
