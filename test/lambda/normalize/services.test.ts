import { FirehoseClient } from '@aws-sdk/client-firehose';
import { IoTSiteWiseClient, type PutAssetPropertyValueEntry } from '@aws-sdk/client-iotsitewise';
import { describe, expect, test } from '@jest/globals';
import { Lake } from '../../../lambda/normalize/lake.ts';
import { ATTEMPTS } from '../../../lambda/normalize/retry.ts';
import { SiteWise } from '../../../lambda/normalize/sitewise.ts';

/** A client whose requests are answered here, one answer after the other, the last one for ever. */
function answering<Client extends FirehoseClient | IoTSiteWiseClient>(
  client: Client,
  answers: readonly ((input: never) => object)[],
) {
  const inputs: unknown[] = [];
  const send = ({ input }: { input: never }): Promise<object> => {
    const answer = answers[Math.min(inputs.length, answers.length - 1)];
    inputs.push(input);
    return Promise.resolve(answer?.(input) ?? {});
  };
  return { client: Object.assign(client, { send }) as Client, inputs };
}

const waits: number[] = [];
const sleep = (ms: number): Promise<void> => {
  waits.push(ms);
  return Promise.resolve();
};
const texts = (input: unknown) =>
  (input as { Records: { Data: Uint8Array }[] }).Records.map(({ Data }) => Buffer.from(Data).toString());

describe('putting records into the lake', () => {
  const firehose = () => new FirehoseClient({ region: 'eu-central-1' });
  const refusing = (bad: string) => (input: never) => {
    const RequestResponses = texts(input).map((text) => (text === bad ? { ErrorCode: 'Slow' } : { RecordId: '1' }));
    return {
      FailedPutCount: RequestResponses.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
      RequestResponses,
    };
  };

  test('puts again only those that Firehose refused', async () => {
    const { client, inputs } = answering(firehose(), [refusing('b'), refusing('')]);
    await new Lake(client, 'lake', sleep).put(['a', 'b', 'c'].map((text) => Buffer.from(text)));
    expect(inputs.map(texts)).toEqual([['a', 'b', 'c'], ['b']]);
    expect(inputs[0]).toMatchObject({ DeliveryStreamName: 'lake' });
  });

  test('gives up loudly, after waits that grow', async () => {
    waits.length = 0;
    const { client, inputs } = answering(firehose(), [refusing('b')]);
    await expect(new Lake(client, 'lake', sleep).put([Buffer.from('b')])).rejects.toThrow(
      `1 records for the lake were refused ${ATTEMPTS} times.`,
    );
    expect(inputs).toHaveLength(ATTEMPTS);
    expect(waits).toHaveLength(ATTEMPTS - 1);
    for (const [attempt, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(100 * 2 ** attempt);
      expect(wait).toBeLessThanOrEqual(200 * 2 ** attempt);
    }
  });

  test('keeps to 500 records and 4 MiB a request', async () => {
    const many = answering(firehose(), [refusing('')]);
    await new Lake(many.client, 'lake', sleep).put(Array.from({ length: 501 }, () => Buffer.from('x')));
    expect(many.inputs.map((input) => texts(input).length)).toEqual([500, 1]);
    const large = answering(firehose(), [refusing('')]);
    await new Lake(large.client, 'lake', sleep).put(Array.from({ length: 17 }, () => Buffer.alloc(256 * 1024)));
    expect(large.inputs.map((input) => texts(input).length)).toEqual([16, 1]);
  });
});

describe('putting values into SiteWise', () => {
  const siteWise = () => new IoTSiteWiseClient({ region: 'eu-central-1' });
  const entry = (id: number, times: readonly number[] = [1]): PutAssetPropertyValueEntry => ({
    entryId: String(id),
    propertyAlias: `/demo/bottling/filler/signal-${id}`,
    propertyValues: times.map((timeInSeconds) => ({
      timestamp: { timeInSeconds, offsetInNanos: 0 },
      quality: 'GOOD',
      value: { doubleValue: timeInSeconds },
    })),
  });
  const ids = (input: unknown) =>
    (input as { entries: PutAssetPropertyValueEntry[] }).entries.map(({ entryId }) => entryId);
  const failing = (entryId: string, errorCode: string, timestamps?: object[]) => () => ({
    errorEntries: [{ entryId, errors: [{ errorCode, errorMessage: 'because', timestamps }] }],
  });

  test('sends ten entries a request', async () => {
    const { client, inputs } = answering(siteWise(), [() => ({})]);
    const refused = await new SiteWise(client, sleep).put(Array.from({ length: 12 }, (_, id) => entry(id)));
    expect(refused).toEqual([]);
    expect(inputs.map((input) => ids(input).length)).toEqual([10, 2]);
  });

  test('tries again what passes: a throttled entry, and not its neighbour', async () => {
    const { client, inputs } = answering(siteWise(), [failing('1', 'ThrottlingException'), () => ({})]);
    expect(await new SiteWise(client, sleep).put([entry(0), entry(1)])).toEqual([]);
    expect(inputs.map(ids)).toEqual([['0', '1'], ['1']]);
  });

  test('says how many values the quota kept out for the moment, each time', async () => {
    const { client } = answering(siteWise(), [
      failing('1', 'ThrottlingException'),
      failing('1', 'InternalFailureException'),
      () => ({}),
    ]);
    const throttled: number[] = [];
    await new SiteWise(client, sleep, (values) => throttled.push(values)).put([entry(0), entry(1, [1, 2, 3])]);
    expect(throttled).toEqual([3]);
  });

  test('gives up loudly where it does not pass', async () => {
    const { client } = answering(siteWise(), [failing('0', 'InternalFailureException')]);
    await expect(new SiteWise(client, sleep).put([entry(0)])).rejects.toThrow('1 entries for SiteWise were refused');
  });

  test('hands back what SiteWise refuses for good: the values that the error names', async () => {
    const { client, inputs } = answering(siteWise(), [
      failing('0', 'TimestampOutOfRangeException', [{ timeInSeconds: 2, offsetInNanos: 0 }]),
    ]);
    expect(await new SiteWise(client, sleep).put([entry(0, [1, 2, 3]), entry(1)])).toEqual([
      {
        path: 'demo/bottling/filler/signal-0',
        ts: 2000,
        quality: 'GOOD',
        value: 2,
        reason: 'TimestampOutOfRangeException: because',
      },
    ]);
    expect(inputs).toHaveLength(1);
  });

  test('hands back all values of an entry where the error names no time', async () => {
    const { client } = answering(siteWise(), [failing('0', 'AccessDeniedException')]);
    expect(await new SiteWise(client, sleep).put([entry(0, [1, 2])])).toHaveLength(2);
  });
});
