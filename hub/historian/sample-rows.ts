import type { Quality, Sample, Value } from '../../core/telemetry/types.ts';
import type { Queries } from './database.ts';
import type { StoredPoint } from './historian.ts';
import type { SeriesIds } from './series.ts';

const QUALITIES: readonly Quality[] = ['GOOD', 'BAD', 'UNCERTAIN'];
const QUALITY_NUMBER: Readonly<Record<Quality, number>> = { GOOD: 0, BAD: 1, UNCERTAIN: 2 };

/** The number under which GOOD is stored. */
export const GOOD = QUALITY_NUMBER.GOOD;

/** The columns that make a StoredPoint; the table's alias is `s`. */
export const POINT_COLUMNS =
  's.time_ms::float8 AS time_ms, s.value_double, s.value_string, s.value_boolean, s.quality::integer AS quality';

/** A row of POINT_COLUMNS. */
export interface PointRow {
  readonly time_ms: number;
  readonly value_double: number | null;
  readonly value_string: string | null;
  readonly value_boolean: boolean | null;
  readonly quality: number;
}

export function toPoint(row: PointRow): StoredPoint {
  return {
    timeMs: row.time_ms,
    value: row.value_double ?? row.value_string ?? row.value_boolean,
    quality: QUALITIES[row.quality] ?? 'BAD',
  };
}

/** Samples by column, as `unnest` takes them: one statement for any number of rows. */
export interface SampleColumns {
  readonly seriesIds: number[];
  readonly timesMs: number[];
  readonly doubles: (number | null)[];
  readonly strings: (string | null)[];
  readonly booleans: (boolean | null)[];
  readonly qualities: number[];
}

/** Lays samples out by column; of two with the same path and time the later one stays (an upsert may touch a row once). */
export function toColumns(samples: readonly Sample[], series: SeriesIds): SampleColumns {
  const columns: SampleColumns = { seriesIds: [], timesMs: [], doubles: [], strings: [], booleans: [], qualities: [] };
  const rowOf = new Map<number, Map<number, number>>();
  for (const sample of samples) {
    const id = series.get(sample.path);
    if (id === undefined) throw new Error(`no series for ${sample.path}: ensure() comes first`);
    let rows = rowOf.get(id);
    if (rows === undefined) {
      rows = new Map();
      rowOf.set(id, rows);
    }
    const row = rows.get(sample.timeMs) ?? columns.seriesIds.length;
    rows.set(sample.timeMs, row);
    columns.seriesIds[row] = id;
    columns.timesMs[row] = sample.timeMs;
    columns.doubles[row] = pick(sample.value, 'number');
    columns.strings[row] = pick(sample.value, 'string');
    columns.booleans[row] = pick(sample.value, 'boolean');
    columns.qualities[row] = QUALITY_NUMBER[sample.quality];
  }
  return columns;
}

function pick(value: Value | null, type: 'number'): number | null;
function pick(value: Value | null, type: 'string'): string | null;
function pick(value: Value | null, type: 'boolean'): boolean | null;
function pick(value: Value | null, type: string): Value | null {
  return typeof value === type ? value : null;
}

/** Inserts or overwrites. Series and partitions must exist. */
export async function upsertSamples(queries: Queries, columns: SampleColumns): Promise<void> {
  if (columns.seriesIds.length === 0) return;
  await queries.query(
    `INSERT INTO sample (series_id, time_ms, value_double, value_string, value_boolean, quality)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::float8[], $4::text[], $5::boolean[], $6::smallint[])
     ON CONFLICT (series_id, time_ms) DO UPDATE SET value_double = excluded.value_double,
       value_string = excluded.value_string, value_boolean = excluded.value_boolean, quality = excluded.quality`,
    [columns.seriesIds, columns.timesMs, columns.doubles, columns.strings, columns.booleans, columns.qualities],
  );
}
