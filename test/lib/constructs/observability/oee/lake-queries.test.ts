import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Site } from '../../../../../core/site/site.ts';
import { LakeQueries, shiftChoices } from '../../../../../lib/constructs/observability/oee/lake-queries.ts';
import { placeholder } from '../../../../../lib/constructs/observability/oee/panels.ts';
import { deployableSite } from '../../../../../lib/site-files.ts';
import { SMALL_TEXT } from '../../../../support/site-text.ts';
import { TRINO_FUNCTIONS } from '../../lake/queries/lake-database.ts';

/**
 * The queries are Athena's (Trino). They run here on PostgreSQL, with the few functions that Trino has and PostgreSQL has not: what is checked
 * is what they add up and where they put a shift, not Athena's parser.
 */
const TRINO = `
  SET TIME ZONE 'UTC';
  ${TRINO_FUNCTIONS}
  CREATE FUNCTION from_unixtime(double precision) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS 'SELECT to_timestamp($1)';
  CREATE FUNCTION from_unixtime(numeric) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS 'SELECT to_timestamp($1::double precision)';
  CREATE FUNCTION date_format(timestamptz, text) RETURNS text LANGUAGE sql STABLE AS $$SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD')$$;
  CREATE FUNCTION regexp_extract(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT substring($1 FROM $2)';
  CREATE SCHEMA lake;
  CREATE TABLE lake.samples (path text, ts bigint, dt text, value_double double precision, value_string text, quality text DEFAULT 'GOOD');
`;

const SHIFTS = [
  'shifts:',
  '  - { id: early, start: "06:00", end: "14:00" }',
  '  - { id: late, start: "14:00", end: "22:00", days: [mon, tue] }',
  '  - { id: night, start: "22:00", end: "06:00", days: [mon] }',
  'lines:',
].join('\n');
const { site } = deployableSite('site.yaml', undefined, () => SMALL_TEXT.replace('lines:', () => SHIFTS));
const database = new PGlite();
const minute = (text: string) => Date.parse(text);

/** A minute of a machine that ends at a time. */
function tick(path: string, end: string, values: Readonly<Record<string, number>>): string {
  const ts = minute(end);
  const rows = Object.entries({ 'run-s': 0, 'down-s': 0, 'planned-s': 0, 'unknown-s': 0, 'busy-s': 0, ...values });
  return rows
    .map(
      ([signal, value]) => `('${path}/${signal}', ${ts}, '${new Date(ts).toISOString().slice(0, 10)}', ${value}, NULL)`,
    )
    .join(', ');
}

const RUNNING = { 'run-s': 60, 'busy-s': 60, 'ideal-s': 54, 'good-s': 48 };
const DOWN = { 'down-s': 60, 'busy-s': 60, 'ideal-s': 0, 'good-s': 0 };

function queriesFor(over: Partial<ConstructorParameters<typeof LakeQueries>[0]> = {}, forSite: Site = site) {
  return new LakeQueries({
    site: forSite,
    database: 'lake',
    view: 'samples',
    uncountedPaths: [],
    qualityFeedback: true,
    ...over,
  });
}

/** What Grafana makes of a query before it sends it. */
async function ask(
  sql: string,
  from: string,
  to: string,
  shifts: readonly string[] = shiftChoices(site).map(({ id }) => id),
) {
  const filled = sql
    .replaceAll(placeholder('__from'), String(minute(from)))
    .replaceAll(placeholder('__to'), String(minute(to)))
    .replaceAll(placeholder('shift', 'singlequote'), shifts.map((id) => `'${id}'`).join(','));
  expect(filled).not.toContain('${');
  return (await database.query<Record<string, unknown>>(filled)).rows;
}

const ALL = { condition: "path LIKE 'small/%'", by: 'line' } as const;

beforeAll(async () => {
  await database.exec(TRINO);
});
afterAll(() => database.close());

async function given(...rows: readonly string[]): Promise<void> {
  await database.exec(`DELETE FROM lake.samples; INSERT INTO lake.samples VALUES ${rows.join(', ')}`);
}

describe('OEE by shift', () => {
  const FILLER = 'small/line-1/filler';
  // Berlin is an hour ahead of UTC in winter, two in summer. 2026-03-02 is a Monday.
  const shiftOf = async (end: string) => {
    await given(tick(FILLER, end, RUNNING));
    const rows = await ask(queriesFor().oeeByShift(ALL), '2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z');
    return rows[0]?.shift_day;
  };

  test.each([
    ['the minute that ends as a shift begins belongs to the one before', '2026-03-02T05:00:00Z', '2026-03-02 none'],
    ['the first minute of a shift', '2026-03-02T05:01:00Z', '2026-03-02 early'],
    ['the last minute of a shift', '2026-03-02T13:00:00Z', '2026-03-02 early'],
    ['a shift that is not on that day', '2026-03-04T15:00:00Z', '2026-03-04 none'],
    ['a night shift before midnight', '2026-03-02T22:30:00Z', '2026-03-02 night'],
    ['a night shift after midnight belongs to the day on which it began', '2026-03-03T02:00:00Z', '2026-03-02 night'],
    ['the night after is no shift: it begins on Mondays only', '2026-03-04T02:00:00Z', '2026-03-04 none'],
    ['by the clocks of summer', '2026-06-01T04:01:00Z', '2026-06-01 early'],
  ])('%s', async (_what, end, expected) => expect(await shiftOf(end)).toBe(expected));

  test('adds up first and divides then; a minute of downtime counts as much as a minute of running', async () => {
    await given(tick(FILLER, '2026-03-02T08:01:00Z', RUNNING), tick(FILLER, '2026-03-02T08:02:00Z', DOWN));
    const rows = await ask(queriesFor().oeeByShift(ALL), '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z');
    expect(rows).toEqual([
      {
        shift_day: '2026-03-02 early',
        line: 'line-1',
        oee: 0.4,
        availability: 0.5,
        performance: 0.9,
        quality: 48 / 54,
      },
    ]);
  });

  test("takes the MES's corrections, which are stamped 1 ms before the end of their minute", async () => {
    await given(
      tick(FILLER, '2026-03-02T08:01:00Z', RUNNING),
      tick(FILLER, '2026-03-02T08:02:00Z', RUNNING),
      `('${FILLER}/mes-s', ${minute('2026-03-02T08:01:00Z') - 1}, '2026-03-02', -12, NULL)`,
    );
    const [row] = await ask(queriesFor().oeeByShift(ALL), '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z');
    expect(row).toMatchObject({ oee: (48 + 36) / 120, availability: 1, performance: 0.9 });
  });

  test("leaves the MES's corrections out where it does not correct quality, and what is not GOOD", async () => {
    await given(
      tick(FILLER, '2026-03-02T08:01:00Z', RUNNING),
      `('${FILLER}/mes-s', ${minute('2026-03-02T08:01:00Z') - 1}, '2026-03-02', -12, NULL)`,
    );
    await database.exec(
      `INSERT INTO lake.samples VALUES ('${FILLER}/run-s', ${minute('2026-03-02T08:02:00Z')}, '2026-03-02', 60, NULL, 'BAD')`,
    );
    const queries = queriesFor({ qualityFeedback: false });
    const [row] = await ask(queries.oeeByShift(ALL), '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z');
    expect(row).toMatchObject({ oee: 48 / 60, availability: 1 });
  });

  test('makes up no number: without parts, or without their ideal cycle, availability alone', async () => {
    const alone = { oee: null, availability: 0.5, performance: null, quality: null };
    const halfDown = { 'run-s': 30, 'down-s': 30, 'busy-s': 60 };
    const range = ['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'] as const;
    await given(tick(FILLER, '2026-03-02T08:01:00Z', halfDown));
    expect((await ask(queriesFor().oeeByShift(ALL), ...range))[0]).toMatchObject(alone);
    await given(tick(FILLER, '2026-03-02T08:01:00Z', { ...halfDown, produced: 9, 'ideal-s': 0, 'good-s': 0 }));
    expect((await ask(queriesFor().oeeByShift(ALL), ...range))[0]).toMatchObject(alone);
    await given(tick(FILLER, '2026-03-02T08:01:00Z', { ...halfDown, produced: 0, 'ideal-s': 0, 'good-s': 0 }));
    expect((await ask(queriesFor().oeeByShift(ALL), ...range))[0]).toMatchObject({ ...alone, oee: 0, performance: 0 });
  });

  test('has no figure for a shift of planned stop only: not 0', async () => {
    await given(tick(FILLER, '2026-03-02T08:01:00Z', { 'planned-s': 60 }));
    const [row] = await ask(queriesFor().oeeByShift(ALL), '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z');
    expect(row).toMatchObject({ oee: null, availability: null, performance: null, quality: null });
  });

  test('shows the chosen shifts alone', async () => {
    await given(tick(FILLER, '2026-03-02T08:01:00Z', RUNNING), tick(FILLER, '2026-03-02T15:01:00Z', RUNNING));
    const rows = await ask(queriesFor().oeeByShift(ALL), '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z', ['late']);
    expect(rows.map(({ shift_day }) => shift_day)).toEqual(['2026-03-02 late']);
  });

  test("leaves machines beside the bottleneck out of the line's figure, not out of their own", async () => {
    const CAPPER = 'small/line-1/capper';
    await given(tick(FILLER, '2026-03-02T08:01:00Z', RUNNING), tick(CAPPER, '2026-03-02T08:01:00Z', DOWN));
    const queries = queriesFor({ uncountedPaths: [CAPPER] });
    const range = ['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'] as const;
    expect(await ask(queries.oeeByShift(ALL), ...range)).toMatchObject([{ line: 'line-1', oee: 0.8 }]);
    expect(await ask(queries.oeeByShift({ ...ALL, by: 'machine' }), ...range)).toMatchObject([
      { machine: 'capper', oee: 0 },
      { machine: 'filler', oee: 0.8 },
    ]);
  });
});

test('losses add up to the time of all ticks', async () => {
  await given(
    tick('small/line-1/filler', '2026-03-02T08:01:00Z', RUNNING),
    tick('small/line-1/filler', '2026-03-02T08:02:00Z', DOWN),
    tick('small/line-1/filler', '2026-03-02T08:03:00Z', { 'planned-s': 20, 'unknown-s': 40 }),
  );
  const [row = {}] = await ask(queriesFor().losses(ALL), '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z');
  expect(row).toMatchObject({ good: 48 / 3600, quality_loss: 6 / 3600, speed_loss: 6 / 3600, downtime: 60 / 3600 });
  const { line: _line, ...hours } = row;
  expect(Object.values(hours).reduce((sum: number, each) => sum + Number(each), 0)).toBeCloseTo(3 / 60, 12);
});

test('run time of which no parts are known has no losses: it stands by itself', async () => {
  await given(tick('small/line-1/filler', '2026-03-02T08:01:00Z', { 'run-s': 45, 'down-s': 15, 'busy-s': 60 }));
  const rows = await ask(queriesFor().losses(ALL), '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z');
  expect(rows).toEqual([
    {
      line: 'line-1',
      good: null,
      quality_loss: null,
      speed_loss: null,
      run_without_parts: 45 / 3600,
      downtime: 15 / 3600,
      planned_stop: 0,
      unknown: 0,
    },
  ]);
});

describe('gaps', () => {
  const CAPPER =
    '      - { id: capper, source: plc, state: { node: "ns=2;s=CapperState", map: { 1: RUNNING, 2: IDLE } } }\n      - id: washer';
  const { site: two } = deployableSite('site.yaml', undefined, () =>
    SMALL_TEXT.replace('      - id: washer', () => CAPPER),
  );

  test('are unknown states and minutes without a tick alike; the machine that told nothing is the first, one without a state has none', async () => {
    await given(
      tick('small/line-1/filler', '2025-03-03T08:01:00Z', RUNNING),
      tick('small/line-1/filler', '2025-03-03T08:02:00Z', { 'run-s': 30, 'busy-s': 30, 'unknown-s': 30 }),
    );
    const rows = await ask(queriesFor({}, two).gaps(ALL), '2025-03-03T08:00:00Z', '2025-03-03T08:03:00Z');
    expect(rows).toEqual([
      { line: 'line-1', machine: 'capper', unknown_share: 1, newest: null },
      { line: 'line-1', machine: 'filler', unknown_share: 0.5, newest: new Date('2025-03-03T08:02:00Z') },
    ]);
  });

  test('are those of the machines in question', async () => {
    await given(tick('small/line-1/filler', '2025-03-03T08:01:00Z', RUNNING));
    const of = async (condition: string) => {
      const gaps = queriesFor({}, two).gaps({ condition, by: 'machine' });
      return (await ask(gaps, '2025-03-03T08:00:00Z', '2025-03-03T08:01:00Z')).map(({ machine }) => machine);
    };
    expect(await of("path LIKE concat('small/', 'line-1/capper', '/%')")).toEqual(['capper']);
    expect(await of("path LIKE 'small/line-1/%'")).toEqual(['capper', 'filler']);
    expect(await of("path LIKE 'small/line-2/%'")).toEqual([]);
  });

  test('are none of the future', async () => {
    const now = Date.now();
    const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
    await given(tick('small/line-1/filler', at(-9), RUNNING), tick('small/line-1/filler', at(-8), RUNNING));
    const [row] = await ask(queriesFor().gaps(ALL), at(-10), at(50));
    expect(Number(row?.unknown_share)).toBeCloseTo(0.8, 1);
    const [ahead] = await ask(queriesFor().gaps(ALL), at(10), at(50));
    expect(ahead).toMatchObject({ machine: 'filler', unknown_share: null });
  });
});

describe('time by state', () => {
  const FILLER = 'small/line-1/filler';
  const state = (at: string, value: string) =>
    `('${FILLER}/state', ${minute(at)}, '${at.slice(0, 10)}', NULL, '${value}')`;
  /** Minutes by state. */
  const minutesByState = async (from: string, to: string, shifts?: readonly string[], forSite?: Site) => {
    const rows = await ask(queriesFor({}, forSite).states(ALL), from, to, shifts);
    return Object.fromEntries(rows.map(({ state, hours }) => [state, Math.round(Number(hours) * 60 * 1e6) / 1e6]));
  };

  test('a state holds until the next one, or until the end of the range', async () => {
    await given(
      state('2026-03-02T08:00:00Z', 'RUNNING'),
      state('2026-03-02T09:30:00Z', 'FAULT'),
      state('2026-03-02T10:20:00Z', 'RUNNING'),
      tick(FILLER, '2026-03-02T11:00:00Z', RUNNING),
    );
    expect(await minutesByState('2026-03-02T07:00:00Z', '2026-03-02T10:00:00Z')).toEqual({ RUNNING: 90, FAULT: 30 });
  });

  // By hand. Early is 05:00 to 13:00 UTC, late 13:00 to 21:00. The gateway died at 13:40.
  //   04:50 FAULT, 05:20 RUNNING, 12:45 IDLE, 13:10 RUNNING, 13:40 last tick
  test.each([
    ['outside of all shifts before the early one', 'none', { FAULT: 10 }],
    ['the state that holds as the shift begins', 'early', { FAULT: 20, RUNNING: 445, IDLE: 15 }],
    ['the rest of a state over two shifts, and no minute after the last tick', 'late', { IDLE: 10, RUNNING: 30 }],
    ['a shift that nobody confirmed', 'night', {}],
  ])('%s', async (_what, shift, expected) => {
    await given(
      state('2026-03-02T04:50:00Z', 'FAULT'),
      state('2026-03-02T05:20:00Z', 'RUNNING'),
      state('2026-03-02T12:45:00Z', 'IDLE'),
      state('2026-03-02T13:10:00Z', 'RUNNING'),
      tick(FILLER, '2026-03-02T13:40:00Z', RUNNING),
    );
    expect(await minutesByState('2026-03-02T04:00:00Z', '2026-03-03T04:00:00Z', [shift])).toEqual(expected);
  });

  test('begins with the state that held when the range began, weeks ago', async () => {
    await given(
      state('2026-02-10T05:00:00Z', 'IDLE'),
      state('2026-03-02T05:10:00Z', 'RUNNING'),
      tick(FILLER, '2026-03-02T05:30:00Z', RUNNING),
    );
    expect(await minutesByState('2026-03-02T05:00:00Z', '2026-03-02T13:00:00Z')).toEqual({ IDLE: 10, RUNNING: 20 });
  });

  test('is nothing where the machine was confirmed last before the range began', async () => {
    await given(state('2026-03-02T05:00:00Z', 'RUNNING'), tick(FILLER, '2026-03-02T05:30:00Z', RUNNING));
    expect(await minutesByState('2026-03-02T06:00:00Z', '2026-03-02T13:00:00Z')).toEqual({});
  });

  test('of a night into summer is an hour short, of one into winter an hour long', async () => {
    const nights = { ...site, shifts: [{ id: 'night', start: '22:00', end: '06:00', breaks: [] }] };
    await given(state('2026-03-28T12:00:00Z', 'RUNNING'), tick(FILLER, '2026-03-29T12:00:00Z', RUNNING));
    const spring = ['2026-03-28T18:00:00Z', '2026-03-29T12:00:00Z'] as const;
    expect(await minutesByState(...spring, ['night'], nights)).toEqual({ RUNNING: 7 * 60 });
    await given(state('2026-10-24T12:00:00Z', 'RUNNING'), tick(FILLER, '2026-10-25T12:00:00Z', RUNNING));
    const autumn = ['2026-10-24T18:00:00Z', '2026-10-25T12:00:00Z'] as const;
    expect(await minutesByState(...autumn, ['night'], nights)).toEqual({ RUNNING: 9 * 60 });
    expect(await minutesByState(...autumn, ['none'], nights)).toEqual({ RUNNING: 9 * 60 });
  });
});

test('where shifts overlap a minute counts for each of them, and once where time is added up', async () => {
  const overlapping = {
    ...site,
    shifts: [
      { id: 'early', start: '06:00', end: '14:00', breaks: [] },
      { id: 'office', start: '08:00', end: '12:00', breaks: [] },
    ],
  };
  const FILLER = 'small/line-1/filler';
  await given(
    tick(FILLER, '2026-03-02T08:01:00Z', RUNNING),
    `('${FILLER}/state', ${minute('2026-03-02T08:00:00Z')}, '2026-03-02', NULL, 'RUNNING')`,
  );
  const range = ['2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z', ['early', 'office']] as const;
  const queries = queriesFor({}, overlapping);
  const rows = await ask(queries.oeeByShift(ALL), ...range);
  expect(rows.map(({ shift_day, oee }) => [shift_day, oee])).toEqual([
    ['2026-03-02 early', 0.8],
    ['2026-03-02 office', 0.8],
  ]);
  expect(await ask(queries.losses(ALL), ...range)).toMatchObject([{ good: 48 / 3600 }]);
  expect((await ask(queries.states(ALL), ...range)).map(({ hours }) => Number(hours))).toEqual([1 / 60]);
});

test('a site without shifts has one choice, the day, and its minutes are in it', async () => {
  const { site: shiftless } = deployableSite('site.yaml', undefined, () => SMALL_TEXT);
  await given(tick('small/line-1/filler', '2026-03-02T08:01:00Z', RUNNING));
  const rows = await ask(
    queriesFor({}, shiftless).oeeByShift(ALL),
    '2026-03-02T00:00:00Z',
    '2026-03-03T00:00:00Z',
    shiftChoices(shiftless).map(({ id }) => id),
  );
  expect(rows).toMatchObject([{ shift_day: '2026-03-02 day', oee: 0.8 }]);
});
