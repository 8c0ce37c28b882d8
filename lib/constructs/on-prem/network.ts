import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import {
  CfnLocalGatewayRouteTableVPCAssociation,
  CfnRoute,
  CfnSubnet,
  FlowLogDestination,
  IpAddresses,
  PrivateSubnet,
  type SelectedSubnets,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { NetworkConfig, OutpostConfig } from '../../../core/site/schema.ts';
import { acknowledgeNetwork } from './acknowledgements.ts';
import { dependTwice, nameZone } from './lint.ts';

/** What the {@link OnPremNetwork} is made for. */
export interface OnPremNetworkProps {
  readonly outpost: OutpostConfig;
  readonly otNetworks: NetworkConfig['otNetworks'];
  /** Addresses of the subnet in the Region, for VPC endpoints. */
  readonly endpointSubnetCidr: string;
  readonly key: IKey;
}

/**
 * The VPC of a site's Outpost: one subnet on the Outpost with a way to the named OT networks by the local gateway, one in the
 * Region for VPC endpoints. There is no internet gateway and no NAT: what is not routed here is not reached.
 *
 * The local gateway works in direct VPC routing mode, which keeps the private addresses; customer-owned addresses (CoIP)
 * exclude it. Both know IPv4 only.
 */
export class OnPremNetwork extends Construct {
  readonly vpc: Vpc;
  /** The subnet on the Outpost. */
  readonly subnet: PrivateSubnet;
  /** The subnet in the Region that the Outpost is homed to. */
  readonly endpointSubnet: PrivateSubnet;

  constructor(scope: Construct, id: string, props: OnPremNetworkProps) {
    super(scope, id);
    const { outpost, otNetworks, key } = props;
    const { availabilityZone } = outpost;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(outpost.vpcCidr),
      // Subnets are made one by one: CDK knows none on an Outpost.
      availabilityZones: [availabilityZone],
      subnetConfiguration: [],
      natGateways: 0,
      createInternetGateway: false,
      restrictDefaultSecurityGroup: true,
    });
    this.subnet = new PrivateSubnet(this, 'OutpostSubnet', {
      vpcId: this.vpc.vpcId,
      availabilityZone,
      cidrBlock: outpost.subnetCidr,
      mapPublicIpOnLaunch: false,
    });
    this.endpointSubnet = new PrivateSubnet(this, 'EndpointSubnet', {
      vpcId: this.vpc.vpcId,
      availabilityZone,
      cidrBlock: props.endpointSubnetCidr,
      mapPublicIpOnLaunch: false,
    });
    for (const { node } of [this.subnet, this.endpointSubnet]) {
      if (node.defaultChild instanceof CfnSubnet) nameZone(node.defaultChild);
    }
    const { defaultChild } = this.subnet.node;
    if (defaultChild instanceof CfnSubnet) defaultChild.outpostArn = outpost.arn;
    this.#routeToFactory(outpost, otNetworks);
    const flowLogs = new LogGroup(this, 'FlowLogs', {
      encryptionKey: key,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(flowLogs) });
    const { stack } = this.vpc;
    const provider = stack.node.tryFindChild('Custom::VpcRestrictDefaultSGCustomResourceProvider');
    const handler = provider?.node.tryFindChild('Handler');
    if (handler instanceof CfnResource) dependTwice(handler);
    acknowledgeNetwork(this);
  }

  /** The subnet on the Outpost, as constructs ask for subnets. */
  get selection(): Pick<SelectedSubnets, 'subnets'> {
    return { subnets: [this.subnet] };
  }

  #routeToFactory({ localGateway }: OutpostConfig, otNetworks: OnPremNetworkProps['otNetworks']): void {
    const association = new CfnLocalGatewayRouteTableVPCAssociation(this, 'LocalGatewayRouteTable', {
      localGatewayRouteTableId: localGateway.routeTableId,
      vpcId: this.vpc.vpcId,
    });
    for (const { id, cidr } of otNetworks) {
      const route = new CfnRoute(this, `Route-${id}`, {
        routeTableId: this.subnet.routeTable.routeTableId,
        destinationCidrBlock: cidr,
        localGatewayId: localGateway.id,
      });
      // EC2 takes the route only once the VPC and the local gateway's route table belong together.
      route.addResourceDependency(association);
    }
  }
}
