import type { SiteNames } from '../../../lib/names.ts';
import type { Request, SitePermissions } from '../../support/iam.ts';
import { ACCOUNT, REGION } from '../../support/iam-names.ts';

/** What is known when a role is asked what it may. */
export interface Asked {
  readonly permissions: SitePermissions;
  /** Names that the site's stacks share. */
  readonly names: SiteNames;
  /** The stack that the role is in. */
  readonly stackId: string;
  /** What the `*` of the row's path stands for: a gateway's or a line's id. */
  readonly id: string;
}

/** One role of a site, or some that are alike: what it is for, and what follows for its permissions. */
export interface RoleRow {
  /** Path of its construct below the site; `*` stands for one id: `Gateway-*`. */
  readonly role: string;
  readonly purpose: string;
  /** What it must be able to do. */
  allows(asked: Asked): readonly Request[];
  /** What it must not, beyond what no role may (`NEIGHBOURS`). */
  denies?(asked: Asked): readonly Request[];
  /** Actions of `NEIGHBOURS` that it may all the same, since AWS has no resource for them or its purpose is just that. */
  readonly reaches?: Readonly<Record<string, string>> | ((asked: Asked) => Readonly<Record<string, string>>);
}

/** What a role reaches of its neighbours' by its row, see `RoleRow.reaches`. */
export function reachesOf({ reaches = {} }: RoleRow, asked: Asked): readonly string[] {
  return Object.keys(typeof reaches === 'function' ? reaches(asked) : reaches);
}

/** A request. */
export function ask(action: string, resource: string, context?: Readonly<Record<string, string>>): Request {
  return context === undefined ? { action, resource } : { action, resource, context };
}

/** An ARN of the account and Region that sites are thought to be in. */
export function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** What every function of a site does: write its own logs, and traces. */
export function functionNeeds({ permissions }: Asked, path: string): readonly Request[] {
  const logs = permissions.arn('AWS::Logs::LogGroup', path).replace(/\*$/, 'log-stream:x');
  return [ask('logs:PutLogEvents', logs), ask('xray:PutTraceSegments', '*')];
}

/** What belongs to others in the same account: another site's, another application's, or the account's own. */
export const NEIGHBOURS: readonly Request[] = [
  ask('s3:GetObject', 'arn:aws:s3:::another-lake/key'),
  ask('s3:PutObject', 'arn:aws:s3:::another-lake/key'),
  ask('s3:ListBucket', 'arn:aws:s3:::another-lake'),
  ask('dynamodb:GetItem', arnOf('dynamodb', 'table/another')),
  ask('dynamodb:PutItem', arnOf('dynamodb', 'table/another')),
  ask('kinesis:PutRecord', arnOf('kinesis', 'stream/another')),
  ask('kinesis:GetRecords', arnOf('kinesis', 'stream/another')),
  ask('firehose:PutRecordBatch', arnOf('firehose', 'deliverystream/another')),
  ask('sqs:SendMessage', arnOf('sqs', 'another')),
  ask('sqs:ReceiveMessage', arnOf('sqs', 'another')),
  ask('sns:Publish', arnOf('sns', 'another')),
  ask('events:PutEvents', arnOf('events', 'event-bus/another')),
  ask('lambda:InvokeFunction', arnOf('lambda', 'function:another')),
  ask('secretsmanager:GetSecretValue', arnOf('secretsmanager', 'secret:another')),
  ask('ssm:GetParameter', arnOf('ssm', 'parameter/another')),
  ask('kms:Decrypt', arnOf('kms', 'key/another')),
  ask('kms:GenerateDataKey', arnOf('kms', 'key/another')),
  ask('iot:Publish', arnOf('iot', 'topic/plant/v1/another/line/machine')),
  ask('iot:Publish', arnOf('iot', 'topic/$aws/rules/plantbridge_another_live_raw/another/line/machine')),
  ask('iot:Connect', arnOf('iot', 'client/plantbridge-another--gateway-1')),
  ask('iot:Subscribe', arnOf('iot', 'topicfilter/plant/v1/another/#')),
  ask('iotsitewise:BatchPutAssetPropertyValue', arnOf('iotsitewise', 'asset/another')),
  ask('iotsitewise:DeleteAsset', arnOf('iotsitewise', 'asset/another')),
  ask('athena:StartQueryExecution', arnOf('athena', 'workgroup/another')),
  ask('logs:PutLogEvents', arnOf('logs', 'log-group:/aws/lambda/another:log-stream:x')),
  ask('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/administrator`),
  ask('iam:CreateRole', `arn:aws:iam::${ACCOUNT}:role/another`),
  ask('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/administrator`),
];
