import type { Queries } from './database.ts';
import type { StoredPoint } from './historian.ts';
import { POINT_COLUMNS, type PointRow, toPoint } from './sample-rows.ts';
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

/** The paths that have a series, by its id. */
export function pathsById(series: SeriesIds, paths: readonly string[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const path of paths) {
    const id = series.get(path);
    if (id !== undefined) found.set(id, path);
  }
  return found;
}
