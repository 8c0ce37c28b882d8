import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  DeliveryStream,
  EnableLogging,
  InputFormat,
  MetadataExtractionProcessor,
  OutputFormat,
  RecordDeAggregationProcessor,
  S3Bucket,
  SchemaConfiguration,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeOwnPolicy } from '../acknowledge.ts';
import { acknowledgePrefix } from './acknowledgements.ts';
import type { LakeCatalog } from './catalog.ts';
import { LAKE_PREFIX, PARTITION_COLUMN, RAW_TABLE } from './layout.ts';

/** What a {@link LakeDelivery} is made for. */
export interface LakeDeliveryProps {
  readonly bucket: IBucket;
  readonly catalog: LakeCatalog;
  readonly key: IKey;
}

/**
 * Firehose into the lake: rows put directly, as JSON lines (at most 500 a record), to Parquet by the day of the *event*. The default prefix
 * is the time of arrival: a backlog of last week would lie under today.
 */
export class LakeDelivery extends Construct {
  readonly stream: DeliveryStream;

  constructor(scope: Construct, id: string, props: LakeDeliveryProps) {
    super(scope, id);
    const { bucket, catalog, key } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      encryptionKey: key,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = this.#role(props, logGroup);
    // CDK's own grants would let Firehose delete from the lake.
    const fixedRole = role.withoutPolicyUpdates();
    this.stream = new DeliveryStream(this, 'Stream', {
      role: fixedRole,
      encryption: StreamEncryption.customerManagedKey(key),
      destination: new S3Bucket(bucket, {
        role: fixedRole,
        encryptionKey: key,
        loggingConfig: new EnableLogging(logGroup),
        // As large as they may be: files of a few minutes are slow and dear to query. Who needs a value now asks SiteWise or the hub.
        bufferingSize: Size.mebibytes(128),
        bufferingInterval: Duration.minutes(15),
        processors: [
          RecordDeAggregationProcessor.json(),
          MetadataExtractionProcessor.jq16({ [PARTITION_COLUMN.name]: `.${PARTITION_COLUMN.name}` }),
        ],
        dynamicPartitioning: { enabled: true, retryDuration: Duration.hours(2) },
        dataOutputPrefix: `${LAKE_PREFIX.samples}${PARTITION_COLUMN.name}=!{partitionKeyFromQuery:${PARTITION_COLUMN.name}}/`,
        errorOutputPrefix: `${LAKE_PREFIX.failed}!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/`,
        dataFormatConversion: {
          schemaConfiguration: SchemaConfiguration.fromCfnTable(catalog.rawTable),
          inputFormat: InputFormat.OPENX_JSON,
          outputFormat: OutputFormat.PARQUET,
        },
      }),
    });
    this.stream.node.addDependency(role.node.findChild('DefaultPolicy'));
  }

  /** Lets someone put rows. */
  grantPut(grantee: IGrantable, ...actions: readonly ('firehose:PutRecord' | 'firehose:PutRecordBatch')[]): void {
    this.stream.grant(grantee, ...actions);
  }

  /** What Firehose needs to write objects (in parts), to know the rows' schema, to use the key and to say what went wrong. */
  #role({ bucket, catalog, key }: LakeDeliveryProps, logGroup: LogGroup): Role {
    const stack = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: 'Firehose into the lake',
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    });
    const glue = (resource: string, resourceName?: string) =>
      stack.formatArn({ service: 'glue', resource, ...(resourceName !== undefined && { resourceName }) });
    const database = catalog.database.databaseName;
    const statements: [readonly string[], readonly string[]][] = [
      [
        ['s3:PutObject', 's3:AbortMultipartUpload'],
        Object.values(LAKE_PREFIX).map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      ],
      [['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [bucket.bucketArn]],
      [['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]],
      [
        ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        [glue('catalog'), glue('database', database), glue('table', `${database}/${RAW_TABLE}`)],
      ],
      [['logs:PutLogEvents'], [logGroup.logGroupArn]],
    ];
    for (const [actions, resources] of statements) {
      role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
    }
    for (const prefix of Object.values(LAKE_PREFIX)) acknowledgePrefix(role, bucket, prefix);
    acknowledgeOwnPolicy(role);
    return role;
  }
}
