import type { Queries } from './database.ts';
import type { StoredPoint } from './historian.ts';
import { GOOD, POINT_COLUMNS, type PointRow, toPoint } from './sample-rows.ts';

/** Above this many raw values a trend is drawn from the roll-ups by minute. */
export const RAW_TREND_LIMIT = 150_000;
/** First, smallest, largest, last. */
const POINTS_PER_SLICE = 4;

/**
 * A trend of at most `maxPoints`: all values if they fit, else of each equal slice of time the first, last, smallest and
 * largest (of GOOD quality; false and true count as 0 and 1). Long ranges come from the roll-ups, to the last closed minute.
 */
export async function reducedSamples(
  queries: Queries,
  seriesId: number | undefined,
  fromMs: number,
  toMs: number,
  maxPoints: number,
  rawLimit: number,
): Promise<{ points: StoredPoint[]; reduced: boolean }> {
  if (seriesId === undefined) return { points: [], reduced: false };
  const raw = await queries.query<PointRow>(
    `SELECT ${POINT_COLUMNS} FROM sample s WHERE s.series_id = $1 AND s.time_ms > $2 AND s.time_ms <= $3
     ORDER BY s.time_ms LIMIT $4`,
    [seriesId, fromMs, toMs, maxPoints + 1],
  );
  if (raw.length <= maxPoints) return { points: raw.map(toPoint), reduced: false };
  const [counted] = await queries.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM (
       SELECT 1 FROM sample WHERE series_id = $1 AND time_ms > $2 AND time_ms <= $3 LIMIT $4) AS bounded`,
    [seriesId, fromMs, toMs, rawLimit + 1],
  );
  // The first value need not lie at the range's start: slices begin where the values do.
  const startMs = Math.max(fromMs, (raw[0]?.time_ms ?? fromMs) - 1);
  const slices = Math.max(1, Math.floor(maxPoints / POINTS_PER_SLICE));
  const sliceMs = Math.max(1, Math.ceil((toMs - startMs) / slices));
  const read = (counted?.count ?? 0) > rawLimit ? fromRollups : fromSamples;
  const points = await read(queries, seriesId, startMs, toMs, sliceMs);
  return { points, reduced: true };
}

async function fromSamples(
  queries: Queries,
  seriesId: number,
  fromMs: number,
  toMs: number,
  sliceMs: number,
): Promise<StoredPoint[]> {
  const rows = await queries.query<PointRow>(
    `WITH p AS MATERIALIZED (
       SELECT *, (time_ms - $2 - 1) / $4 AS slice,
         CASE WHEN quality = ${GOOD} THEN coalesce(value_double, value_boolean::integer::float8) END AS number
       FROM sample WHERE series_id = $1 AND time_ms > $2 AND time_ms <= $3
     ), bounds AS (
       SELECT slice, min(time_ms) AS first_ms, max(time_ms) AS last_ms, min(number) AS low, max(number) AS high
       FROM p GROUP BY slice
     ), kept AS (
       SELECT unnest(ARRAY[first_ms, last_ms,
         min(time_ms) FILTER (WHERE number = low), min(time_ms) FILTER (WHERE number = high)]) AS time_ms
       FROM p JOIN bounds USING (slice) GROUP BY slice, first_ms, last_ms
     )
     SELECT ${POINT_COLUMNS} FROM p s WHERE s.time_ms IN (SELECT time_ms FROM kept) ORDER BY s.time_ms`,
    [seriesId, fromMs, toMs, sliceMs],
  );
  return rows.map(toPoint);
}

async function fromRollups(
  queries: Queries,
  seriesId: number,
  fromMs: number,
  toMs: number,
  sliceMs: number,
): Promise<StoredPoint[]> {
  const rows = await queries.query<{ time_ms: number; value: number }>(
    `WITH p AS MATERIALIZED (
       SELECT *, (end_ms - $2 - 1) / $4 AS slice FROM rollup_minute
       WHERE series_id = $1 AND end_ms > $2 AND end_ms <= $3
     ), bounds AS (
       SELECT slice, min(first_ms) AS first_ms, max(last_ms) AS last_ms, min(minimum) AS low, max(maximum) AS high
       FROM p GROUP BY slice
     ), extremes AS (
       SELECT low, high, min(minimum_ms) FILTER (WHERE minimum = low) AS low_ms,
         min(maximum_ms) FILTER (WHERE maximum = high) AS high_ms
       FROM p JOIN bounds USING (slice) GROUP BY slice, low, high
     )
     SELECT DISTINCT time_ms::float8 AS time_ms, value FROM (
       SELECT low_ms AS time_ms, low AS value FROM extremes
       UNION ALL SELECT high_ms, high FROM extremes
       UNION ALL SELECT p.first_ms, p.first FROM p JOIN bounds USING (slice) WHERE p.first_ms = bounds.first_ms
       UNION ALL SELECT p.last_ms, p.last FROM p JOIN bounds USING (slice) WHERE p.last_ms = bounds.last_ms
     ) AS kept ORDER BY time_ms`,
    [seriesId, fromMs, toMs, sliceMs],
  );
  return rows.map(({ time_ms, value }) => ({ timeMs: time_ms, value, quality: 'GOOD' }));
}
