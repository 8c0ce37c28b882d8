import type { ALL_SITES } from '../../support/all-sites.ts';

/** A box of the three tiers (docs/architecture.md), and what stands for it in a template. */
export interface Box {
  readonly tier: '1 edge' | '2 hub' | '3 cloud';
  readonly box: string;
  readonly site: keyof typeof ALL_SITES;
  readonly stack: RegExp;
  readonly types: readonly string[];
}

const GATEWAY = /^Gateway-/;

export const BOXES: readonly Box[] = [
  {
    tier: '1 edge',
    box: 'a gateway enrols with its serial number',
    site: 'pilot',
    stack: GATEWAY,
    types: ['AWS::IoT::ProvisioningTemplate', 'AWS::Lambda::Function', 'AWS::IoT::ThingGroup', 'AWS::DynamoDB::Table'],
  },
  {
    tier: '1 edge',
    box: 'a gateway has rights of its own',
    site: 'pilot',
    stack: GATEWAY,
    types: ['AWS::IoT::Policy', 'AWS::IoT::RoleAlias', 'AWS::IAM::Role', 'AWS::IoT::SecurityProfile'],
  },
  {
    tier: '1 edge',
    box: 'Greengrass runs the connector, the hub and the broker',
    site: 'pilot',
    stack: GATEWAY,
    types: ['AWS::GreengrassV2::ComponentVersion', 'AWS::GreengrassV2::Deployment'],
  },
  {
    tier: '1 edge',
    box: 'SiteWise Edge collects what is marked for it',
    site: 'outpost-gen2',
    stack: /^Gateway-gateway-2$/,
    types: ['AWS::IoTSiteWise::Gateway'],
  },
  {
    tier: '2 hub',
    box: "the Outpost's part of the network",
    site: 'outpost-gen1',
    stack: /^OnPrem$/,
    types: [
      'AWS::EC2::VPC',
      'AWS::EC2::Subnet',
      'AWS::EC2::LocalGatewayRouteTableVPCAssociation',
      'AWS::EC2::Route',
      'AWS::EC2::SecurityGroup',
    ],
  },
  {
    tier: '2 hub',
    box: 'the hub as a service',
    site: 'outpost-gen1',
    stack: /^OnPrem$/,
    types: [
      'AWS::ECS::Cluster',
      'AWS::ECS::CapacityProvider',
      'AWS::AutoScaling::AutoScalingGroup',
      'AWS::ECS::TaskDefinition',
      'AWS::ECS::Service',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
    ],
  },
  {
    tier: '2 hub',
    box: 'the historian on generation 1: RDS on Outposts',
    site: 'outpost-gen1',
    stack: /^OnPrem$/,
    types: ['AWS::RDS::DBInstance', 'AWS::SecretsManager::Secret'],
  },
  {
    tier: '2 hub',
    box: 'the historian on generation 2: PostgreSQL in ECS',
    site: 'outpost-gen2',
    stack: /^OnPrem$/,
    types: ['AWS::ECS::Service', 'AWS::SecretsManager::Secret'],
  },
  {
    tier: '2 hub',
    box: 'storage on the Outpost',
    site: 'outpost-gen1',
    stack: /^OnPrem$/,
    types: ['AWS::S3Outposts::Endpoint', 'AWS::S3Outposts::Bucket', 'AWS::S3Outposts::AccessPoint'],
  },
  {
    tier: '3 cloud',
    box: 'keys, alarm topic, event bus',
    site: 'pilot',
    stack: /^Foundation$/,
    types: ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::SNS::Topic', 'AWS::Events::EventBus'],
  },
  {
    tier: '3 cloud',
    box: 'IoT rules, stream and normalization',
    site: 'pilot',
    stack: /^Ingest$/,
    types: ['AWS::IoT::TopicRule', 'AWS::Kinesis::Stream', 'AWS::Lambda::Function', 'AWS::Lambda::EventSourceMapping'],
  },
  {
    tier: '3 cloud',
    box: 'the lake',
    site: 'pilot',
    stack: /^Ingest$/,
    types: [
      'AWS::KinesisFirehose::DeliveryStream',
      'AWS::S3::Bucket',
      'AWS::Glue::Database',
      'AWS::Glue::Table',
      'AWS::Athena::WorkGroup',
      'AWS::Athena::NamedQuery',
    ],
  },
  { tier: '3 cloud', box: 'asset models', site: 'pilot', stack: /^Models$/, types: ['AWS::IoTSiteWise::AssetModel'] },
  { tier: '3 cloud', box: 'the assets of a line', site: 'pilot', stack: /^Line-/, types: ['AWS::IoTSiteWise::Asset'] },
  { tier: '3 cloud', box: 'the factory', site: 'pilot', stack: /^Factory$/, types: ['AWS::IoTSiteWise::Asset'] },
  {
    tier: '3 cloud',
    box: 'the API for the MES, and the way to the ERP',
    site: 'outpost-gen1',
    stack: /^Mes$/,
    types: [
      'AWS::ApiGateway::RestApi',
      'AWS::WAFv2::WebACL',
      'AWS::DynamoDB::Table',
      'AWS::Lambda::Function',
      'AWS::Events::Rule',
      'AWS::SQS::Queue',
    ],
  },
  {
    tier: '3 cloud',
    box: 'the ERP behind an address',
    site: 'outpost-gen2',
    stack: /^Mes$/,
    types: ['AWS::Events::ApiDestination', 'AWS::Events::Connection', 'AWS::ApiGateway::DomainName'],
  },
  {
    tier: '3 cloud',
    box: 'alarms and dashboards',
    site: 'outpost-gen1',
    stack: /^Observability$/,
    types: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard', 'AWS::Grafana::Workspace'],
  },
  {
    tier: '3 cloud',
    box: 'private endpoints for a plant without internet',
    site: 'outpost-gen1',
    stack: /^PrivateNetwork$/,
    types: ['AWS::EC2::VPCEndpoint'],
  },
];
