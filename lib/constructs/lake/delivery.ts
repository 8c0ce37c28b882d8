import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
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
import { acknowledgeLakeDelivery } from './acknowledgements.ts';
import type { LakeCatalog } from './catalog.ts';
import { LAKE_PREFIX, PARTITION_COLUMN } from './layout.ts';

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
    this.stream = new DeliveryStream(this, 'Stream', {
      encryption: StreamEncryption.customerManagedKey(key),
      destination: new S3Bucket(bucket, {
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
    acknowledgeLakeDelivery(this);
  }

  /** Lets someone put rows. */
  grantPut(grantee: IGrantable, ...actions: readonly ('firehose:PutRecord' | 'firehose:PutRecordBatch')[]): void {
    this.stream.grant(grantee, ...actions);
  }
}
