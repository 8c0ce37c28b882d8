import { describe, expect, test } from '@jest/globals';
import type { Sample } from '../../../core/telemetry/types.ts';
import { lakeRecords, lakeRow, MAX_RECORD_BYTES, MAX_ROWS_A_RECORD } from '../../../lambda/normalize/rows.ts';

const LAST_MS_OF_DAY = Date.parse('2026-03-29T23:59:59.999Z');

function sample(value: Sample['value'], timeMs = LAST_MS_OF_DAY): Sample {
  return { path: 'demo/bottling/filler/x', timeMs, value, quality: 'GOOD' };
}

describe('a row of the lake', () => {
  test('has the day of the event in UTC, whenever it arrives', () => {
    expect(lakeRow(sample(21.5), Date.parse('2026-04-03T08:00:00Z'))).toEqual({
      path: 'demo/bottling/filler/x',
      ts: LAST_MS_OF_DAY,
      dt: '2026-03-29',
      quality: 'GOOD',
      value_double: 21.5,
      value_string: null,
      ingested_at: Date.parse('2026-04-03T08:00:00Z'),
    });
    expect(lakeRow(sample(1, LAST_MS_OF_DAY + 1), 0).dt).toBe('2026-03-30');
  });

  test.each([
    ['a number', 2, 2, null],
    ['zero', 0, 0, null],
    ['true', true, 1, null],
    ['false', false, 0, null],
    ['a text', 'Jam', null, 'Jam'],
    ['the empty text', '', null, ''],
    ['no value', null, null, null],
  ])('puts %s into its column', (_, value, double, string) => {
    expect(lakeRow(sample(value), 0)).toMatchObject({ value_double: double, value_string: string });
  });
});

describe('records for Firehose', () => {
  test('hold at most the 500 rows that deaggregation takes out, in their order, a line each', () => {
    const rows = Array.from({ length: 2 * MAX_ROWS_A_RECORD + 1 }, (_, index) => lakeRow(sample(index), 0));
    const records = lakeRecords(rows).map((record) =>
      record
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    expect(records.map(({ length }) => length)).toEqual([500, 500, 1]);
    expect(records.flat()).toEqual(rows);
  });

  test('are closed before they get too large, and a row that is too large by itself stays alone', () => {
    const long = 'x'.repeat(100_000);
    const rows = [long, long, long, 'x'.repeat(300_000), 'short'].map((text) => lakeRow(sample(text), 0));
    const records = lakeRecords(rows);
    expect(records.map((record) => record.toString().trimEnd().split('\n').length)).toEqual([2, 1, 1, 1]);
    expect(records.map(({ length }) => length <= MAX_RECORD_BYTES)).toEqual([true, true, false, true]);
  });

  test('are none of no rows', () => expect(lakeRecords([])).toEqual([]));
});
