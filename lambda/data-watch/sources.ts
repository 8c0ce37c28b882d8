import {
  BatchGetAssetPropertyAggregatesCommand,
  BatchGetAssetPropertyValueCommand,
  type IoTSiteWiseClient,
  ListTimeSeriesCommand,
} from '@aws-sdk/client-iotsitewise';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ArrivalSources } from './arrival.ts';
import type { OeeQualitySources } from './oee-quality.ts';

/** Entries a request of BatchGetAssetPropertyValue may have. */
const VALUE_ENTRIES = 128;
/** Entries a request of BatchGetAssetPropertyAggregates may have. */
const AGGREGATE_ENTRIES = 16;
/** Requests under way at once: 2,000 machines are 500 requests an hour, far below the API's quotas. */
const CONCURRENT_REQUESTS = 8;
/** Pages of unmodeled streams that are read, of 250 each: whoever has more has the same work to do. */
const MOST_STREAM_PAGES = 4;
const HOUR_MS = 3_600_000;

/** The clients that the sources use. */
export interface Clients {
  readonly sitewise: IoTSiteWiseClient;
  readonly s3: S3Client;
}

interface FailedEntry {
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

interface BatchAnswer {
  readonly errorEntries?: readonly FailedEntry[] | undefined;
  /** Entries that an earlier page has answered, for good or ill. */
  readonly skippedEntries?: readonly { readonly errorInfo?: FailedEntry | undefined }[] | undefined;
}

/** AWS IoT SiteWise and Amazon S3 as the checks see them. */
export function awsSources(
  { sitewise, s3 }: Clients,
  deadLetterBuckets: readonly string[],
): ArrivalSources & OeeQualitySources {
  return {
    async newestTimes(aliases) {
      const times = new Map<string, number>();
      await eachOf(chunksOf(aliases, VALUE_ENTRIES), async (chunk) => {
        let nextToken: string | undefined;
        do {
          const entries = chunk.map((propertyAlias, index) => ({ entryId: String(index), propertyAlias }));
          const answer = await sitewise.send(new BatchGetAssetPropertyValueCommand({ entries, nextToken }));
          throwUnlessUnknown(answer);
          for (const { entryId, assetPropertyValue } of answer.successEntries ?? []) {
            const alias = chunk[Number(entryId)];
            const at = assetPropertyValue?.timestamp;
            if (alias === undefined || at?.timeInSeconds === undefined) continue;
            times.set(alias, at.timeInSeconds * 1000 + Math.floor((at.offsetInNanos ?? 0) / 1e6));
          }
          nextToken = answer.nextToken;
        } while (nextToken !== undefined);
      });
      return times;
    },
    async hourSums(aliases, endMs) {
      const sums = new Map<string, number>();
      const range = { startDate: new Date(endMs - HOUR_MS), endDate: new Date(endMs) };
      await eachOf(chunksOf(aliases, AGGREGATE_ENTRIES), async (chunk) => {
        let nextToken: string | undefined;
        do {
          const entries = chunk.map((propertyAlias, index) => ({
            entryId: String(index),
            propertyAlias,
            aggregateTypes: ['SUM' as const],
            resolution: '1h',
            ...range,
          }));
          const answer = await sitewise.send(new BatchGetAssetPropertyAggregatesCommand({ entries, nextToken }));
          throwUnlessUnknown(answer);
          for (const { entryId, aggregatedValues } of answer.successEntries ?? []) {
            const alias = chunk[Number(entryId)];
            if (alias === undefined) continue;
            for (const { value } of aggregatedValues ?? []) {
              if (value?.sum !== undefined) sums.set(alias, (sums.get(alias) ?? 0) + value.sum);
            }
          }
          nextToken = answer.nextToken;
        } while (nextToken !== undefined);
      });
      return sums;
    },
    async unmodeledStreams(aliasPrefix) {
      const aliases: string[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < MOST_STREAM_PAGES; page += 1) {
        const answer = await sitewise.send(
          new ListTimeSeriesCommand({ aliasPrefix, timeSeriesType: 'DISASSOCIATED', maxResults: 250, nextToken }),
        );
        for (const { alias } of answer.TimeSeriesSummaries ?? []) if (alias !== undefined) aliases.push(alias);
        nextToken = answer.nextToken;
        if (nextToken === undefined) break;
      }
      return aliases;
    },
    async deadLetterObjects() {
      const counts = await Promise.all(
        deadLetterBuckets.map(async (bucket) => {
          const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
          return KeyCount ?? 0;
        }),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

/** An alias that no asset has yet is no error: its machine has no values. Anything else would make the figures wrong. */
function throwUnlessUnknown({ errorEntries = [], skippedEntries = [] }: BatchAnswer): void {
  const failed = [...errorEntries, ...skippedEntries.flatMap(({ errorInfo }) => errorInfo ?? [])];
  const serious = failed.find(({ errorCode }) => errorCode !== 'ResourceNotFoundException');
  if (serious !== undefined)
    throw new Error(`AWS IoT SiteWise refused an entry: ${serious.errorCode}: ${serious.errorMessage ?? ''}`);
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Does the work for all items, some of them at once. */
async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, worker));
}
