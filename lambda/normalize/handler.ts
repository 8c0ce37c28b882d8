import { readFileSync } from 'node:fs';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { IoTSiteWiseClient } from '@aws-sdk/client-iotsitewise';
import { S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { SITE_METRICS } from '../../core/metrics.ts';
import { requireEnv } from '../shared/env.ts';
import { metricRecord } from '../shared/metric-record.ts';
import { NORMALIZE_ENVIRONMENT, type SiteWiseSelection } from './contract.ts';
import { DeadLetters } from './dead-letters.ts';
import { Lake } from './lake.ts';
import { type NormalizeTools, normalize } from './normalize.ts';
import { sleep } from './retry.ts';
import { SiteWise } from './sitewise.ts';

const logger = new Logger();
const siteId = requireEnv(NORMALIZE_ENVIRONMENT.siteId);
const processor = new BatchProcessor(EventType.KinesisDataStreams);

const tools: NormalizeTools = {
  lake: new Lake(new FirehoseClient(), requireEnv(NORMALIZE_ENVIRONMENT.deliveryStream), sleep),
  siteWise: new SiteWise(new IoTSiteWiseClient(), sleep, reportThrottled),
  deadLetters: new DeadLetters(new S3Client(), requireEnv(NORMALIZE_ENVIRONMENT.deadLetterBucket)),
  selection: JSON.parse(readFileSync(requireEnv(NORMALIZE_ENVIRONMENT.siteWiseSelection), 'utf8')) as SiteWiseSelection,
  aggregatesOnly: requireEnv(NORMALIZE_ENVIRONMENT.residency) === 'aggregates',
  now: Date.now,
};

/** Batches of gateways from the stream to SiteWise and lake; records that failed for now are handed back by their numbers. */
export function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  return processPartialResponse(event, normalizeRecord, processor, { throwOnFullBatchFailure: false });
}

/** A metric beside the log: an alarm tells that the account's quota of SiteWise is used up. */
function reportThrottled(throttledValues: number): void {
  const values = { [SITE_METRICS.throttledValues]: throttledValues };
  process.stdout.write(`${metricRecord({ siteId, timeMs: Date.now(), values })}\n`);
}

async function normalizeRecord({ kinesis }: KinesisStreamRecord): Promise<void> {
  const { partitionKey: gateway, sequenceNumber } = kinesis;
  try {
    const { dead, reason } = await normalize(
      {
        payload: Buffer.from(kinesis.data, 'base64'),
        gateway,
        sequenceNumber,
        arrivedAtMs: Math.round(kinesis.approximateArrivalTimestamp * 1000),
      },
      tools,
    );
    if (dead !== 0) logger.warn('Values went to the dead-letter bucket.', { gateway, sequenceNumber, dead, reason });
  } catch (error) {
    logger.error('A record is tried again.', { gateway, sequenceNumber, error });
    throw error;
  }
}
