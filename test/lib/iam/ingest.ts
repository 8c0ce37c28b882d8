import { type Asked, arnOf, ask, functionNeeds, type RoleRow } from './row.ts';

const lake = ({ permissions }: Asked) => permissions.arn('AWS::S3::Bucket', 'Ingest/Lake/Samples');
const deadLetters = ({ permissions }: Asked) => permissions.arn('AWS::S3::Bucket', 'Ingest/Lake/DeadLetters');
const backlog = ({ permissions }: Asked) => permissions.arn('AWS::S3::Bucket', 'Ingest/BulkImport');
const delivery = ({ permissions }: Asked) => permissions.arn('AWS::KinesisFirehose::DeliveryStream', 'Ingest/Lake');
const live = ({ permissions }: Asked) => permissions.arn('AWS::Kinesis::Stream', 'Ingest');
const key = ({ permissions }: Asked) => permissions.arn('AWS::KMS::Key', 'Foundation');
const asset = arnOf('iotsitewise', 'asset/00000000-0000-0000-0000-000000000001');
const BY_ALIAS =
  'Values are written by alias to assets whose ids SiteWise makes, for lines that come and go without this stack.';

/** A rule that puts what it gets into the stream. */
function liveRule(kind: string): RoleRow {
  return {
    role: `Ingest/Rules/${kind}/Role`,
    purpose: 'live values into the stream; what fails into the dead-letter bucket',
    allows: (asked) => [
      ask('kinesis:PutRecord', live(asked)),
      ask('kms:GenerateDataKey', key(asked)),
      ask('s3:PutObject', `${deadLetters(asked)}/rule-errors/${kind}/1`),
    ],
    denies: (asked) => [
      ask('kinesis:GetRecords', live(asked)),
      ask('kms:Decrypt', key(asked)),
      ask('s3:PutObject', `${deadLetters(asked)}/normalize/1`),
      ask('s3:PutObject', `${lake(asked)}/samples/1`),
      ask('s3:PutObject', `${backlog(asked)}/batches/1`),
    ],
  };
}

/** A rule that puts what it gets into the bucket of the backlog. */
function backlogRule(kind: string): RoleRow {
  return {
    role: `Ingest/Rules/${kind}/Role`,
    purpose: 'values of the backlog into the bucket for bulk import; what fails into the dead-letter bucket',
    allows: (asked) => [
      ask('s3:PutObject', `${backlog(asked)}/batches/1`),
      ask('kms:GenerateDataKey', key(asked)),
      ask('s3:PutObject', `${deadLetters(asked)}/rule-errors/${kind}/1`),
    ],
    denies: (asked) => [
      ask('s3:PutObject', `${backlog(asked)}/imports/1`),
      ask('s3:GetObject', `${backlog(asked)}/batches/1`),
      ask('kms:Decrypt', key(asked)),
      ask('kinesis:PutRecord', live(asked)),
    ],
  };
}

export const INGEST_ROLES: readonly RoleRow[] = [
  liveRule('live-raw'),
  liveRule('live-aggregates'),
  backlogRule('backlog-raw'),
  backlogRule('backlog-aggregates'),
  {
    role: 'Ingest/Rules/state/Role',
    purpose: 'states to SiteWise and the lake; what fails into the dead-letter bucket',
    allows: (asked) => [
      ask('iotsitewise:BatchPutAssetPropertyValue', asset),
      ask('firehose:PutRecord', delivery(asked)),
      ask('s3:PutObject', `${deadLetters(asked)}/rule-errors/state/1`),
      ask('kms:GenerateDataKey', key(asked)),
    ],
    denies: (asked) => [ask('kms:Decrypt', key(asked)), ask('kinesis:PutRecord', live(asked))],
    reaches: { 'iotsitewise:BatchPutAssetPropertyValue': BY_ALIAS },
  },
  {
    role: 'Ingest/Normalizer/Normalize/Role',
    purpose: 'batches of the stream to SiteWise and the lake; what it can not store into the dead-letter bucket',
    allows: (asked) => [
      ...functionNeeds(asked, 'Ingest/Normalizer/Normalize'),
      ask('kinesis:GetRecords', live(asked)),
      ask('kinesis:GetShardIterator', live(asked)),
      ask('firehose:PutRecordBatch', delivery(asked)),
      ask('iotsitewise:BatchPutAssetPropertyValue', asset),
      ask('s3:PutObject', `${deadLetters(asked)}/normalize/1`),
      ask('kms:Decrypt', key(asked)),
      ask('kms:GenerateDataKey', key(asked)),
    ],
    denies: (asked) => [
      ask('kinesis:PutRecord', live(asked)),
      ask('s3:GetObject', `${deadLetters(asked)}/normalize/1`),
      ask('s3:PutObject', `${lake(asked)}/samples/1`),
      ask('iotsitewise:DeleteAsset', asset),
    ],
    reaches: { 'iotsitewise:BatchPutAssetPropertyValue': BY_ALIAS },
  },
  {
    role: 'Ingest/Lake/Delivery/Role',
    purpose: 'Firehose: rows as Parquet into the lake, by the schema in the catalog',
    allows: (asked) => [
      ask('s3:PutObject', `${lake(asked)}/samples/1`),
      ask('s3:PutObject', `${lake(asked)}/failed/1`),
      ask('kms:GenerateDataKey', key(asked)),
      ask('glue:GetTableVersions', arnOf('glue', 'catalog')),
    ],
    denies: (asked) => [
      ask('s3:GetObject', `${lake(asked)}/samples/1`),
      ask('s3:DeleteObject', `${lake(asked)}/samples/1`),
      ask('s3:PutObject', `${lake(asked)}/elsewhere/1`),
      ask('s3:PutObject', `${deadLetters(asked)}/samples/1`),
    ],
  },
  {
    role: 'Ingest/BulkImport/Import/Role',
    purpose: 'batches of the backlog into files that SiteWise imports, and into the lake',
    allows: (asked) => [
      ...functionNeeds(asked, 'Ingest/BulkImport'),
      ask('s3:GetObject', `${backlog(asked)}/batches/1`),
      ask('s3:PutObject', `${backlog(asked)}/imports/1`),
      ask('firehose:PutRecordBatch', delivery(asked)),
      ask('iotsitewise:CreateBulkImportJob', '*'),
      ask('iam:PassRole', asked.permissions.arn('AWS::IAM::Role', 'Ingest/BulkImport/JobRole'), {
        'iam:PassedToService': 'iotsitewise.amazonaws.com',
      }),
      ask('kms:Decrypt', key(asked)),
    ],
    denies: (asked) => [
      ask('s3:PutObject', `${backlog(asked)}/batches/1`),
      ask('s3:GetObject', `${lake(asked)}/samples/1`),
      ask('iam:PassRole', asked.permissions.arn('AWS::IAM::Role', 'Ingest/BulkImport/JobRole'), {
        'iam:PassedToService': 'lambda.amazonaws.com',
      }),
    ],
  },
  {
    role: 'Ingest/BulkImport/JobRole',
    purpose: 'SiteWise: reads the files that it imports, and writes what it could not',
    allows: (asked) => [
      ask('s3:GetObject', `${backlog(asked)}/imports/1`),
      ask('s3:PutObject', `${backlog(asked)}/error-reports/1`),
      ask('kms:Decrypt', key(asked)),
    ],
    denies: (asked) => [
      ask('s3:GetObject', `${backlog(asked)}/batches/1`),
      ask('s3:PutObject', `${backlog(asked)}/imports/1`),
      ask('s3:GetObject', `${lake(asked)}/samples/1`),
    ],
  },
];
