import type { Database, Queries } from './database.ts';
import { adjoining, DuePeriods } from './due-periods.ts';
import type { Partitions } from './partitions.ts';
import { GOOD } from './sample-rows.ts';
import { isMinuteSignal, type SeriesIds } from './series.ts';

const MINUTE_MS = 60_000;
/** Bounds of one statement, so that reads get their turn on an embedded engine. */
const MINUTES_PER_RUN = 60;
const SERIES_PER_STATEMENT = 200;

/**
 * Roll-ups by minute for long trends. A minute that committed values touch is noted as due in the same transaction, and
 * later computed again as a whole from its values: any order, duplicates and corrections end in the same row, and no
 * crash can lose one.
 */
export class Rollups {
  readonly due: DuePeriods;
  readonly #database: Database;
  readonly #series: SeriesIds;
  readonly #partitions: Partitions;

  constructor(database: Database, series: SeriesIds, partitions: Partitions) {
    this.#database = database;
    this.#series = series;
    this.#partitions = partitions;
    this.due = new DuePeriods(database, {
      table: 'rollup_due',
      periodMs: MINUTE_MS,
      concerns: ({ path, value }) => typeof value === 'number' && !isMinuteSignal(path),
    });
  }

  /** Computes some of the minutes that are due and closed, oldest first. @returns how many such are left. */
  async run(nowMs: number): Promise<number> {
    const closed = this.due.closed(nowMs);
    const now = closed.slice(0, MINUTES_PER_RUN);
    if (now.length === 0) return 0;
    await this.#partitions.ensure('rollup_minute', now);
    const ids = this.#series.idsWhere((path) => !isMinuteSignal(path));
    await this.#database.transaction(async (queries) => {
      for (const { fromMs, toMs } of adjoining(now, MINUTE_MS)) {
        for (let start = 0; start < ids.length; start += SERIES_PER_STATEMENT) {
          await rollUp(queries, ids.slice(start, start + SERIES_PER_STATEMENT), fromMs, toMs);
        }
      }
      await this.due.unmark(queries, now);
    });
    this.due.forget(now);
    return closed.length - now.length;
  }
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
