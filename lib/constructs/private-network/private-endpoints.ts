import { CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { NetworkConfig } from '../../../core/site/schema.ts';
import { logsPolicy, s3Policy, secretsPolicy, siteWisePolicy } from './endpoint-policies.ts';

/** Where gateways reach AWS privately, and who may. */
export interface PrivateEndpointsProps {
  readonly endpoints: NonNullable<NetworkConfig['privateEndpoints']>;
  /** The networks of the factory that may use the endpoints; nobody else may. */
  readonly otNetworks: NetworkConfig['otNetworks'];
  /** Whether AWS IoT SiteWise Edge runs on a gateway of the site. */
  readonly usesSiteWiseEdge: boolean;
}

interface Service {
  /** As in `com.amazonaws.<region>.<service>`. */
  readonly name: string;
  /** Whether the VPC's own resolver may answer with the endpoint for the service's usual name. */
  readonly privateDns: boolean;
  /** @default all that the caller's own rights allow: the service knows no endpoint policies. */
  readonly policy?: PolicyDocument;
}

/**
 * Interface endpoints of all that a gateway talks to, by port 443 alone. Greengrass' data plane goes by the endpoint of IoT data
 * (`greengrassDataPlaneEndpoint: iotdata`, which the install script sets): the endpoint called `greengrass` is for its control
 * plane, which no gateway needs.
 */
export class PrivateEndpoints extends Construct {
  constructor(scope: Construct, id: string, { endpoints, otNetworks, usesSiteWiseEdge }: PrivateEndpointsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { vpcId, subnetIds } = endpoints;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      // By its id alone: nothing is looked up at synth, and the Availability Zone is asked for but not used.
      vpc: Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: ['unused'] }),
      description: 'Gateways of the factory reach AWS',
      allowAllOutbound: false,
    });
    for (const { id: network, cidr } of otNetworks)
      securityGroup.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), `Gateways in ${network}`);
    for (const { name, privateDns, policy } of services(this, usesSiteWiseEdge)) {
      const endpoint = new CfnVPCEndpoint(this, constructIdOf(name), {
        vpcEndpointType: 'Interface',
        serviceName: `com.amazonaws.${stack.region}.${name}`,
        vpcId,
        subnetIds,
        securityGroupIds: [securityGroup.securityGroupId],
        privateDnsEnabled: privateDns,
        ...(policy !== undefined && { policyDocument: policy }),
      });
      new CfnOutput(this, `${constructIdOf(name)}Addresses`, {
        description: `Hosted zone and name of each address of ${name}, for the DNS of the factory`,
        value: Fn.join(' ', endpoint.attrDnsEntries),
      });
    }
  }
}

/** IoT Core takes no endpoint policies, and gives its names by account: a DNS of the factory has to know them (docs/gateway.md). */
function services(scope: Construct, usesSiteWiseEdge: boolean): Service[] {
  return [
    { name: 'iot.data', privateDns: false },
    { name: 'iot.credentials', privateDns: false },
    // Private names of S3 would change the way of everything in the VPC to S3, or need a gateway endpoint there.
    { name: 's3', privateDns: false, policy: s3Policy() },
    { name: 'logs', privateDns: true, policy: logsPolicy(scope) },
    { name: 'secretsmanager', privateDns: true, policy: secretsPolicy(scope) },
    ...(usesSiteWiseEdge ? [{ name: 'iotsitewise.data', privateDns: true, policy: siteWisePolicy(scope) }] : []),
  ];
}

/** `iot.data` -> `IotData`. */
function constructIdOf(name: string): string {
  return name.replaceAll(/(?:^|\.)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
