import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { addTotals, ratiosOf, totalsOf } from '../../../../../core/oee/figures.ts';
import { shiftInstances } from '../../../../../core/oee/shifts.ts';
import type { Site } from '../../../../../core/site/site.ts';
import type { Sample } from '../../../../../core/telemetry/types.ts';
import { oeeByShiftSql } from '../../../../../lib/constructs/lake/queries/oee-by-shift.ts';
import { loadText } from '../../../../support/site-text.ts';
import { testSite } from '../../../../support/synth.ts';
import { tick, tickSamples } from '../../../../support/ticks.ts';
import { LakeDatabase } from './lake-database.ts';

const { site } = loadText(testSite('outpost-gen1'));
const lake = new LakeDatabase();
const MINUTE_MS = 60_000;

beforeAll(() => lake.open(), 60_000);
beforeEach(() => lake.clear());
afterAll(() => lake.close());

function sql(first: string, last: string, more: Partial<Parameters<typeof oeeByShiftSql>[0]> = {}): string {
  const days = { first: `DATE '${first}'`, last: `DATE '${last}'` };
  return oeeByShiftSql({
    timeZone: site.timeZone,
    lines: site.lines,
    shifts: site.shifts,
    qualityFeedback: false,
    days,
    ...more,
  });
}

/** Minutes of a machine whose facts differ from minute to minute, so that one too many or too few shows. */
function minutes(machinePath: string, from: string, to: string, seed = 1, everyMinutes = 1): Sample[] {
  const samples: Sample[] = [];
  let number = seed;
  for (let end = Date.parse(from) + MINUTE_MS; end <= Date.parse(to); end += everyMinutes * MINUTE_MS) {
    number = (number * 48271) % 2147483647;
    const run = number % 61;
    samples.push(
      ...tickSamples(
        machinePath,
        end,
        tick({ run, planned: (60 - run) % 7, produced: number % 40, rejected: number % 3 }),
      ),
    );
  }
  return samples;
}

/** What core says of the same samples: machine or line, by shift. */
function expected(samples: readonly Sample[], from: string, to: string, of: Site = site) {
  const range = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  const figures: Record<string, unknown>[] = [];
  for (const shift of shiftInstances(of.shifts, range, of.timeZone)) {
    const sums = new Map<string, Map<string, number>>();
    for (const { path, timeMs, value } of samples) {
      if (timeMs <= shift.fromMs || timeMs > shift.toMs) continue;
      const cut = path.lastIndexOf('/');
      const machine = sums.get(path.slice(0, cut)) ?? new Map<string, number>();
      sums.set(path.slice(0, cut), machine);
      machine.set(path.slice(cut + 1), (machine.get(path.slice(cut + 1)) ?? 0) + Number(value));
    }
    const row = (machine: string | null, line: string, totals: ReturnType<typeof totalsOf>) => ({
      shift_day: shift.date,
      shift_id: shift.id,
      line_id: line,
      machine_id: machine,
      ...ratiosOf(totals),
      run_s: totals.runSeconds,
      good_s: totals.goodSeconds,
      rejected: totals.rejected,
    });
    for (const line of of.lines) {
      const own = line.machines.flatMap(({ id, path }) => {
        const sum = sums.get(path);
        return sum === undefined ? [] : [{ id, totals: totalsOf(sum) }];
      });
      for (const { id, totals } of own) figures.push(row(id, line.id, totals));
      const counted = own.filter(({ id }) => line.countedMachineIds.includes(id));
      if (counted.length > 0) figures.push(row(null, line.id, addTotals(counted.map(({ totals }) => totals))));
    }
  }
  return figures;
}

const key = (row: Record<string, unknown>) =>
  `${row.shift_day} ${row.shift_id} ${row.line_id} ${row.machine_id === null ? '~' : String(row.machine_id)}`;
const byKey = (one: Record<string, unknown>, other: Record<string, unknown>) =>
  key(one).localeCompare(key(other), 'en');
const NAMES = ['availability', 'performance', 'quality', 'oee', 'run_s', 'good_s', 'rejected'];

function expectSame(rows: Record<string, unknown>[], figures: Record<string, unknown>[]): void {
  expect(rows.map(key).toSorted()).toEqual(figures.map(key).toSorted());
  const sorted = figures.toSorted(byKey);
  for (const [index, row] of rows.toSorted(byKey).entries()) {
    for (const name of NAMES) {
      const figure = sorted[index]?.[name];
      if (figure === null) expect([key(row), name, row[name]]).toEqual([key(row), name, null]);
      else expect(row[name]).toBeCloseTo(Number(figure), 9);
    }
  }
}

describe('OEE by shift from the lake', () => {
  test('is what the hub says: machines and lines, three shifts, the night belongs to the day on which it starts', async () => {
    const samples = [
      ...minutes('gen1/bottling/filler', '2026-03-02T00:00:00Z', '2026-03-04T00:00:00Z', 7, 6),
      ...minutes('gen1/bottling/capper', '2026-03-02T10:00:00Z', '2026-03-03T10:00:00Z', 8, 7),
      ...minutes('gen1/packing/packer', '2026-03-02T00:00:00Z', '2026-03-02T06:30:00Z', 9, 5),
    ];
    await lake.add(samples);
    const rows = await lake.ask(sql('2026-03-01', '2026-03-03'));
    expectSame(rows, expected(samples, '2026-03-02T00:00:00Z', '2026-03-04T00:00:00Z'));
    // By hand: the night of the 2nd is 21:00 to 05:00 UTC, 480 minutes, of which every sixth was told.
    expect(rows).toContainEqual(
      expect.objectContaining({
        shift_day: '2026-03-02',
        shift_id: 'night',
        machine_id: 'filler',
        minutes_with_data: 80,
      }),
    );
  });

  test.each([
    ['into summer, an hour short', '2026-03-28', '2026-03-29', 420],
    ['into winter, an hour long', '2026-10-24', '2026-10-25', 540],
  ])('counts the night that goes %s', async (_, first, last, nightMinutes) => {
    const [from, to] = [`${first}T19:00:00Z`, `${last}T06:00:00Z`];
    const samples = minutes('gen1/bottling/filler', from, to, 3);
    await lake.add(samples);
    const rows = await lake.ask(sql(first, last));
    expectSame(rows, expected(samples, from, to));
    expect(rows).toContainEqual(
      expect.objectContaining({
        shift_day: first,
        shift_id: 'night',
        machine_id: 'filler',
        minutes_with_data: nightMinutes,
      }),
    );
  });

  test("gives a minute to the shift that it ends in: a tick at the shift's end is its last", async () => {
    const ends = Date.parse('2026-03-02T13:00:00Z');
    await lake.add([
      ...tickSamples('gen1/bottling/filler', ends, tick({ run: 10 })),
      ...tickSamples('gen1/bottling/filler', ends + MINUTE_MS, tick({ run: 20 })),
    ]);
    const rows = await lake.ask(sql('2026-03-02', '2026-03-02'));
    expect(rows.filter(({ machine_id }) => machine_id === 'filler').map((row) => [row.shift_id, row.run_s])).toEqual([
      ['early', 10],
      ['late', 20],
    ]);
  });

  test('counts each tick once, however often and late it came; the last arrival counts', async () => {
    const end = Date.parse('2026-03-02T08:00:00Z');
    const path = 'gen1/bottling/filler';
    await lake.add(tickSamples(path, end, tick({ run: 30 })), end + 5000);
    await lake.add(tickSamples(path, end, tick({ run: 30 })), end + 5000);
    await lake.add(tickSamples(path, end, tick({ run: 45 })), end + 86_400_000);
    const [row] = await lake.ask(sql('2026-03-02', '2026-03-02'));
    expect(row).toMatchObject({ run_s: 45, busy_s: 60, minutes_with_data: 1 });
  });

  test("takes the MES's corrections where it gives them", async () => {
    const end = Date.parse('2026-03-02T08:00:00Z');
    const path = 'gen1/bottling/filler';
    const correction = (signal: string, value: number): Sample => ({
      path: `${path}/${signal}`,
      timeMs: end - 1,
      value,
      quality: 'GOOD',
    });
    await lake.add([
      ...tickSamples(path, end, tick({ run: 60, produced: 30, rejected: 1 })),
      correction('mes-s', -10),
      correction('mes-rejected', 5),
    ]);
    const withFeedback = await lake.ask(sql('2026-03-02', '2026-03-02', { qualityFeedback: true }));
    expect(withFeedback[0]).toMatchObject({ good_s: 48, rejected: 6, quality: 0.8 });
    const without = await lake.ask(sql('2026-03-02', '2026-03-02'));
    expect(without[0]).toMatchObject({ good_s: 58, rejected: 1 });
  });

  test('makes up no number: down all shift has no performance, no parts counter no more than availability', async () => {
    const end = Date.parse('2026-03-02T08:00:00Z');
    await lake.add([
      ...tickSamples('gen1/bottling/filler', end, tick({})),
      ...tickSamples('gen1/bottling/capper', end, tick({ run: 30 })).filter(
        ({ path }) => path.endsWith('-s') && !/ideal|good/.test(path),
      ),
    ]);
    const rows = await lake.ask(sql('2026-03-02', '2026-03-02'));
    expect(rows.find(({ machine_id }) => machine_id === 'filler')).toMatchObject({
      availability: 0,
      performance: null,
      quality: null,
      oee: 0,
    });
    expect(rows.find(({ machine_id }) => machine_id === 'capper')).toMatchObject({
      availability: 0.5,
      performance: null,
      quality: null,
      oee: null,
    });
  });

  test('knows on which days a shift starts, and days where there are no shifts', async () => {
    const samples = minutes('gen1/bottling/filler', '2026-03-06T00:00:00Z', '2026-03-09T00:00:00Z', 1, 60);
    await lake.add(samples);
    const [early] = site.shifts;
    const weekdays = { ...early!, days: ['mon', 'tue', 'wed', 'thu', 'fri'] as ('mon' | 'fri')[] };
    const rows = await lake.ask(sql('2026-03-06', '2026-03-08', { shifts: [weekdays] }));
    expect(rows.filter(({ machine_id }) => machine_id !== null).map(({ shift_day }) => shift_day)).toEqual([
      '2026-03-06',
    ]);
    const days = await lake.ask(sql('2026-03-06', '2026-03-07', { shifts: [] }));
    expect(
      days.filter(({ machine_id }) => machine_id !== null).map((row) => [row.shift_day, row.minutes_with_data]),
    ).toEqual([
      ['2026-03-06', 23],
      ['2026-03-07', 24],
    ]);
  });

  test('is a question without a line where no machine has an OEE', async () => {
    const lines = site.lines.map((line) => ({ ...line, countedMachineIds: [] }));
    await lake.add(tickSamples('gen1/bottling/filler', Date.parse('2026-03-02T08:00:00Z'), tick({ run: 30 })));
    const rows = await lake.ask(sql('2026-03-02', '2026-03-02', { lines }));
    expect(rows.map(({ machine_id }) => machine_id)).toEqual(['filler']);
  });

  test('asks for the last week by itself, in the time zone of the site', async () => {
    const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    await lake.add(tickSamples('gen1/bottling/filler', now - 2 * 86_400_000, tick({ run: 30 })));
    await lake.add(tickSamples('gen1/bottling/filler', now - 12 * 86_400_000, tick({ run: 30 })));
    const { timeZone, lines, shifts } = site;
    const rows = await lake.ask(oeeByShiftSql({ timeZone, lines, shifts, qualityFeedback: false }));
    expect(rows.filter(({ machine_id }) => machine_id === 'filler')).toHaveLength(1);
  });

  test('reads only the days in question: a filter by partition that is constant', () => {
    expect(sql('2026-03-02', '2026-03-03')).toContain(
      "dt BETWEEN CAST(date_add('day', -1, DATE '2026-03-02') AS varchar) AND CAST(date_add('day', 2, DATE '2026-03-03') AS varchar)",
    );
  });

  test('quotes what people named', () => {
    const [early] = site.shifts;
    expect(sql('2026-03-02', '2026-03-02', { shifts: [{ ...early!, name: "Olaf's" }] })).toContain("'Olaf''s'");
  });
});
