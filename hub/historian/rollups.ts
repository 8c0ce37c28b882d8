import type { Sample } from '../../core/telemetry/types.ts';
import type { Database, Queries } from './database.ts';
import type { Partitions } from './partitions.ts';
import { GOOD } from './sample-rows.ts';
import { isRolledUp, type SeriesIds } from './series.ts';

const MINUTE_MS = 60_000;
/** A minute is rolled up when it ended this long ago: its last values are usually in. Later ones make it due again. */
const SETTLE_MS = 5_000;
/** Bounds of one statement, so that reads get their turn on an embedded engine. */
const MINUTES_PER_RUN = 60;
const SERIES_PER_STATEMENT = 200;

/**
 * Roll-ups by minute for long trends. A minute that committed values touch is noted as due in the same transaction, and
 * later computed again as a whole from its values: any order, duplicates and corrections end in the same row, and no
 * crash can lose one.
 */
export class Rollups {
  readonly #database: Database;
  readonly #series: SeriesIds;
  readonly #partitions: Partitions;
  /** The minutes' ends that are noted as due in the database. */
  readonly #due = new Set<number>();

  constructor(database: Database, series: SeriesIds, partitions: Partitions) {
    this.#database = database;
    this.#series = series;
    this.#partitions = partitions;
  }

  async load(): Promise<void> {
    this.#due.clear();
    const rows = await this.#database.query<{ end_ms: number }>('SELECT end_ms::float8 AS end_ms FROM rollup_due');
    for (const { end_ms } of rows) this.#due.add(end_ms);
  }

  /** The ends of the minutes that these samples touch and that are not yet noted. */
  newlyDue(samples: readonly Sample[]): number[] {
    const due = new Set<number>();
    for (const { path, timeMs, value } of samples) {
      if (typeof value !== 'number') continue;
      const endMs = Math.ceil(timeMs / MINUTE_MS) * MINUTE_MS;
      if (!this.#due.has(endMs) && !due.has(endMs) && isRolledUp(path)) due.add(endMs);
    }
    return [...due];
  }

  async markDue(queries: Queries, endsMs: readonly number[]): Promise<void> {
    if (endsMs.length === 0) return;
    await queries.query('INSERT INTO rollup_due (end_ms) SELECT unnest($1::bigint[]) ON CONFLICT DO NOTHING', [endsMs]);
  }

  /** The transaction of markDue has committed. */
  committed(endsMs: readonly number[]): void {
    for (const endMs of endsMs) this.#due.add(endMs);
  }

  /** Computes some of the minutes that are due and closed, oldest first. @returns how many such are left. */
  async run(nowMs: number): Promise<number> {
    const closed = [...this.#due].filter((endMs) => endMs <= nowMs - SETTLE_MS).sort((a, b) => a - b);
    const now = closed.slice(0, MINUTES_PER_RUN);
    if (now.length === 0) return 0;
    await this.#partitions.ensure('rollup_minute', now);
    const ids = this.#series.rolledUp();
    await this.#database.transaction(async (queries) => {
      for (const { fromMs, toMs } of adjoining(now)) {
        for (let start = 0; start < ids.length; start += SERIES_PER_STATEMENT) {
          await rollUp(queries, ids.slice(start, start + SERIES_PER_STATEMENT), fromMs, toMs);
        }
      }
      await queries.query('DELETE FROM rollup_due WHERE end_ms = ANY($1::bigint[])', [now]);
    });
    for (const endMs of now) this.#due.delete(endMs);
    return closed.length - now.length;
  }

  /** Values before this time are gone: their minutes cannot be computed again. */
  async forgetBefore(beforeMs: number): Promise<void> {
    await this.#database.query('DELETE FROM rollup_due WHERE end_ms <= $1', [beforeMs]);
    for (const endMs of this.#due) if (endMs <= beforeMs) this.#due.delete(endMs);
  }
}

/** Joins minutes that follow each other: (fromMs, toMs]. */
function adjoining(endsMs: readonly number[]): { fromMs: number; toMs: number }[] {
  const ranges: { fromMs: number; toMs: number }[] = [];
  for (const endMs of endsMs) {
    const last = ranges.at(-1);
    if (last !== undefined && last.toMs === endMs - MINUTE_MS) last.toMs = endMs;
    else ranges.push({ fromMs: endMs - MINUTE_MS, toMs: endMs });
  }
  return ranges;
}

async function rollUp(queries: Queries, seriesIds: readonly number[], fromMs: number, toMs: number): Promise<void> {
  await queries.query(
    'DELETE FROM rollup_minute WHERE series_id = ANY($1::integer[]) AND end_ms > $2 AND end_ms <= $3',
    [seriesIds, fromMs, toMs],
  );
  await queries.query(
    `INSERT INTO rollup_minute (series_id, end_ms, count, average, minimum, minimum_ms, maximum, maximum_ms,
       first, first_ms, last, last_ms)
     SELECT series_id, (time_ms + ${MINUTE_MS - 1}) / ${MINUTE_MS} * ${MINUTE_MS}, count(*), avg(value_double),
       min(value_double), (array_agg(time_ms ORDER BY value_double, time_ms))[1],
       max(value_double), (array_agg(time_ms ORDER BY value_double DESC, time_ms))[1],
       (array_agg(value_double ORDER BY time_ms))[1], min(time_ms),
       (array_agg(value_double ORDER BY time_ms DESC))[1], max(time_ms)
     FROM sample
     WHERE series_id = ANY($1::integer[]) AND time_ms > $2 AND time_ms <= $3
       AND quality = ${GOOD} AND value_double IS NOT NULL
     GROUP BY 1, 2`,
    [seriesIds, fromMs, toMs],
  );
}
