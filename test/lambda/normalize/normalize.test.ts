import { describe, expect, test } from '@jest/globals';
import { toMachineMessages } from '../../../core/telemetry/message.ts';
import type { Sample } from '../../../core/telemetry/types.ts';
import type { DeadLetter, DeadValue, LakeRow } from '../../../lambda/normalize/contract.ts';
import { deadLetterKey } from '../../../lambda/normalize/dead-letters.ts';
import { type NormalizeTools, normalize } from '../../../lambda/normalize/normalize.ts';

const TIME = Date.parse('2026-03-02T12:00:00Z');
const ARRIVED = TIME + 500;

function batch(samples: readonly Sample[]): Uint8Array {
  const message = { version: 1, outbox: 'outbox-1', sequence: 7, machines: toMachineMessages(samples) };
  return Buffer.from(JSON.stringify(message));
}

function sample(signal: string, value: Sample['value'], timeMs = TIME): Sample {
  return { path: `demo/bottling/filler/${signal}`, timeMs, value, quality: 'GOOD' };
}

/** Tools that keep what they get. */
function tools(more: Partial<NormalizeTools> = {}, refuses: readonly DeadValue[] = []) {
  const rows: LakeRow[] = [];
  const aliases: string[] = [];
  const letters: DeadLetter[] = [];
  const kept: NormalizeTools = {
    lake: {
      put(records) {
        for (const record of records)
          rows.push(
            ...record
              .toString()
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as LakeRow),
          );
        return Promise.resolve();
      },
    },
    siteWise: {
      put(entries) {
        aliases.push(...entries.map(({ propertyAlias }) => propertyAlias ?? ''));
        return Promise.resolve([...refuses]);
      },
    },
    deadLetters: { put: (letter) => Promise.resolve(void letters.push(letter)) },
    selection: {
      signalsOfModel: { 'discrete-machine': { 'run-s': 'DOUBLE' } },
      machines: {
        'demo/bottling/filler': { model: 'discrete-machine', gateway: 'plantbridge-demo--gateway-1' },
        'demo/bottling/capper': { model: 'discrete-machine', gateway: 'plantbridge-demo--gateway-2' },
      },
    },
    aggregatesOnly: false,
    now: () => ARRIVED + 1000,
    ...more,
  };
  return { kept, rows, aliases, letters };
}

const record = (payload: Uint8Array) => ({
  payload,
  gateway: 'plantbridge-demo--gateway-1',
  sequenceNumber: '4711',
  arrivedAtMs: ARRIVED,
});

describe('normalizing a batch', () => {
  test('brings everything to the lake and the selected part to SiteWise', async () => {
    const { kept, rows, aliases, letters } = tools();
    const done = await normalize(record(batch([sample('run-s', 60), sample('vibration', 0.2)])), kept);
    expect(done).toEqual({ rows: 2, dead: 0 });
    expect(rows.map(({ path, ingested_at }) => [path, ingested_at])).toEqual([
      ['demo/bottling/filler/run-s', ARRIVED],
      ['demo/bottling/filler/vibration', ARRIVED],
    ]);
    expect(aliases).toEqual(['/demo/bottling/filler/run-s']);
    expect(letters).toEqual([]);
  });

  test('keeps what nobody can read as it came, with the reason', async () => {
    const { kept, rows, letters } = tools();
    const done = await normalize(record(Buffer.from('{"version":2}')), kept);
    expect(done.dead).toBe('unreadable');
    expect(rows).toEqual([]);
    expect(letters).toEqual([
      {
        reason: expect.stringContaining('The message'),
        atMs: ARRIVED + 1000,
        gateway: 'plantbridge-demo--gateway-1',
        sequenceNumber: '4711',
        payloadBase64: Buffer.from('{"version":2}').toString('base64'),
      },
    ]);
  });

  test('keeps values that SiteWise refuses as dead letters; the lake has them all the same', async () => {
    const refused: DeadValue = { path: 'demo/bottling/filler/run-s', ts: TIME, reason: 'TimestampOutOfRangeException' };
    const { kept, rows, letters } = tools({}, [refused]);
    expect(await normalize(record(batch([sample('run-s', 60), sample('run-s', 1e11, TIME + 1)])), kept)).toMatchObject({
      rows: 2,
      dead: 2,
    });
    expect(rows).toHaveLength(2);
    expect(letters[0]?.values?.map(({ reason }) => reason)).toEqual([
      'SiteWise takes doubles within 10^10',
      'TimestampOutOfRangeException',
    ]);
  });

  test('fails where the lake refuses: the record is tried again, and SiteWise has not been asked', async () => {
    const { kept, aliases } = tools({ lake: { put: () => Promise.reject(new Error('no')) } });
    await expect(normalize(record(batch([sample('run-s', 60)])), kept)).rejects.toThrow('no');
    expect(aliases).toEqual([]);
  });

  test('fails where the dead letter cannot be kept: nothing is dropped in silence', async () => {
    const { kept } = tools({ deadLetters: { put: () => Promise.reject(new Error('no bucket')) } });
    await expect(normalize(record(Buffer.from('?')), kept)).rejects.toThrow('no bucket');
  });
});

describe('a value of a machine that the gateway does not read', () => {
  const own = sample('run-s', 60);
  const foreign = { ...own, path: 'demo/bottling/capper/run-s' };
  const unknown = { ...own, path: 'demo/bottling/constructor/run-s' };
  const reasons = [
    'Gateway plantbridge-demo--gateway-1 sent a value of demo/bottling/capper, which gateway plantbridge-demo--gateway-2 reads',
    'Gateway plantbridge-demo--gateway-1 sent a value of demo/bottling/constructor, which no gateway reads',
  ];

  test('is put aside with the reason, and the rest of its batch is stored', async () => {
    const { kept, rows, aliases, letters } = tools();
    const done = await normalize(record(batch([foreign, own, unknown])), kept);
    expect(done).toEqual({ rows: 1, dead: 2, reason: reasons[0] });
    expect(rows.map(({ path }) => path)).toEqual([own.path]);
    expect(aliases).toEqual([`/${own.path}`]);
    expect(letters[0]?.values).toEqual([
      { path: foreign.path, ts: TIME, quality: 'GOOD', value: 60, reason: reasons[0] },
      { path: unknown.path, ts: TIME, quality: 'GOOD', value: 60, reason: reasons[1] },
    ]);
  });

  test('is put aside without the value where raw values stay on the site', async () => {
    const { kept, letters } = tools({ aggregatesOnly: true });
    await normalize(record(batch([foreign])), kept);
    expect(letters[0]?.values).toEqual([{ path: foreign.path, ts: TIME, reason: reasons[0] }]);
  });
});

describe('where raw values stay on the site', () => {
  test('a raw value that came all the same is stored nowhere, and reported without the value', async () => {
    const { kept, rows, letters } = tools({ aggregatesOnly: true });
    await normalize(record(batch([sample('run-s', 60), sample('state', 'FAULT'), sample('vibration', 0.123)])), kept);
    expect(rows.map(({ path }) => path)).toEqual(['demo/bottling/filler/run-s']);
    expect(letters[0]?.values?.map(({ path }) => path)).toEqual([
      'demo/bottling/filler/state',
      'demo/bottling/filler/vibration',
    ]);
    expect(JSON.stringify(letters)).not.toMatch(/FAULT|0\.123/);
  });

  test('an unreadable message is reported without its content', async () => {
    const { kept, letters } = tools({ aggregatesOnly: true });
    await normalize(record(Buffer.from('secret')), kept);
    expect(letters).toHaveLength(1);
    expect(letters[0]).not.toHaveProperty('payloadBase64');
  });
});

test("a dead letter's key is its record's: a record that comes again overwrites it", () => {
  const letter = { reason: 'x', atMs: TIME, gateway: 'gw', sequenceNumber: '4711' };
  expect(deadLetterKey(letter)).toBe('normalize/2026-03-02/gw/4711.json');
  expect(deadLetterKey({ ...letter, reason: 'y' })).toBe(deadLetterKey(letter));
});
