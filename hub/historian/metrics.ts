import type { Queries } from './database.ts';
import type { MetricRow } from './historian.ts';

/** Stores or removes rows; of several with the same key the last one counts. */
export async function putMetrics(queries: Queries, rows: readonly MetricRow[]): Promise<void> {
  const byKey = new Map(rows.map((row) => [`${row.path} ${row.property} ${row.endMs}`, row]));
  const kept = [...byKey.values()].filter((row) => row.value !== null);
  const removed = [...byKey.values()].filter((row) => row.value === null);
  if (removed.length > 0) {
    await queries.query(
      `DELETE FROM metric USING unnest($1::text[], $2::text[], $3::bigint[]) AS gone (path, property, end_ms)
       WHERE metric.path = gone.path AND metric.property = gone.property AND metric.end_ms = gone.end_ms`,
      [removed.map((row) => row.path), removed.map((row) => row.property), removed.map((row) => row.endMs)],
    );
  }
  if (kept.length > 0) {
    await queries.query(
      `INSERT INTO metric (path, property, end_ms, value)
       SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::float8[])
       ON CONFLICT (path, property, end_ms) DO UPDATE SET value = excluded.value WHERE metric.value <> excluded.value`,
      [
        kept.map((row) => row.path),
        kept.map((row) => row.property),
        kept.map((row) => row.endMs),
        kept.map((row) => row.value),
      ],
    );
  }
}

/** Ascending by time. */
export function readMetrics(
  queries: Queries,
  path: string,
  properties: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<MetricRow[]> {
  return queries.query<MetricRow & object>(
    `SELECT path, property, end_ms::float8 AS "endMs", value FROM metric
     WHERE path = $1 AND property = ANY($2::text[]) AND end_ms > $3 AND end_ms <= $4 ORDER BY end_ms, property`,
    [path, properties, fromMs, toMs],
  );
}
