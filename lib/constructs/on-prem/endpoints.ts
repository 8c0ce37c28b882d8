import { Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { OutpostConfig } from '../../../core/site/schema.ts';
import { asVpc } from './interfaces.ts';
import type { OnPremNetwork } from './network.ts';

/** The Regional services that instances on the Outpost need, with the prefix of their actions. */
const SERVICES = {
  Ecr: [InterfaceVpcEndpointAwsService.ECR, 'ecr'],
  EcrDocker: [InterfaceVpcEndpointAwsService.ECR_DOCKER, 'ecr'],
  Ecs: [InterfaceVpcEndpointAwsService.ECS, 'ecs'],
  EcsAgent: [InterfaceVpcEndpointAwsService.ECS_AGENT, 'ecs'],
  EcsTelemetry: [InterfaceVpcEndpointAwsService.ECS_TELEMETRY, 'ecs'],
  Logs: [InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, 'logs'],
  SecretsManager: [InterfaceVpcEndpointAwsService.SECRETS_MANAGER, 'secretsmanager'],
} as const;

/** Generation 2 attaches the historian's disks and address by the EC2 API. */
const EC2_SERVICE = { Ec2: [InterfaceVpcEndpointAwsService.EC2, 'ec2'] } as const;

/** What the {@link ServiceEndpoints} are made for. */
export interface ServiceEndpointsProps {
  readonly outpost: OutpostConfig;
  readonly network: OnPremNetwork;
}

/**
 * The way from the Outpost to the Regional services that it needs, over the service link: interface endpoints in the Region's
 * part of the VPC, and a gateway endpoint for the layers of images. They serve this account alone, so that nothing on the
 * Outpost can carry data to a bucket or account of somebody else. Nothing in the factory reaches them.
 *
 * A NAT gateway would cost less a month (one against seven endpoints), but open the whole internet.
 */
export class ServiceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: ServiceEndpointsProps) {
    super(scope, id);
    const { outpost, network } = props;
    const { vpc, endpointSubnet } = network;
    const { account, region, partition } = Stack.of(this);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: asVpc(vpc),
      description: 'VPC endpoints: HTTPS from the subnet on the Outpost',
      allowAllOutbound: false,
    });
    securityGroup.addIngressRule(Peer.ipv4(outpost.subnetCidr), Port.HTTPS, 'HTTPS from the subnet on the Outpost');
    const services = { ...SERVICES, ...(outpost.generation === 2 && EC2_SERVICE) };
    for (const [name, [service, prefix]] of Object.entries(services)) {
      const endpoint = vpc.addInterfaceEndpoint(name, {
        service,
        subnets: { subnets: [endpointSubnet] },
        securityGroups: [securityGroup],
        open: false,
      });
      endpoint.addToPolicy(
        new PolicyStatement({
          principals: [new AnyPrincipal()],
          actions: [`${prefix}:*`],
          // What may be done to which resource is for the roles to say; this only keeps other accounts out.
          resources: ['*'],
          conditions: { StringEquals: { 'aws:PrincipalAccount': account } },
        }),
      );
    }
    const s3 = vpc.addGatewayEndpoint('S3', {
      service: GatewayVpcEndpointAwsService.S3,
      subnets: [network.selection],
    });
    s3.addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [
          // Layers of images in ECR, and the packages of Amazon Linux 2023: both buckets are AWS's own.
          `arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`,
          `arn:${partition}:s3:::al2023-repos-${region}-de612dc2/*`,
        ],
      }),
    );
  }
}
