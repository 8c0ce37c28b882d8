import { type DeployedScope, deployedScope } from '../../core/site/roadmap.ts';
import type { GatewayConfig } from '../../core/site/schema.ts';
import type { Site } from '../../core/site/site.ts';
import { UserFault } from '../../core/user-fault.ts';
import { DEFAULT_REGION, SiteNames } from '../../lib/names.ts';

/** A gateway that a device is about to become. */
export interface EnrolledGateway {
  readonly gateway: GatewayConfig;
  readonly region: string;
  /** Thing, thing group, core device and role alias. */
  readonly name: string;
  readonly templateName: string;
  /** Its stack, as `cdk deploy` knows it. */
  readonly stackPath: string;
  readonly usesPrivateEndpoints: boolean;
}

/**
 * A gateway of a site by its id.
 * @throws UserFault where the site has none of this id, or its phase does not deploy it.
 */
export function enrolledGateway(site: Site, gatewayId: string, siteFile: string): EnrolledGateway {
  const gateway = site.gateways.find(({ id }) => id === gatewayId);
  if (gateway === undefined)
    throw new UserFault(
      `${siteFile} has no gateway ${gatewayId}. It has: ${site.gateways.map(({ id }) => id).join(', ')}.`,
    );
  const scope: DeployedScope = deployedScope(site);
  if (!scope.gateways.includes(gateway))
    throw new UserFault(
      `In the phase ${site.phase} only ${scope.gateways.map(({ id }) => id).join(', ')} is deployed: ${gatewayId} follows in the phase rollout.`,
    );
  const names = new SiteNames(site.id);
  return {
    gateway,
    region: site.aws?.region ?? DEFAULT_REGION,
    name: names.gateway(gatewayId),
    templateName: names.provisioningTemplate(gatewayId),
    stackPath: `${site.id}/Gateway-${gatewayId}`,
    usesPrivateEndpoints: site.network.privateEndpoints !== undefined,
  };
}

/**
 * The serial number of the device: the one that was asked for, or the only one that may enrol.
 * @throws UserFault where none may, or it is not one of them, or nobody can tell which.
 */
export function chosenSerialNumber({ id, serialNumbers }: GatewayConfig, asked: string | undefined): string {
  const listed = serialNumbers.join(', ');
  if (serialNumbers.length === 0)
    throw new UserFault(
      `No device may enrol as ${id}. Put its serial number into the site file (gateways: serialNumbers) and deploy.`,
    );
  if (asked !== undefined && !serialNumbers.includes(asked))
    throw new UserFault(`${asked} may not enrol as ${id}. The site file lists: ${listed}.`);
  const [first = '', second] = serialNumbers;
  if (asked === undefined && second !== undefined)
    throw new UserFault(
      `Several devices may enrol as ${id}: say which, with --serial. The site file lists: ${listed}.`,
    );
  return asked ?? first;
}
