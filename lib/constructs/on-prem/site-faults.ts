import { type SiteFault, SiteFileError } from '../../../core/site/load.ts';
import type { OutpostConfig } from '../../../core/site/schema.ts';
import type { Deployment } from '../../deployment.ts';
import { freeNetwork, holdsAddress, isAddress } from './addresses.ts';

/** Size of the subnet in the Region that holds the VPC endpoints: 11 addresses beside those that AWS keeps. */
const ENDPOINT_PREFIX_LENGTH = 28;

/** The LAN broker as the hub on the Outpost reaches it. */
export interface LanBroker {
  readonly url: string;
  /** Its IPv4 address. */
  readonly host: string;
  readonly port: number;
  /** The secret in AWS Secrets Manager that holds the password. */
  readonly passwordSecretName: string | undefined;
}

/** What of the site file an Outpost needs, checked. */
export interface OnPremSettings {
  readonly hostName: string;
  readonly certificateArn: string;
  readonly broker: LanBroker;
  /** Addresses of the subnet for VPC endpoints. */
  readonly endpointSubnetCidr: string;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };

/**
 * What the part on the Outpost needs of the site file and other parts of a site can do without.
 * @throws SiteFileError with all faults at once.
 */
export function onPremSettings(deployment: Deployment, outpost: OutpostConfig): OnPremSettings {
  const { hostName, certificateArn, vpcCidr, subnetCidr } = outpost;
  const { broker: brokerConfig } = deployment.site;
  const broker = brokerConfig && lanBroker(brokerConfig);
  const endpointSubnetCidr = freeNetwork(vpcCidr, [subnetCidr], ENDPOINT_PREFIX_LENGTH);
  const faults: SiteFault[] = brokerFaults(deployment, broker);
  const missing = (path: readonly string[], message: string, hint: string) =>
    faults.push(deployment.fault(path, { message, hint }));
  if (hostName === undefined) {
    missing(
      ['outpost'],
      "needs hostName: the hub's name in the plant's DNS, which its certificate is for",
      'Add hostName: hub.plant.example',
    );
  }
  if (certificateArn === undefined) {
    missing(
      ['outpost'],
      'needs certificateArn: the hub on the Outpost speaks TLS only',
      'Add certificateArn: arn:aws:acm:... of a certificate for hostName',
    );
  }
  if (endpointSubnetCidr === undefined) {
    faults.push(
      deployment.fault(['outpost', 'subnetCidr'], {
        message: `leaves no room in vpcCidr for a second subnet (/${ENDPOINT_PREFIX_LENGTH}), which the VPC endpoints of the Region need`,
        got: `${subnetCidr} in ${vpcCidr}`,
        hint: 'Make vpcCidr larger or subnetCidr smaller',
      }),
    );
  }
  if (faults.length > 0 || !hostName || !certificateArn || !broker || !endpointSubnetCidr) {
    throw new SiteFileError(faults);
  }
  return { hostName, certificateArn, broker, endpointSubnetCidr };
}

function brokerFaults(deployment: Deployment, broker: LanBroker | undefined): SiteFault[] {
  if (broker === undefined) {
    return [
      deployment.fault(['outpost'], {
        message: 'needs broker beside it: the hub on the Outpost hears the gateways over the LAN broker',
        hint: 'Add broker: { url: "mqtts://192.168.10.5:8883" } to the site',
      }),
    ];
  }
  const { broker: config, network } = deployment.site;
  const faults: SiteFault[] = [];
  if (config?.passwordFrom !== undefined && broker.passwordSecretName === undefined) {
    faults.push(
      deployment.fault(['broker', 'passwordFrom'], {
        message: 'must be in AWS Secrets Manager: a hub on an Outpost has no such variable or file',
        got: config.passwordFrom,
        allowed: 'secretsmanager:name',
      }),
    );
  }
  const { otNetworks } = network;
  if (!isAddress(broker.host)) {
    faults.push(
      deployment.fault(['broker', 'url'], {
        message: "must name the broker by its address in numbers: the Outpost does not know the plant's names",
        got: broker.host,
        hint: 'Use e.g. mqtts://192.168.10.5:8883, and a certificate that names this address',
      }),
    );
  } else if (otNetworks.length > 0 && !otNetworks.some(({ cidr }) => holdsAddress(cidr, broker.host))) {
    faults.push(
      deployment.fault(['broker', 'url'], {
        message: 'must be an address in one of network.otNetworks: the Outpost has no way to others',
        got: broker.host,
        allowed: otNetworks.map(({ cidr }) => cidr).join(', '),
      }),
    );
  }
  return faults;
}

function lanBroker({
  url,
  passwordFrom,
}: {
  readonly url: string;
  readonly passwordFrom?: string | undefined;
}): LanBroker {
  const { protocol, hostname, port } = new URL(url);
  const prefix = 'secretsmanager:';
  return {
    url,
    host: hostname,
    port: port === '' ? (DEFAULT_PORTS[protocol] ?? 1883) : Number(port),
    passwordSecretName: passwordFrom?.startsWith(prefix) ? passwordFrom.slice(prefix.length) : undefined,
  };
}
