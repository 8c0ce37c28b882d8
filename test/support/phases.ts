import { diffTemplate, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { SynthesizedSite, SynthesizedTemplate } from './synth.ts';

/** Types that keep data which nothing else could give back. */
export const DATA_TYPES: readonly string[] = [
  'AWS::S3::Bucket',
  'AWS::S3Outposts::Bucket',
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Kinesis::Stream',
  'AWS::KMS::Key',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::EC2::Volume',
  'AWS::EFS::FileSystem',
  'AWS::IoTSiteWise::AssetModel',
  'AWS::IoTSiteWise::Asset',
];

/** Types that also must not be replaced by growing: what runs would be torn off, or what waits in them lost. */
export const STATEFUL_TYPES: readonly string[] = [
  ...DATA_TYPES,
  'AWS::SQS::Queue',
  'AWS::SNS::Topic',
  'AWS::Events::EventBus',
  'AWS::Logs::LogGroup',
  'AWS::SecretsManager::Secret',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::IoT::ThingGroup',
  'AWS::IoT::ProvisioningTemplate',
  'AWS::IoT::RoleAlias',
  'AWS::IoTSiteWise::Gateway',
  'AWS::ApiGateway::RestApi',
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::ECS::Cluster',
];

const LOSSES: readonly ResourceImpact[] = [
  ResourceImpact.WILL_REPLACE,
  ResourceImpact.MAY_REPLACE,
  ResourceImpact.WILL_DESTROY,
  ResourceImpact.WILL_ORPHAN,
];

/** What an update from one template to the next would replace, destroy or leave behind of some types, each as a sentence. */
export function lossesBetween(
  stackId: string,
  before: SynthesizedTemplate,
  after: SynthesizedTemplate,
  types: readonly string[] = STATEFUL_TYPES,
): string[] {
  const { changes } = diffTemplate(plain(before), plain(after)).resources;
  return Object.entries(changes).flatMap(([logicalId, change]) => {
    const type = change.oldResourceType ?? change.newResourceType ?? '';
    if (!types.includes(type) || change.isAddition || !LOSSES.includes(change.changeImpact)) return [];
    return [
      `${stackId}/${logicalId} (${type}): ${change.changeImpact} by ${Object.keys(change.propertyUpdates).join(', ') || 'its removal'}`,
    ];
  });
}

/** What an update from one synthesized site to the next would lose: stateful resources, and whole stacks. */
export function lossesOf(before: SynthesizedSite, after: SynthesizedSite): string[] {
  const gone = before.stackIds.filter((id) => !after.stackIds.includes(id)).map((id) => `${id}: the stack is gone`);
  const kept = before.stackIds.filter((id) => after.stackIds.includes(id));
  return [...gone, ...kept.flatMap((id) => lossesBetween(id, before.json(id), after.json(id)))];
}

/** The diff changes what it is given. */
function plain(template: SynthesizedTemplate): Record<string, unknown> {
  return structuredClone(template) as unknown as Record<string, unknown>;
}
