import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BatchMessage } from '../../../core/telemetry/message.ts';
import { toMachineMessages } from '../../../core/telemetry/message.ts';
import type { Sample, Value } from '../../../core/telemetry/types.ts';
import type { Database } from '../../../hub/historian/database.ts';
import { SqlHistorian } from '../../../hub/historian/sql-historian.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;

export function sample(path: string, timeMs: number, value: Value | null): Sample {
  return { path, timeMs, value, quality: value === null ? 'BAD' : 'GOOD' };
}

export function batch(sequence: number, samples: readonly Sample[], more: Partial<BatchMessage> = {}): BatchMessage {
  return { version: 1, outbox: 'outbox-1', sequence, machines: toMachineMessages(samples), ...more };
}

/** The same cases for every engine: PGlite in `npm test`, Debian's PostgreSQL in `npm run test:peers`. */
export function historianCases(openDatabase: () => Promise<Database>): void {
  let database: Database;
  let historian: SqlHistorian;
  let sequence = 0;

  const commit = (samples: readonly Sample[], more?: Partial<BatchMessage>) => {
    sequence += 1;
    return historian.commit('gateway-1', [batch(sequence, samples, more)]);
  };

  beforeAll(async () => {
    database = await openDatabase();
    historian = await SqlHistorian.open(database, { retentionDays: 400, now: () => NOW, rawTrendLimit: 10_000 });
  });
  afterAll(() => historian.close());

  describe('commit', () => {
    test('gives back numbers, strings, booleans and missing values with their quality', async () => {
      await commit([
        sample('s/l/types/number', NOW, -1.5e-9),
        sample('s/l/types/text', NOW, 'a "quoted", {braced} \\ text, NULL'),
        sample('s/l/types/yes', NOW, false),
        sample('s/l/types/none', NOW, null),
        { path: 's/l/types/doubtful', timeMs: NOW, value: 7, quality: 'UNCERTAIN' },
      ]);
      const read = async (id: string) => (await historian.samples(`s/l/types/${id}`, NOW - 1, NOW, 10))[0];
      expect(await read('number')).toEqual({ timeMs: NOW, value: -1.5e-9, quality: 'GOOD' });
      expect(await read('text')).toEqual({ timeMs: NOW, value: 'a "quoted", {braced} \\ text, NULL', quality: 'GOOD' });
      expect(await read('yes')).toEqual({ timeMs: NOW, value: false, quality: 'GOOD' });
      expect(await read('none')).toEqual({ timeMs: NOW, value: null, quality: 'BAD' });
      expect(await read('doubtful')).toEqual({ timeMs: NOW, value: 7, quality: 'UNCERTAIN' });
    });

    test('overwrites a value of the same path and time, also within one batch', async () => {
      const path = 's/l/again/x';
      await commit([sample(path, NOW, 1), sample(path, NOW, 2)]);
      expect(await historian.samples(path, 0, NOW, 10)).toEqual([{ timeMs: NOW, value: 2, quality: 'GOOD' }]);
      await commit([sample(path, NOW, 'now text')]);
      expect(await historian.samples(path, 0, NOW, 10)).toEqual([{ timeMs: NOW, value: 'now text', quality: 'GOOD' }]);
    });

    test('moves the cursor with the samples, or neither of them', async () => {
      const before = sequence;
      await expect(
        historian.commit('gateway-1', [
          batch(before + 1, [sample('s/l/m/bad', NOW, 'a\0b'), sample('s/l/m/ok', NOW, 1)]),
        ]),
      ).rejects.toMatchObject({ name: 'DatabaseError', kind: 'data' });
      expect(await historian.cursors()).toContainEqual({ gateway: 'gateway-1', outbox: 'outbox-1', sequence: before });
      expect(await historian.samples('s/l/m/ok', 0, NOW, 10)).toEqual([]);
    });

    test('sets a poison batch aside and moves the cursor past it', async () => {
      const content = 'a\0b';
      sequence += 1;
      await historian.setAside('gateway-1', { outbox: 'outbox-1', sequence, reason: 'refused', content });
      expect(await historian.cursors()).toContainEqual({ gateway: 'gateway-1', outbox: 'outbox-1', sequence });
      const rows = await database.query('SELECT gateway, reason, content FROM poison_batch');
      expect(rows).toEqual([{ gateway: 'gateway-1', reason: 'refused', content: 'a\u2400b' }]);
    });

    test('keeps the cursors of several gateways and outboxes apart', async () => {
      await historian.commit('gateway-2', [batch(1, [sample('s/l/m2/x', NOW, 1)], { outbox: 'other' })]);
      await historian.commit('gateway-2', [batch(2, [], { outbox: 'other' }), batch(3, [], { outbox: 'other' })]);
      expect((await historian.cursors()).filter((cursor) => cursor.gateway === 'gateway-2')).toEqual([
        { gateway: 'gateway-2', outbox: 'other', sequence: 3 },
      ]);
    });

    test('takes late and future values, each into a partition of its own', async () => {
      const path = 's/l/wide/x';
      const times = [NOW - 60 * WEEK, NOW - 3 * WEEK, NOW, NOW + 5 * WEEK];
      await commit(times.map((timeMs, index) => sample(path, timeMs, index)));
      expect((await historian.samples(path, 0, NOW + 6 * WEEK, 10)).map((point) => point.timeMs)).toEqual(times);
    });

    test('refuses times that no plant has', async () => {
      await expect(
        historian.commit('gateway-1', [batch(sequence + 1, [sample('s/l/m/x', 1000, 1)])]),
      ).rejects.toMatchObject({ kind: 'data' });
    });
  });

  describe('reading', () => {
    test('takes ranges as (from, to] and stops at the limit', async () => {
      const path = 's/l/range/x';
      await commit([1, 2, 3, 4].map((n) => sample(path, NOW + n, n)));
      expect((await historian.samples(path, NOW + 1, NOW + 3, 10)).map((point) => point.value)).toEqual([2, 3]);
      expect((await historian.samples(path, NOW, NOW + 4, 2)).map((point) => point.value)).toEqual([1, 2]);
      expect(await historian.samples('s/l/range/never-seen', 0, NOW, 10)).toEqual([]);
    });

    test('finds the newest value at or before a time', async () => {
      await commit([
        sample('s/l/latest/a', NOW, 1),
        sample('s/l/latest/a', NOW + 10, 2),
        sample('s/l/latest/b', NOW + 10, 3),
      ]);
      const latest = await historian.latestBefore(['s/l/latest/a', 's/l/latest/b', 's/l/latest/c'], NOW + 9);
      expect(latest).toEqual(new Map([['s/l/latest/a', { timeMs: NOW, value: 1, quality: 'GOOD' }]]));
    });

    test('reads several signals of a machine at once', async () => {
      await commit([
        sample('s/l/several/a', NOW, 1),
        sample('s/l/several/b', NOW, 2),
        sample('s/l/several/a', NOW + 1, 3),
      ]);
      const found = await historian.signalsOf('s/l/several', ['a', 'b', 'c'], NOW - 1, NOW + 1);
      expect([...found].map(([id, points]) => [id, points.map((point) => point.value)])).toEqual([
        ['a', [1, 3]],
        ['b', [2]],
        ['c', []],
      ]);
    });

    test('sums ticks over many ranges in one query', async () => {
      const ticks = [1, 2, 3, 4].flatMap((n) => [
        sample('s/l/sums/run-s', NOW + n * MINUTE, 10 * n),
        sample('s/l/sums/produced', NOW + n * MINUTE, n),
      ]);
      await commit(ticks);
      const sums = await historian.tickSums(
        ['s/l/sums', 's/l/without'],
        ['run-s', 'produced'],
        [
          { fromMs: NOW, toMs: NOW + 2 * MINUTE },
          { fromMs: NOW + 2 * MINUTE, toMs: NOW + 4 * MINUTE },
          { fromMs: NOW + 9 * MINUTE, toMs: NOW + 10 * MINUTE },
        ],
      );
      expect(sums.sort((a, b) => a.range - b.range)).toEqual([
        {
          range: 0,
          machinePath: 's/l/sums',
          sums: new Map([
            ['run-s', 30],
            ['produced', 3],
          ]),
          ticks: 2,
        },
        {
          range: 1,
          machinePath: 's/l/sums',
          sums: new Map([
            ['run-s', 70],
            ['produced', 7],
          ]),
          ticks: 2,
        },
      ]);
    });

    test('gives the same sums from hours as from the ticks, over any range, also after late and corrected ticks', async () => {
      const HOUR = 60 * MINUTE;
      const start = NOW - 30 * HOUR;
      const minutes = new Map<number, number>();
      const put = (minute: number, value: number) => {
        minutes.set(minute, value);
        return sample('s/l/hours/run-s', start + minute * MINUTE, value);
      };
      const ranges = [0, 1, 29, 60, 61, 119, 120, 300, 301, 700].flatMap((from) =>
        [1, 59, 60, 61, 120, 500, 1200].map((length) => ({
          fromMs: start + from * MINUTE + (from % 2) * 7_000,
          toMs: start + (from + length) * MINUTE,
        })),
      );
      const expected = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => {
        const within = [...minutes].filter(([minute]) => {
          const timeMs = start + minute * MINUTE;
          return timeMs > fromMs && timeMs <= toMs;
        });
        return [within.length, within.reduce((sum, [, value]) => sum + value, 0)];
      };
      const check = async () => {
        const rows = await historian.tickSums(['s/l/hours'], ['run-s', 'produced'], ranges);
        for (const [index, range] of ranges.entries()) {
          const row = rows.find((each) => each.range === index);
          expect([row?.ticks ?? 0, row?.sums.get('run-s') ?? 0]).toEqual(expected(range));
        }
      };
      const rollUp = async () => {
        while ((await historian.rollUp(NOW)) > 0);
      };
      const inHours = async () => {
        const rows = await database.query<{ sum: number }>(
          `SELECT sum FROM tick_hour h JOIN series ON series.id = h.series_id WHERE path = 's/l/hours/run-s' ORDER BY end_ms`,
        );
        return rows.length;
      };
      // Quarters add up without rounding; hours 5 to 9 have no ticks.
      const known = Array.from({ length: 1400 }, (_, minute) => minute).filter(
        (minute) => minute < 240 || minute > 600,
      );
      await commit(known.map((minute) => put(minute, ((minute * 37) % 241) / 4)));
      await check();
      await rollUp();
      expect(await inHours()).toBeGreaterThan(15);
      await check();
      await commit([put(300, 11), put(61, 0.25), put(1440, 9)]);
      await check();
      await rollUp();
      await check();
      const { sums } = (await historian.tickSums(['s/l/hours'], ['run-s'], [{ fromMs: start, toMs: NOW }]))[0]!;
      expect(sums.get('run-s')).toBe([...minutes].reduce((sum, [minute, value]) => sum + (minute > 0 ? value : 0), 0));
    });
  });

  describe('trends', () => {
    const path = 's/l/trend/x';
    const spike = NOW + 5 * MINUTE + 333;

    test('keeps the extremes where points are left out', async () => {
      const samples = Array.from({ length: 6000 }, (_, n) => sample(path, NOW + 1 + n * 100, Math.sin(n / 100)));
      await commit([...samples, sample(path, spike, 99), sample(path, spike + 1, -99)]);
      const { points, reduced } = await historian.reducedSamples(path, NOW, NOW + 10 * MINUTE, 200);
      expect(reduced).toBe(true);
      expect(points.length).toBeLessThanOrEqual(200);
      expect(points.length).toBeGreaterThan(100);
      expect(points).toContainEqual({ timeMs: spike, value: 99, quality: 'GOOD' });
      expect(points).toContainEqual({ timeMs: spike + 1, value: -99, quality: 'GOOD' });
      expect(points[0]).toEqual({ timeMs: NOW + 1, value: 0, quality: 'GOOD' });
      expect(points.map((point) => point.timeMs)).toEqual(
        points.map((point) => point.timeMs).toSorted((a, b) => a - b),
      );
    });

    test('gives all values where they fit', async () => {
      const { points, reduced } = await historian.reducedSamples(path, NOW, NOW + 1000, 200);
      expect([points.length, reduced]).toEqual([10, false]);
    });

    test('does not repeat a flat line', async () => {
      const flat = 's/l/trend/flat';
      await commit(Array.from({ length: 1000 }, (_, n) => sample(flat, NOW + 1 + n * 100, 5)));
      const { points } = await historian.reducedSamples(flat, NOW, NOW + 100_000, 40);
      expect(points.length).toBeLessThanOrEqual(30);
    });

    test('keeps a short pulse of a boolean', async () => {
      const pulse = 's/l/trend/pulse';
      await commit(Array.from({ length: 1000 }, (_, n) => sample(pulse, NOW + 1 + n * 100, n === 637)));
      const { points } = await historian.reducedSamples(pulse, NOW, NOW + 100_000, 40);
      expect(points).toContainEqual({ timeMs: NOW + 1 + 63_700, value: true, quality: 'GOOD' });
    });

    test('rolls closed minutes up, again when a late value comes, whatever the order', async () => {
      const read = () =>
        database.query(
          `SELECT r.end_ms::float8 AS end_ms, r.count, r.average, r.minimum, r.maximum, r.first, r.last,
             r.minimum_ms::float8 AS minimum_ms
           FROM rollup_minute r JOIN series ON series.id = r.series_id WHERE path = 's/l/roll/x' ORDER BY end_ms`,
        );
      const start = NOW + 100 * MINUTE;
      const rollUp = async () => {
        while ((await historian.rollUp(start + 10 * MINUTE)) > 0);
      };
      await commit([sample('s/l/roll/x', start + 30_000, 4), sample('s/l/roll/x', start + 60_000, 6)]);
      await commit([sample('s/l/roll/x', start + 60_001, 1)]);
      await rollUp();
      const second = { end_ms: start + 2 * MINUTE, count: 1, average: 1, minimum: 1, maximum: 1, first: 1, last: 1 };
      expect(await read()).toEqual([
        {
          end_ms: start + MINUTE,
          count: 2,
          average: 5,
          minimum: 4,
          maximum: 6,
          first: 4,
          last: 6,
          minimum_ms: start + 30_000,
        },
        { ...second, minimum_ms: start + 60_001 },
      ]);
      await commit([sample('s/l/roll/x', start + 45_000, 2), sample('s/l/roll/x', start + 60_000, 6)]);
      await rollUp();
      expect((await read())[0]).toEqual({
        end_ms: start + MINUTE,
        count: 3,
        average: 4,
        minimum: 2,
        maximum: 6,
        first: 4,
        last: 6,
        minimum_ms: start + 45_000,
      });
    });

    test('draws a long range from the roll-ups', async () => {
      const long = 's/l/trend/long';
      const start = NOW + 1000 * MINUTE;
      for (let part = 0; part < 4; part += 1) {
        await commit(
          Array.from({ length: 4_000 }, (_, n) =>
            sample(long, start + 1 + (part * 4_000 + n) * 500, n === 777 ? 1000 + part : n % 10),
          ),
        );
      }
      while ((await historian.rollUp(start + 1000 * MINUTE)) > 0);
      const { points, reduced } = await historian.reducedSamples(long, start, start + 16_000 * 500, 100);
      expect(reduced).toBe(true);
      expect(points.length).toBeLessThanOrEqual(100);
      expect(points).toContainEqual({ timeMs: start + 1 + (4_000 + 777) * 500, value: 1001, quality: 'GOOD' });
    });
  });

  describe('metrics', () => {
    test('overwrites, removes and reads by range', async () => {
      const row = (endMs: number, value: number | null) => ({ path: 's/l/m', property: 'oee_15m', endMs, value });
      await historian.putMetrics([row(NOW, 0.5), row(NOW, 0.6), row(NOW + 1, 0.7), row(NOW + 2, 0.8)]);
      await historian.putMetrics([row(NOW + 1, null), row(NOW + 2, 0.9)]);
      expect(await historian.metrics('s/l/m', ['oee_15m'], NOW - 1, NOW + 2)).toEqual([
        row(NOW, 0.6),
        row(NOW + 2, 0.9),
      ]);
      expect(await historian.metrics('s/l/m', ['oee_15m'], NOW, NOW + 1)).toEqual([]);
    });
  });

  describe('simulated periods', () => {
    test('join where they touch, in any order, and say when they touch a range', async () => {
      const put = (fromMs: number, toMs: number) =>
        commit([sample('s/l/sim/run-s', fromMs, 1), sample('s/l/sim/run-s', toMs, 1)], { simulated: true });
      await put(NOW + 20 * MINUTE, NOW + 30 * MINUTE);
      await put(NOW, NOW + 10 * MINUTE);
      await put(NOW + 11 * MINUTE, NOW + 19 * MINUTE);
      await put(NOW + 60 * MINUTE, NOW + 61 * MINUTE);
      expect(await historian.simulatedPeriods('s/l/sim', 0, NOW + 100 * MINUTE)).toEqual([
        { fromMs: NOW, toMs: NOW + 30 * MINUTE },
        { fromMs: NOW + 60 * MINUTE, toMs: NOW + 61 * MINUTE },
      ]);
      expect(await historian.simulatedPeriods('s/l/sim', NOW + 30 * MINUTE, NOW + 50 * MINUTE)).toEqual([]);
    });
  });

  describe('maintenance and restart', () => {
    test('a historian opened again on the same database knows all of it', async () => {
      const again = await SqlHistorian.open(database, { retentionDays: 400, now: () => NOW });
      expect(await again.cursors()).toEqual(await historian.cursors());
      expect(await again.samples('s/l/range/x', NOW, NOW + 1, 1)).toHaveLength(1);
    });

    test('drops what is older than the retention, and nothing else', async () => {
      await historian.maintain(NOW);
      expect((await historian.samples('s/l/wide/x', 0, NOW + 6 * WEEK, 10)).map((point) => point.value)).toEqual([
        1, 2, 3,
      ]);
    });

    test('takes values of a dropped time again', async () => {
      await commit([sample('s/l/wide/x', NOW - 60 * WEEK, 0)]);
      expect(await historian.samples('s/l/wide/x', 0, NOW - 50 * WEEK, 10)).toHaveLength(1);
    });
  });
}
