import { isIntrinsic, listOf, objectOf } from '../../lib/checks/json.ts';
import type { SynthesizedResource, SynthesizedTemplate } from './synth.ts';

/** Where a site is thought to be deployed. */
export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

/** The ARN of a resource by its type and its name, as far as IAM needs to tell one from another. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::KMS::Key': (name) => regional('kms', `key/${name}`),
  'AWS::SNS::Topic': (name) => regional('sns', name),
  'AWS::SQS::Queue': (name) => regional('sqs', name),
  'AWS::Kinesis::Stream': (name) => regional('kinesis', `stream/${name}`),
  'AWS::KinesisFirehose::DeliveryStream': (name) => regional('firehose', `deliverystream/${name}`),
  'AWS::DynamoDB::Table': (name) => regional('dynamodb', `table/${name}`),
  'AWS::DynamoDB::GlobalTable': (name) => regional('dynamodb', `table/${name}`),
  'AWS::Lambda::Function': (name) => regional('lambda', `function:${name}`),
  'AWS::Logs::LogGroup': (name) => regional('logs', `log-group:${name}:*`),
  'AWS::IAM::Role': (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  'AWS::IAM::ManagedPolicy': (name) => `arn:aws:iam::${ACCOUNT}:policy/${name}`,
  'AWS::IAM::InstanceProfile': (name) => `arn:aws:iam::${ACCOUNT}:instance-profile/${name}`,
  'AWS::Events::EventBus': (name) => regional('events', `event-bus/${name}`),
  'AWS::Events::Rule': (name) => regional('events', `rule/${name}`),
  'AWS::Events::Connection': (name) => regional('events', `connection/${name}`),
  'AWS::Events::ApiDestination': (name) => regional('events', `api-destination/${name}`),
  'AWS::IoT::Thing': (name) => regional('iot', `thing/${name}`),
  'AWS::IoT::ThingGroup': (name) => regional('iot', `thinggroup/${name}`),
  'AWS::IoT::Policy': (name) => regional('iot', `policy/${name}`),
  'AWS::IoT::RoleAlias': (name) => regional('iot', `rolealias/${name}`),
  'AWS::IoT::TopicRule': (name) => regional('iot', `rule/${name}`),
  'AWS::IoT::ProvisioningTemplate': (name) => regional('iot', `provisioningtemplate/${name}`),
  'AWS::Athena::WorkGroup': (name) => regional('athena', `workgroup/${name}`),
  'AWS::Glue::Database': (name) => regional('glue', `database/${name}`),
  'AWS::ECS::Cluster': (name) => regional('ecs', `cluster/${name}`),
  'AWS::ECS::Service': (name) => regional('ecs', `service/${name}`),
  'AWS::ECS::TaskDefinition': (name) => regional('ecs', `task-definition/${name}:1`),
  'AWS::ECR::Repository': (name) => regional('ecr', `repository/${name}`),
  'AWS::SecretsManager::Secret': (name) => regional('secretsmanager', `secret:${name}`),
  // Its Ref is the ARN of the secret that it attaches.
  'AWS::SecretsManager::SecretTargetAttachment': (name) => regional('secretsmanager', `secret:${name}`),
  'AWS::RDS::DBInstance': (name) => regional('rds', `db:${name}`),
  'AWS::StepFunctions::StateMachine': (name) => regional('states', `stateMachine:${name}`),
  'AWS::SSM::Parameter': (name) => regional('ssm', `parameter/${name}`),
  'AWS::CloudWatch::Alarm': (name) => regional('cloudwatch', `alarm:${name}`),
  'AWS::AutoScaling::AutoScalingGroup': (name) =>
    regional('autoscaling', `autoScalingGroup:1:autoScalingGroupName/${name}`),
  'AWS::IoTSiteWise::AssetModel': (name) => regional('iotsitewise', `asset-model/${name}`),
  'AWS::IoTSiteWise::Gateway': (name) => regional('iotsitewise', `gateway/${name}`),
  'AWS::S3Outposts::Bucket': (name) => regional('s3-outposts', `outpost/op-0123456789abcdef0/bucket/${name}`),
  'AWS::S3Outposts::AccessPoint': (name) => regional('s3-outposts', `outpost/op-0123456789abcdef0/accesspoint/${name}`),
};

/** Types whose `Ref` is their ARN. */
const REF_IS_ARN = [
  'AWS::SNS::Topic',
  'AWS::IAM::ManagedPolicy',
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::ECS::TaskDefinition',
  'AWS::ECS::Service',
  'AWS::StepFunctions::StateMachine',
  'AWS::S3Outposts::Bucket',
  'AWS::S3Outposts::AccessPoint',
];
/** Where a type takes its own name, when the template gives one. */
const NAME_KEYS = ['ThingGroupName', 'ThingName', 'RoleAlias', 'RuleName', 'TemplateName', 'PolicyName', 'Name'];

function regional(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** What CloudFormation would fill in, for all templates of a site: made up, but always the same. */
export class ResolvedNames {
  readonly #prefix: string;
  readonly #templates: ReadonlyMap<string, SynthesizedTemplate>;

  /** @param prefix What the names of the stacks begin with: `plantbridge-demo`. */
  constructor(prefix: string, templates: ReadonlyMap<string, SynthesizedTemplate>) {
    this.#prefix = prefix;
    this.#templates = templates;
  }

  /** The ARN of a resource. @throws Error for a type whose ARN this file does not know. */
  arn(stackId: string, logicalId: string): string {
    const resource = this.#resource(stackId, logicalId);
    const format = ARNS[resource.Type];
    if (format === undefined)
      throw new Error(`test/support/iam-names.ts does not know the ARN of ${resource.Type} (${stackId}/${logicalId}).`);
    return format(this.#name(stackId, logicalId, resource));
  }

  /** A value with everything filled in that only CloudFormation knows. */
  resolve(stackId: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(stackId, item));
    if (typeof value !== 'object' || value === null) return value;
    if (isIntrinsic(value)) {
      const [name = '', argument] = Object.entries(value)[0] ?? [];
      return this.#intrinsic(stackId, name, argument);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(stackId, item)]));
  }

  #resource(stackId: string, logicalId: string): SynthesizedResource {
    const resource = this.#templates.get(stackId)?.Resources[logicalId];
    if (resource === undefined) throw new Error(`${stackId} has no resource ${logicalId}.`);
    return resource;
  }

  #name(stackId: string, logicalId: string, resource: SynthesizedResource): string {
    const type = resource.Type.split('::').at(-1) ?? '';
    for (const key of [`${type}Name`, ...NAME_KEYS]) {
      const given = resource.Properties?.[key];
      if (given !== undefined) return String(this.resolve(stackId, given));
    }
    return `${this.#prefix}-${stackId}-${logicalId}`;
  }

  #intrinsic(stackId: string, name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(stackId, String(argument));
      case 'Fn::GetAtt': {
        const [logicalId = '', attribute = ''] = typeof argument === 'string' ? argument.split('.') : listOf(argument);
        return this.#attribute(stackId, String(logicalId), String(attribute));
      }
      case 'Fn::Join': {
        const [separator, parts] = listOf(argument);
        return listOf(this.resolve(stackId, parts)).join(String(separator));
      }
      case 'Fn::Split': {
        const [separator, text] = listOf(argument);
        return String(this.resolve(stackId, text)).split(String(separator));
      }
      case 'Fn::Select': {
        const [index, items] = listOf(argument);
        return listOf(this.resolve(stackId, items))[Number(index)];
      }
      case 'Fn::Sub':
        return this.#substituted(stackId, argument);
      case 'Fn::GetStackOutput':
        return this.#output(objectOf(argument));
      default:
        throw new Error(`test/support/iam-names.ts does not know ${name} (${stackId}).`);
    }
  }

  #ref(stackId: string, target: string): unknown {
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::AccountId': ACCOUNT,
      'AWS::Region': REGION,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': `${this.#prefix}-${stackId}`,
      'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${this.#prefix}-${stackId}/1`,
    };
    if (pseudo[target] !== undefined) return pseudo[target];
    const parameter = objectOf(objectOf(this.#templates.get(stackId)).Parameters)[target];
    if (parameter !== undefined) return String(objectOf(parameter).Default ?? target);
    const resource = this.#resource(stackId, target);
    if (REF_IS_ARN.includes(resource.Type)) return this.arn(stackId, target);
    const name = this.#name(stackId, target, resource);
    return resource.Type === 'AWS::SQS::Queue' ? `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}` : name;
  }

  #attribute(stackId: string, logicalId: string, attribute: string): string {
    const resource = this.#resource(stackId, logicalId);
    const isArn = attribute === 'Arn' || attribute.endsWith('Arn');
    if (isArn && ARNS[resource.Type] !== undefined) return this.arn(stackId, logicalId);
    const name = this.#name(stackId, logicalId, resource);
    return /Name$|^Id$/.test(attribute) ? name : `${name}.${attribute}`;
  }

  #substituted(stackId: string, argument: unknown): string {
    const [text, variables] = listOf(argument);
    return String(text).replaceAll(/\$\{([^!}][^}]*)\}/g, (_found, name: string) => {
      const given = objectOf(variables)[name];
      if (given !== undefined) return String(this.resolve(stackId, given));
      const [logicalId = '', attribute] = name.split('.');
      return String(
        attribute === undefined ? this.#ref(stackId, name) : this.#attribute(stackId, logicalId, attribute),
      );
    });
  }

  /** An output of another stack of the site, by the stack's name: what CDK makes of a weak reference. */
  #output({ StackName, OutputName }: Readonly<Record<string, unknown>>): unknown {
    const stackId = String(StackName).slice(this.#prefix.length + 1);
    const output = this.#templates.get(stackId)?.Outputs?.[String(OutputName)];
    if (output === undefined) throw new Error(`${String(StackName)} has no output ${String(OutputName)}.`);
    return this.resolve(stackId, objectOf(output).Value);
  }
}
