import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { NetworkConfig } from '../../core/site/schema.ts';
import { PrivateEndpoints } from '../constructs/private-network/private-endpoints.ts';
import type { Deployment } from '../deployment.ts';

/** What the private way of gateways to AWS is made for. */
export interface PrivateNetworkStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly endpoints: NonNullable<NetworkConfig['privateEndpoints']>;
}

/** VPC interface endpoints at the end of a Direct Connect or VPN connection, for plants without internet. */
export class PrivateNetworkStack extends Stack {
  /** @throws SiteFileError where the site file names no network that may use the endpoints. */
  constructor(scope: Construct, id: string, props: PrivateNetworkStackProps) {
    super(scope, id, props);
    const { deployment, endpoints } = props;
    const { network, sources } = deployment.site;
    if (network.otNetworks.length === 0)
      deployment.refuse(['network', 'privateEndpoints'], {
        message: 'need the networks of the gateways: without one, nobody may use them',
        got: 'no network.otNetworks',
        allowed: 'one network at least',
        hint: 'Add network: { otNetworks: [{ id: hall-1, cidr: "192.168.10.0/24" }] } with the addresses of the gateways',
      });
    new PrivateEndpoints(this, 'Endpoints', {
      endpoints,
      otNetworks: network.otNetworks,
      usesSiteWiseEdge: sources.some((source) => source.protocol === 'opcua' && source.collector === 'sitewise-edge'),
    });
  }
}
