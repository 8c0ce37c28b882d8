import type { IoTSiteWiseClient } from '@aws-sdk/client-iotsitewise';
import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import { awsSources } from '../../../lambda/data-watch/sources.ts';

interface Command {
  readonly input: {
    readonly entries?: readonly { entryId: string; propertyAlias: string }[];
    readonly nextToken?: string;
    readonly Bucket?: string;
  };
}
type Answer = (input: Command['input'], call: number) => unknown;

function sourcesWith(sitewise: Answer, s3: Answer = () => ({}), buckets: readonly string[] = []) {
  const calls: Command['input'][] = [];
  const clientOf = (answer: Answer) => ({
    send: async ({ input }: Command) => {
      calls.push(input);
      return answer(input, calls.length);
    },
  });
  const clients = {
    sitewise: clientOf(sitewise) as unknown as IoTSiteWiseClient,
    s3: clientOf(s3) as unknown as S3Client,
  };
  return { sources: awsSources(clients, buckets), calls };
}

const aliases = (count: number) => Array.from({ length: count }, (_, index) => `/demo/line/m${index}/run-s`);

describe('newest times', () => {
  const answerTo = ({ entryId }: { entryId: string }) => ({
    entryId,
    assetPropertyValue: { value: { doubleValue: 60 }, timestamp: { timeInSeconds: 1000, offsetInNanos: 500_000_000 } },
  });

  test('are asked for 128 aliases at a time, more SiteWise refuses', async () => {
    const { sources, calls } = sourcesWith(({ entries = [] }) => ({ successEntries: entries.map(answerTo) }));
    const times = await sources.newestTimes(aliases(300));
    expect(calls.map(({ entries }) => entries?.length)).toEqual([128, 128, 44]);
    expect(times.size).toBe(300);
    expect(times.get('/demo/line/m299/run-s')).toBe(1_000_500);
  });

  test('leave out aliases that no asset has, and those without a value', async () => {
    const { sources } = sourcesWith(() => ({
      successEntries: [{ entryId: '1' }],
      errorEntries: [{ entryId: '0', errorCode: 'ResourceNotFoundException', errorMessage: 'no such alias' }],
    }));
    expect(await sources.newestTimes(aliases(2))).toEqual(new Map());
  });

  test('fail where SiteWise refuses for another reason: a missing right must not look like silent machines', async () => {
    const { sources } = sourcesWith(() => ({
      errorEntries: [{ entryId: '0', errorCode: 'AccessDeniedException', errorMessage: 'not allowed' }],
    }));
    await expect(sources.newestTimes(aliases(1))).rejects.toThrow('AccessDeniedException: not allowed');
  });

  test('follow pages', async () => {
    const { sources, calls } = sourcesWith(({ nextToken }) =>
      nextToken === undefined
        ? { successEntries: [answerTo({ entryId: '0' })], nextToken: 'more' }
        : {
            successEntries: [answerTo({ entryId: '1' })],
            skippedEntries: [{ entryId: '0', completionStatus: 'SUCCESS' }],
          },
    );
    expect((await sources.newestTimes(aliases(2))).size).toBe(2);
    expect(calls.map(({ nextToken }) => nextToken)).toEqual([undefined, 'more']);
  });
});

test("sums are of the hour's window, 16 aliases a request", async () => {
  const { sources, calls } = sourcesWith(({ entries = [] }) => ({
    successEntries: entries.map(({ entryId }) => ({ entryId, aggregatedValues: [{ value: { sum: 7 } }] })),
  }));
  const sums = await sources.hourSums(aliases(20), 7_200_000);
  expect(calls.map(({ entries }) => entries?.length)).toEqual([16, 4]);
  expect(calls[0]?.entries?.[0]).toMatchObject({
    aggregateTypes: ['SUM'],
    resolution: '1h',
    startDate: new Date(3_600_000),
    endDate: new Date(7_200_000),
  });
  expect(sums.get('/demo/line/m19/run-s')).toBe(7);
});

test('streams without an asset are listed page by page, and not for ever', async () => {
  const { sources, calls } = sourcesWith((_input, call) => ({
    TimeSeriesSummaries: [{ alias: `/demo/x${call}` }],
    nextToken: 'more',
  }));
  expect(await sources.unmodeledStreams('/demo/')).toHaveLength(4);
  expect(calls[0]).toMatchObject({ aliasPrefix: '/demo/', timeSeriesType: 'DISASSOCIATED' });
});

test('objects of all dead-letter buckets are counted', async () => {
  const { sources, calls } = sourcesWith(
    () => ({}),
    ({ Bucket }) => ({ KeyCount: Bucket === 'one' ? 2 : 3 }),
    ['one', 'two'],
  );
  expect(await sources.deadLetterObjects()).toBe(5);
  expect(calls.map(({ Bucket }) => Bucket)).toEqual(['one', 'two']);
});
