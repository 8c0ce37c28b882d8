import { readFileSync } from 'node:fs';
import { Logger } from '@aws-lambda-powertools/logger';
import { IoTSiteWiseClient } from '@aws-sdk/client-iotsitewise';
import { S3Client } from '@aws-sdk/client-s3';
import { requireEnv } from '../shared/env.ts';
import { ENVIRONMENT, NO_BUCKETS, WATCH_LIST_FILE, type WatchList } from './contract.ts';
import { awsSources } from './sources.ts';
import { watching } from './watching.ts';

const buckets = requireEnv(ENVIRONMENT.deadLetterBuckets);
const list = JSON.parse(readFileSync(new URL(WATCH_LIST_FILE, import.meta.url), 'utf8')) as WatchList;

/** Looks at what has arrived in the cloud, each minute and each hour, and writes metrics that alarms are made of. */
export const handler = watching({
  list,
  sources: awsSources(
    { sitewise: new IoTSiteWiseClient({}), s3: new S3Client({}) },
    buckets === NO_BUCKETS ? [] : buckets.split(','),
  ),
  logger: new Logger(),
  // Past the logger: CloudWatch takes only lines that are nothing but the record as metrics.
  write: (line) => process.stdout.write(`${line}\n`),
  now: Date.now,
});
