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
  readonly deadLetterBuckets?: readonly IBucket[];
  /** Names of Firehose streams: how old their oldest record is. */
  readonly deliveryStreams?: readonly string[];
  /** Names of IoT rules: failed and throttled actions. */
  readonly topicRules?: readonly string[];
  readonly apis?: readonly IRestApi[];
  readonly gateways?: readonly WatchedGateway[];
  /** Names of RDS instances on the Outpost. */
  readonly databases?: readonly string[];
  /** ECS services on the Outpost. */
  readonly services?: readonly { readonly clusterName: string; readonly serviceName: string }[];
}

/** A gateway as the cloud sees it. */
export interface WatchedGateway {
  readonly gatewayId: string;
  /** Its IoT thing. */
  readonly thingName: string;
}
