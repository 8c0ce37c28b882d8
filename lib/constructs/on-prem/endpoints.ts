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

/** What pulling an image takes. */
const PULL = [
  'ecr:GetAuthorizationToken',
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
];

/** What the ECS agent does: it joins the cluster, listens for work, and reports. */
const AGENT = [
  'ecs:DiscoverPollEndpoint',
  'ecs:RegisterContainerInstance',
  'ecs:DeregisterContainerInstance',
  'ecs:Poll',
  'ecs:StartTelemetrySession',
  'ecs:SubmitContainerStateChange',
  'ecs:SubmitTaskStateChange',
  'ecs:SubmitAttachmentStateChanges',
];

/** The Regional services that instances on the Outpost need, with the actions that they need of them. */
const SERVICES = {
  Ecr: [InterfaceVpcEndpointAwsService.ECR, PULL],
  EcrDocker: [InterfaceVpcEndpointAwsService.ECR_DOCKER, PULL],
  Ecs: [InterfaceVpcEndpointAwsService.ECS, AGENT],
  EcsAgent: [InterfaceVpcEndpointAwsService.ECS_AGENT, AGENT],
  EcsTelemetry: [InterfaceVpcEndpointAwsService.ECS_TELEMETRY, AGENT],
  Logs: [InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, ['logs:CreateLogStream', 'logs:PutLogEvents']],
  SecretsManager: [InterfaceVpcEndpointAwsService.SECRETS_MANAGER, ['secretsmanager:GetSecretValue']],
} as const;

/** Generation 2 attaches the historian's disks and address by the EC2 API. */
const EC2_SERVICE = {
  Ec2: [InterfaceVpcEndpointAwsService.EC2, ['ec2:AttachVolume', 'ec2:AttachNetworkInterface']],
} as const;

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
    for (const [name, [service, actions]] of Object.entries(services)) {
      const endpoint = vpc.addInterfaceEndpoint(name, {
        service,
        subnets: { subnets: [endpointSubnet] },
        securityGroups: [securityGroup],
        open: false,
      });
      endpoint.addToPolicy(
        new PolicyStatement({
          principals: [new AnyPrincipal()],
          actions: [...actions],
          // What may be done to which resource is for the roles to say; this only keeps other accounts and other actions out.
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
