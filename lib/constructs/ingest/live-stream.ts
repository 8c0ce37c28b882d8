import { Duration } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { dataRemovalPolicy } from '../../removal.ts';
import { acknowledgeLiveStream } from './acknowledgements.ts';

/**
 * How long the stream keeps a batch. As long as SiteWise takes values: what a repaired consumer reads again can still be brought in. Beyond the first
 * day it costs little: some 0.10 USD a GB and month, and a site with 500 values/s has some 20 GB in seven days.
 */
export const STREAM_RETENTION = Duration.days(7);

/** What a {@link LiveStream} is made for. */
export interface LiveStreamProps {
  readonly deployment: Deployment;
  readonly key: IKey;
}

/**
 * The stream of live batches. On demand, so that a gateway more needs no planning. The partition key is the gateway, which keeps its batches
 * in order; one key is one shard's 1 MB/s, and IoT Core takes 512 KiB/s a connection, so a gateway with more than two full connections is too many for it.
 */
export class LiveStream extends Construct {
  readonly stream: Stream;

  constructor(scope: Construct, id: string, props: LiveStreamProps) {
    super(scope, id);
    this.stream = new Stream(this, 'Stream', {
      streamMode: StreamMode.ON_DEMAND,
      retentionPeriod: STREAM_RETENTION,
      encryption: StreamEncryption.KMS,
      encryptionKey: props.key,
      removalPolicy: dataRemovalPolicy(props.deployment),
    });
    acknowledgeLiveStream(this);
  }
}
