import type { Queries } from './database.ts';
import type { StoredPoint } from './historian.ts';
import { GOOD, POINT_COLUMNS, type PointRow, toPoint } from './sample-rows.ts';
import type { SeriesIds } from './series.ts';

export async function samples(
  queries: Queries,
  seriesId: number | undefined,
  fromMs: number,
  toMs: number,
  limit: number,
): Promise<StoredPoint[]> {
  if (seriesId === undefined) return [];
  const rows = await queries.query<PointRow>(
    `SELECT ${POINT_COLUMNS} FROM sample s
     WHERE s.series_id = $1 AND s.time_ms > $2 AND s.time_ms <= $3 ORDER BY s.time_ms LIMIT $4`,
    [seriesId, fromMs, toMs, limit],
  );
  return rows.map(toPoint);
}

export async function latestBefore(
  queries: Queries,
  series: SeriesIds,
  paths: readonly string[],
  atMs: number,
): Promise<Map<string, StoredPoint>> {
  const pathOf = pathsById(series, paths);
  if (pathOf.size === 0) return new Map();
  const rows = await queries.query<PointRow & { series_id: number }>(
    `SELECT wanted.id AS series_id, ${POINT_COLUMNS} FROM unnest($1::integer[]) AS wanted (id)
     CROSS JOIN LATERAL (
       SELECT * FROM sample WHERE series_id = wanted.id AND time_ms <= $2 ORDER BY time_ms DESC LIMIT 1
     ) s`,
    [[...pathOf.keys()], atMs],
  );
  return new Map(rows.map((row) => [pathOf.get(row.series_id) ?? '', toPoint(row)]));
}

export async function signalsOf(
  queries: Queries,
  series: SeriesIds,
  machinePath: string,
  signals: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<Map<string, StoredPoint[]>> {
  const points = new Map<string, StoredPoint[]>(signals.map((signal) => [signal, []]));
  const pathOf = pathsById(
    series,
    signals.map((signal) => `${machinePath}/${signal}`),
  );
  if (pathOf.size === 0) return points;
  const rows = await queries.query<PointRow & { series_id: number }>(
    `SELECT s.series_id, ${POINT_COLUMNS} FROM sample s
     WHERE s.series_id = ANY($1::integer[]) AND s.time_ms > $2 AND s.time_ms <= $3 ORDER BY s.time_ms`,
    [[...pathOf.keys()], fromMs, toMs],
  );
  for (const row of rows) {
    const path = pathOf.get(row.series_id) ?? '';
    points.get(path.slice(path.lastIndexOf('/') + 1))?.push(toPoint(row));
  }
  return points;
}

export async function tickSums(
  queries: Queries,
  series: SeriesIds,
  machinePaths: readonly string[],
  signals: readonly string[],
  ranges: readonly { readonly fromMs: number; readonly toMs: number }[],
): Promise<{ range: number; machinePath: string; sums: Map<string, number>; ticks: number }[]> {
  const pathOf = pathsById(
    series,
    machinePaths.flatMap((machinePath) => signals.map((signal) => `${machinePath}/${signal}`)),
  );
  if (pathOf.size === 0 || ranges.length === 0) return [];
  const rows = await queries.query<{ range: number; series_id: number; sum: number; ticks: number }>(
    `SELECT r.range::integer AS range, total.series_id, total.sum, total.ticks
     FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS r (from_ms, to_ms, range)
     CROSS JOIN LATERAL (
       SELECT s.series_id, sum(s.value_double) AS sum, count(*)::integer AS ticks FROM sample s
       WHERE s.series_id = ANY($3::integer[]) AND s.time_ms > r.from_ms AND s.time_ms <= r.to_ms
         AND s.quality = ${GOOD} AND s.value_double IS NOT NULL
       GROUP BY s.series_id
     ) total`,
    [ranges.map((range) => range.fromMs), ranges.map((range) => range.toMs), [...pathOf.keys()]],
  );
  const found = new Map<string, { range: number; machinePath: string; sums: Map<string, number>; ticks: number }>();
  for (const row of rows) {
    const path = pathOf.get(row.series_id) ?? '';
    const cut = path.lastIndexOf('/');
    const machinePath = path.slice(0, cut);
    const key = `${row.range} ${machinePath}`;
    const entry = found.get(key) ?? { range: row.range - 1, machinePath, sums: new Map<string, number>(), ticks: 0 };
    entry.sums.set(path.slice(cut + 1), row.sum);
    entry.ticks = Math.max(entry.ticks, row.ticks);
    found.set(key, entry);
  }
  return [...found.values()];
}

function pathsById(series: SeriesIds, paths: readonly string[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const path of paths) {
    const id = series.get(path);
    if (id !== undefined) found.set(id, path);
  }
  return found;
}
