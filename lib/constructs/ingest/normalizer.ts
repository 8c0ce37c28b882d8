import { Duration, Size } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IEventSourceDlq, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import {
  NORMALIZE_DEAD_LETTER_PREFIX,
  NORMALIZE_ENVIRONMENT,
  SELECTION_FILE,
} from '../../../lambda/normalize/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { SiteFunction } from '../functions/site-function.ts';
import type { DataBucket } from '../lake/data-bucket.ts';
import type { LakeDelivery } from '../lake/delivery.ts';
import { acknowledgeSiteWiseValues } from './acknowledgements.ts';
import { putSiteWiseValues } from './ingest-rule.ts';
import { siteWiseSelection } from './sitewise-selection.ts';

/** What a {@link Normalizer} works between. */
export interface NormalizerProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  readonly stream: IStream;
  readonly delivery: LakeDelivery;
  readonly deadLetters: DataBucket;
}

/**
 * How long one record is tried: it holds up its shard, and so other gateways. An outage of SiteWise of hours is outlasted; then the record
 * goes to the dead letters whole, from where it can be brought in again. Attempts are not counted: how soon Lambda tries again is nowhere said.
 */
const MAX_RECORD_AGE = Duration.days(1);
/** Where Lambda writes what it gives up: it chooses the keys, this is how they begin. */
export const LAMBDA_FAILURE_PREFIX = 'aws/lambda/';

/** `lambda/normalize` on the stream: to SiteWise what belongs there, to the lake everything. */
export class Normalizer extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: string, props: NormalizerProps) {
    super(scope, id);
    const { deployment, key, stream, delivery, deadLetters } = props;
    const handler = new SiteFunction(this, 'Normalize', {
      name: 'normalize',
      description: 'Batches of gateways from the stream to SiteWise and the lake',
      key,
      files: { [SELECTION_FILE]: JSON.stringify(siteWiseSelection(deployment)) },
      environment: {
        [NORMALIZE_ENVIRONMENT.deliveryStream]: delivery.stream.deliveryStreamName,
        [NORMALIZE_ENVIRONMENT.deadLetterBucket]: deadLetters.bucket.bucketName,
        [NORMALIZE_ENVIRONMENT.siteWiseSelection]: `/var/task/${SELECTION_FILE}`,
        [NORMALIZE_ENVIRONMENT.siteId]: deployment.site.id,
        [NORMALIZE_ENVIRONMENT.residency]: deployment.site.residency,
      },
      timeout: Duration.minutes(2),
      memory: Size.mebibytes(512),
    }).function;
    delivery.grantPut(handler, 'firehose:PutRecordBatch');
    deadLetters.grantPutObjects(handler, NORMALIZE_DEAD_LETTER_PREFIX);
    handler.addToRolePolicy(putSiteWiseValues(this));
    handler.addEventSource(
      new KinesisEventSource(stream, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(1),
        // Two batches of a shard at once; those of one gateway still one after the other.
        parallelizationFactor: 2,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        maxRecordAge: MAX_RECORD_AGE,
        onFailure: failuresTo(deadLetters),
      }),
    );
    this.function = handler;
    acknowledgeSiteWiseValues(this);
  }
}

/** An event source's failures, with the records themselves (a queue would get their numbers alone). CDK's own lets the function read and delete too. */
function failuresTo(bucket: DataBucket): IEventSourceDlq {
  return {
    bind(_mapping, handler) {
      bucket.grantPutObjects(handler, LAMBDA_FAILURE_PREFIX);
      handler.addToRolePolicy(
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucket.bucketArn] }),
      );
      return { destination: bucket.bucket.bucketArn };
    },
  };
}
