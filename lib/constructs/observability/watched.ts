import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/**
 * What a stack hands over to be watched. Observability makes the alarms and dashboard of it: a stack names what it has, and
 * knows nothing of alarms.
 */
export interface Watched {
  /** Functions: errors and throttles. */
  readonly functions?: readonly IFunction[];
  /** Those of them that read a stream: how far they are behind. */
  readonly streamConsumers?: readonly IFunction[];
  readonly streams?: readonly IStream[];
  /** Queues in which nothing should ever lie. */
  readonly deadLetterQueues?: readonly IQueue[];
  /** Buckets in which nothing should ever arrive. */
  readonly deadLetterBuckets?: readonly Pick<IBucket, 'bucketName' | 'bucketArn'>[];
  /** Names of Firehose streams: how old their oldest record is. */
  readonly deliveryStreams?: readonly string[];
  /** Names of IoT rules: failed and throttled actions. */
  readonly topicRules?: readonly string[];
  readonly apis?: readonly Pick<IRestApi, 'restApiName'>[];
  readonly gateways?: readonly WatchedGateway[];
  /** Names of RDS instances on the Outpost. */
  readonly databases?: readonly string[];
  /** ECS services on the Outpost. */
  readonly services?: readonly WatchedService[];
  /** Functions that write values to AWS IoT SiteWise and count those that it throttled, as core/metrics.ts says (`ThrottledValues`). */
  readonly siteWiseWriters?: readonly IFunction[];
  /** What dashboards ask for losses and data gaps. */
  readonly lakes?: readonly WatchedLake[];
}

/** An ECS service on the Outpost. */
export interface WatchedService {
  readonly clusterName: string;
  readonly serviceName: string;
}

/** The site's lake as Athena sees it. */
export interface WatchedLake {
  readonly database: string;
  /** The table of rows as they came; the view reads it. */
  readonly table: string;
  /** The view with one row a path and time: path, ts (ms since 1970), dt, value_double, value_string. */
  readonly view: string;
  readonly workGroup: string;
  /** The bucket with the rows. */
  readonly bucket: ReadableBucket;
  /** The bucket that the workgroup's results go to. */
  readonly resultBucket: ReadableBucket;
}

/** A bucket in a stack of the site. */
export type ReadableBucket = Pick<IBucket, 'bucketArn' | 'node' | 'with'>;

/** A gateway as the cloud sees it. */
export interface WatchedGateway {
  readonly gatewayId: string;
  /** Its IoT thing. */
  readonly thingName: string;
}

/** Everything that is watched, of all stacks together. */
export function allWatched(watched: readonly Watched[]): Required<Watched> {
  return {
    functions: watched.flatMap(({ functions = [] }) => functions),
    streamConsumers: watched.flatMap(({ streamConsumers = [] }) => streamConsumers),
    streams: watched.flatMap(({ streams = [] }) => streams),
    deadLetterQueues: watched.flatMap(({ deadLetterQueues = [] }) => deadLetterQueues),
    deadLetterBuckets: watched.flatMap(({ deadLetterBuckets = [] }) => deadLetterBuckets),
    deliveryStreams: watched.flatMap(({ deliveryStreams = [] }) => deliveryStreams),
    topicRules: watched.flatMap(({ topicRules = [] }) => topicRules),
    apis: watched.flatMap(({ apis = [] }) => apis),
    gateways: watched.flatMap(({ gateways = [] }) => gateways),
    databases: watched.flatMap(({ databases = [] }) => databases),
    services: watched.flatMap(({ services = [] }) => services),
    siteWiseWriters: watched.flatMap(({ siteWiseWriters = [] }) => siteWiseWriters),
    lakes: watched.flatMap(({ lakes = [] }) => lakes),
  };
}
