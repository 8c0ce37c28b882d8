import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { stateTimes } from '../../../../../core/oee/state-times.ts';
import { type StateSpan, stateSpans } from '../../../../../core/oee/states.ts';
import type { Sample } from '../../../../../core/telemetry/types.ts';
import { downtimeParetoSql } from '../../../../../lib/constructs/lake/queries/downtime-pareto.ts';
import { loadText } from '../../../../support/site-text.ts';
import { testSite } from '../../../../support/synth.ts';
import { LakeDatabase } from './lake-database.ts';

const { site } = loadText(testSite('outpost-gen1'));
const filler = site.lines[0]!.machines[0]!;
const lake = new LakeDatabase();

beforeAll(() => lake.open(), 60_000);
beforeEach(() => lake.clear());
afterAll(() => lake.close());

/** The 2nd of March by Berlin's clocks. */
const DAYS = { first: "DATE '2026-03-02'", last: "DATE '2026-03-02'" };
const FROM_MS = Date.parse('2026-03-01T23:00:00Z');
const TO_MS = Date.parse('2026-03-02T23:00:00Z');

function sql(lines = site.lines): string {
  return downtimeParetoSql({ timeZone: site.timeZone, lines, days: DAYS });
}

function sample(signal: string, at: string, value: Sample['value'], machinePath = filler.path): Sample {
  return { path: `${machinePath}/${signal}`, timeMs: Date.parse(`2026-03-${at}Z`), value, quality: 'GOOD' };
}

/** A change of state with its reason, as gateways send it: both at one time. */
function change(at: string, state: string, reason = '', machinePath = filler.path): Sample[] {
  return [sample('state', at, state, machinePath), sample('reason', at, reason, machinePath)];
}

/** The machine's last tick, by which it is confirmed. */
const lastTick = (at: string, machinePath = filler.path) => sample('busy-s', at, 60, machinePath);

const short = (rows: Record<string, unknown>[]) =>
  rows.map(({ machine_id, state, reason, minutes, occurrences }) => [machine_id, state, reason, minutes, occurrences]);

describe('the Pareto of downtime from the lake', () => {
  test('adds up downtime by state and reason, longest first, with its share', async () => {
    await lake.add([
      ...change('02T06:00:00', 'RUNNING'),
      ...change('02T07:00:00', 'FAULT', 'Jam'),
      ...change('02T07:10:00', 'RUNNING'),
      ...change('02T08:00:00', 'FAULT', 'Jam'),
      ...change('02T08:05:00', 'FAULT', 'Bearing'),
      ...change('02T08:45:00', 'PLANNED_STOP', 'Break'),
      ...change('02T09:15:00', 'IDLE'),
      ...change('02T09:20:00', 'RUNNING'),
      lastTick('02T12:00:00'),
    ]);
    const rows = await lake.ask(sql());
    expect(short(rows)).toEqual([
      ['filler', 'FAULT', 'Bearing', 40, 1],
      ['filler', 'FAULT', 'Jam', 15, 2],
      ['filler', 'IDLE', null, 5, 1],
    ]);
    expect(rows.map(({ cumulative_share_of_line }) => Number(cumulative_share_of_line).toFixed(3))).toEqual([
      '0.667',
      '0.917',
      '1.000',
    ]);
  });

  test('begins with the state that held when the range began, weeks ago', async () => {
    await lake.add([
      sample('state', '01T06:00:00', 'IDLE'),
      ...change('02T01:00:00', 'RUNNING'),
      lastTick('02T12:00:00'),
    ]);
    expect(short(await lake.ask(sql()))).toEqual([['filler', 'IDLE', null, 120, 1]]);
  });

  test('ends with the last tick: a dead gateway is no downtime of the machine', async () => {
    await lake.add([...change('02T06:00:00', 'FAULT', 'Jam'), lastTick('02T06:30:00')]);
    expect(short(await lake.ask(sql()))).toEqual([['filler', 'FAULT', 'Jam', 30, 1]]);
  });

  test('ends with the range', async () => {
    await lake.add([
      ...change('02T22:50:00', 'FAULT', 'Jam'),
      ...change('02T23:30:00', 'RUNNING'),
      lastTick('03T08:00:00'),
    ]);
    expect(short(await lake.ask(sql()))).toEqual([['filler', 'FAULT', 'Jam', 10, 1]]);
  });

  test('counts a state that is told again as one', async () => {
    await lake.add([
      ...change('02T06:00:00', 'FAULT', 'Jam'),
      ...change('02T06:10:00', 'FAULT', 'Jam'),
      ...change('02T06:20:00', 'RUNNING'),
      lastTick('02T07:00:00'),
    ]);
    expect(short(await lake.ask(sql()))).toEqual([['filler', 'FAULT', 'Jam', 20, 1]]);
  });

  test('is of planned and unknown time nothing', async () => {
    await lake.add([
      ...change('02T06:00:00', 'UNKNOWN'),
      ...change('02T07:00:00', 'PLANNED_STOP', 'x'),
      lastTick('02T08:00:00'),
    ]);
    expect(await lake.ask(sql())).toEqual([]);
  });

  test('knows the loss categories that the site file gives a machine', async () => {
    const lines = site.lines.map((line) => ({
      ...line,
      machines: line.machines.map((machine) =>
        machine === filler
          ? {
              ...machine,
              categoryOfState: { ...machine.categoryOfState, IDLE: 'planned', PLANNED_STOP: 'down' } as const,
            }
          : machine,
      ),
    }));
    const capper = `${site.id}/bottling/capper`;
    await lake.add([
      ...change('02T06:00:00', 'IDLE'),
      ...change('02T07:00:00', 'PLANNED_STOP', 'No order'),
      lastTick('02T07:30:00'),
      ...change('02T06:00:00', 'IDLE', '', capper),
      lastTick('02T06:05:00', capper),
    ]);
    expect(short(await lake.ask(sql(lines)))).toEqual([
      ['filler', 'PLANNED_STOP', 'No order', 30, 1],
      ['capper', 'IDLE', null, 5, 1],
    ]);
  });

  test('is what the hub says of a day of changes', async () => {
    const states = ['RUNNING', 'IDLE', 'FAULT', 'CHANGEOVER', 'PLANNED_STOP', 'UNKNOWN'] as const;
    const reasons = ['', 'Jam', 'Bearing'];
    const samples: Sample[] = [];
    let number = 11;
    const next = (below: number) => {
      number = (number * 48271) % 2147483647;
      return number % below;
    };
    for (let timeMs = FROM_MS - 3_600_000; timeMs < TO_MS + 3_600_000; timeMs += 1000 * (1 + next(1200))) {
      const at = { timeMs, quality: 'GOOD' } as const;
      samples.push({ ...at, path: `${filler.path}/state`, value: states[next(6)] ?? 'UNKNOWN' });
      if (next(3) > 0) samples.push({ ...at, path: `${filler.path}/reason`, value: reasons[next(3)] ?? '' });
    }
    await lake.add([...samples, lastTick('03T02:00:00')]);
    const points = (signal: string) => samples.filter(({ path }) => path.endsWith(`/${signal}`));
    const spans: StateSpan[] = stateSpans(
      {
        states: points('state'),
        reasons: points('reason'),
        categoryOfState: filler.categoryOfState,
        stalenessMs: 10_000,
      },
      { fromMs: FROM_MS, toMs: TO_MS },
    );
    const expected = stateTimes(spans)
      .filter(({ category }) => category === 'down')
      .map(({ state, reason, seconds, occurrences }) => [state, reason, seconds / 60, occurrences]);
    const rows = await lake.ask(sql());
    expect(rows.length).toBeGreaterThan(5);
    const sorted = (list: unknown[][]) =>
      list.map((row) => row.map(String)).toSorted((a, b) => `${a}`.localeCompare(`${b}`));
    expect(
      sorted(
        short(rows).map((row) => row.slice(1).map((cell, index) => (index === 2 ? Number(cell).toFixed(6) : cell))),
      ),
    ).toEqual(sorted(expected.map((row) => row.map((cell, index) => (index === 2 ? Number(cell).toFixed(6) : cell)))));
  });
});
