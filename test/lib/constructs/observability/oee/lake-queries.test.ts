import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Site } from '../../../../../core/site/site.ts';
import { LakeQueries, shiftChoices } from '../../../../../lib/constructs/observability/oee/lake-queries.ts';
import { placeholder } from '../../../../../lib/constructs/observability/oee/panels.ts';
import { deployableSite } from '../../../../../lib/site-files.ts';
import { SMALL_TEXT } from '../../../../support/site-text.ts';

/**
 * The queries are Athena's (Trino). They run here on PostgreSQL, with the few functions that Trino has and PostgreSQL has not: what is checked
 * is what they add up and where they put a shift, not Athena's parser.
 */
const TRINO = `
  CREATE FUNCTION from_unixtime(double precision) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS 'SELECT to_timestamp($1)';
  CREATE FUNCTION from_unixtime(numeric) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS 'SELECT to_timestamp($1::double precision)';
  CREATE FUNCTION hour(timestamp) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT extract(hour FROM $1)::int';
  CREATE FUNCTION minute(timestamp) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT extract(minute FROM $1)::int';
  CREATE FUNCTION day_of_week(timestamp) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT extract(isodow FROM $1)::int';
  CREATE FUNCTION date_add(text, int, date) RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT $3 + $2';
  CREATE FUNCTION date_format(timestamptz, text) RETURNS text LANGUAGE sql STABLE AS $$SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD')$$;
  CREATE FUNCTION regexp_extract(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT substring($1 FROM $2)';
  CREATE SCHEMA lake;
  CREATE TABLE lake.samples (path text, ts bigint, dt text, value_double double precision, value_string text);
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
    partlessPaths: [],
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

test('gaps are unknown states and minutes without a tick alike', async () => {
  await given(
    tick('small/line-1/filler', '2026-03-02T08:01:00Z', RUNNING),
    tick('small/line-1/filler', '2026-03-02T08:02:00Z', { 'run-s': 30, 'busy-s': 30, 'unknown-s': 30 }),
  );
  const [row] = await ask(queriesFor().gaps(ALL), '2026-03-02T08:00:00Z', '2026-03-02T08:03:00Z');
  expect(row).toMatchObject({ line: 'line-1', machine: 'filler', unknown_share: 0.5 });
});

test('a state holds until the next one, or until the end of the range', async () => {
  const state = (at: string, value: string) =>
    `('small/line-1/filler/state', ${minute(at)}, '2026-03-02', NULL, '${value}')`;
  await given(state('2026-03-02T08:00:00Z', 'RUNNING'), state('2026-03-02T09:30:00Z', 'FAULT'));
  const rows = await ask(queriesFor().states(ALL), '2026-03-02T07:00:00Z', '2026-03-02T10:00:00Z');
  expect(rows.map(({ state, hours }) => [state, Number(hours)])).toEqual([
    ['RUNNING', 1.5],
    ['FAULT', 0.5],
  ]);
});

test('a site without shifts has one choice, and its minutes are in it', async () => {
  const { site: shiftless } = deployableSite('site.yaml', undefined, () => SMALL_TEXT);
  await given(tick('small/line-1/filler', '2026-03-02T08:01:00Z', RUNNING));
  const rows = await ask(
    queriesFor({}, shiftless).oeeByShift(ALL),
    '2026-03-02T00:00:00Z',
    '2026-03-03T00:00:00Z',
    shiftChoices(shiftless).map(({ id }) => id),
  );
  expect(rows).toMatchObject([{ shift_day: '2026-03-02 none', oee: 0.8 }]);
});
