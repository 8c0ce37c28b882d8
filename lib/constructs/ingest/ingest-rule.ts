import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnTopicRule } from 'aws-cdk-lib/aws-iot';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { RuleKind, SiteNames } from '../../names.ts';
import { acknowledgeOwnPolicy } from '../acknowledge.ts';
import type { DataBucket } from '../lake/data-bucket.ts';
import type { LakeDelivery } from '../lake/delivery.ts';
import { acknowledgeSiteWiseValues } from './acknowledgements.ts';

/** One thing that a rule does with a message; an IoT rule may have ten. */
export interface RuleAction {
  readonly action: CfnTopicRule.ActionProperty;
  /** Gives the rule's role what the action needs. */
  grant(role: Role): void;
}

/** What an {@link IngestRule} is made of. */
export interface IngestRuleProps {
  readonly names: SiteNames;
  readonly kind: RuleKind;
  readonly description: string;
  /** @default everything, as it came */
  readonly select?: string;
  /** Made with the role that the rule's actions run by. */
  readonly actions: (roleArn: string) => readonly RuleAction[];
  /** Takes the message, as it came, where an action fails: a PUBACK says only that the rule has it. */
  readonly deadLetters: DataBucket;
}

/** Keys of what rules could not deliver begin with this, and go on with the rule's kind. */
export const RULE_DEAD_LETTER_PREFIX = 'rule-errors/';

/**
 * A rule that gateways reach by Basic Ingest alone: its SQL has no FROM, so no other topic leads to it. Its role may do what its actions need,
 * and is given to this rule only.
 */
export class IngestRule extends Construct {
  readonly kind: RuleKind;
  readonly ruleName: string;
  readonly ruleArn: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: IngestRuleProps) {
    super(scope, id);
    const { names, kind, deadLetters } = props;
    this.kind = kind;
    this.ruleName = names.rule(kind);
    const stack = Stack.of(this);
    this.ruleArn = stack.formatArn({ service: 'iot', resource: 'rule', resourceName: this.ruleName });
    this.role = new Role(this, 'Role', {
      description: `Actions of the IoT rule ${this.ruleName}`,
      assumedBy: new ServicePrincipal('iot.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnEquals: { 'aws:SourceArn': this.ruleArn },
        },
      }),
    });
    const actions = props.actions(this.role.roleArn);
    for (const { grant } of actions) grant(this.role);
    const prefix = `${RULE_DEAD_LETTER_PREFIX}${kind}/`;
    const errors = putObjectAction(
      deadLetters,
      prefix,
      `${prefix}\${timestamp()}-\${newuuid()}.json`,
      this.role.roleArn,
    );
    errors.grant(this.role);
    const rule = new CfnTopicRule(this, 'Rule', {
      ruleName: this.ruleName,
      topicRulePayload: {
        description: props.description,
        awsIotSqlVersion: '2016-03-23',
        sql: `SELECT ${props.select ?? '*'}`,
        actions: actions.map(({ action }) => action),
        errorAction: errors.action,
        ruleDisabled: false,
      },
    });
    // The role's policy first: the first messages would else be refused.
    rule.node.addDependency(this.role.node.findChild('DefaultPolicy'));
    acknowledgeOwnPolicy(this.role);
  }
}

/** Into a stream. The gateway is the partition key: it keeps a gateway's batches in order, and names it to the consumer. */
export function kinesisAction(stream: IStream, key: IKey, roleArn: string): RuleAction {
  return {
    action: { kinesis: { streamName: stream.streamName, partitionKey: `\${topic(1)}`, roleArn } },
    grant(role) {
      stream.grant(role, 'kinesis:PutRecord');
      // Without it every record is refused: the stream is encrypted with a key of ours.
      key.grant(role, 'kms:GenerateDataKey');
    },
  };
}

/** As an object of its own. */
export function putObjectAction(bucket: DataBucket, prefix: string, key: string, roleArn: string): RuleAction {
  return {
    action: { s3: { bucketName: bucket.bucket.bucketName, key, roleArn } },
    grant: (role) => bucket.grantPutObjects(role, prefix),
  };
}

/** As a row of the lake; the rule's SQL must make one. */
export function lakeAction(delivery: LakeDelivery, roleArn: string): RuleAction {
  return {
    action: { firehose: { deliveryStreamName: delivery.stream.deliveryStreamName, separator: '\n', roleArn } },
    grant: (role) => delivery.grantPut(role, 'firehose:PutRecord'),
  };
}

/**
 * As a machine's `state` in SiteWise, with the payload's own time: `timestamp()` would be that of its arrival. Every value is a string to
 * SiteWise's action, and the qualities of a message are SiteWise's own: GOOD, BAD, UNCERTAIN.
 */
export function siteWiseStateAction(scope: Construct, roleArn: string): RuleAction {
  return {
    action: {
      iotSiteWise: {
        roleArn,
        putAssetPropertyValueEntries: [
          {
            propertyAlias: `/\${topic(2)}/\${topic(3)}/\${topic(4)}/\${topic(5)}`,
            propertyValues: [
              {
                timestamp: {
                  timeInSeconds: `\${floor(t / 1E3)}`,
                  offsetInNanos: `\${(t % 1E3) * 1E6}`,
                },
                quality: `\${q}`,
                value: { stringValue: `\${v}` },
              },
            ],
          },
        ],
      },
    },
    grant(role) {
      role.addToPolicy(putSiteWiseValues(scope));
      acknowledgeSiteWiseValues(role);
    },
  };
}

/** Values of this account's assets and data streams in this Region. An alias is no resource: AWS knows no finer one. */
export function putSiteWiseValues(scope: Construct): PolicyStatement {
  const stack = Stack.of(scope);
  return new PolicyStatement({
    actions: ['iotsitewise:BatchPutAssetPropertyValue'],
    resources: ['asset', 'time-series'].map((resource) =>
      stack.formatArn({ service: 'iotsitewise', resource, resourceName: '*' }),
    ),
  });
}
