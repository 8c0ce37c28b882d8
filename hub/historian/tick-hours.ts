import type { Database } from './database.ts';
import { adjoining, DuePeriods } from './due-periods.ts';
import type { Partitions } from './partitions.ts';
import { GOOD } from './sample-rows.ts';
import { isMinuteSignal, type SeriesIds } from './series.ts';

export const HOUR_MS = 3_600_000;
/** Bound of one run, so that reads get their turn on an embedded engine. */
const HOURS_PER_RUN = 6;

/**
 * Sums of ticks by hour: a month of a factory is then added up from hours instead of a million minutes. An hour that committed
 * ticks touch is noted as due in the same transaction, and later summed up as a whole again; while it is due, its ticks
 * themselves are read (tick-sums.ts). So figures are the same with and without, at any moment.
 */
export class TickHours {
  readonly due: DuePeriods;
  readonly #database: Database;
  readonly #series: SeriesIds;
  readonly #partitions: Partitions;

  constructor(database: Database, series: SeriesIds, partitions: Partitions) {
    this.#database = database;
    this.#series = series;
    this.#partitions = partitions;
    this.due = new DuePeriods(database, {
      table: 'tick_hour_due',
      periodMs: HOUR_MS,
      concerns: ({ path }) => isMinuteSignal(path),
    });
  }

  /** Sums up some of the hours that are due and closed, oldest first. @returns how many such are left. */
  async run(nowMs: number): Promise<number> {
    const closed = this.due.closed(nowMs);
    const now = closed.slice(0, HOURS_PER_RUN);
    if (now.length === 0) return 0;
    await this.#partitions.ensure('tick_hour', now);
    const ids = this.#series.idsWhere(isMinuteSignal);
    await this.#database.transaction(async (queries) => {
      for (const { fromMs, toMs } of adjoining(now, HOUR_MS)) {
        await queries.query('DELETE FROM tick_hour WHERE end_ms > $1 AND end_ms <= $2', [fromMs, toMs]);
        await queries.query(
          `INSERT INTO tick_hour (series_id, end_ms, sum, ticks)
           SELECT series_id, (time_ms + ${HOUR_MS - 1}) / ${HOUR_MS} * ${HOUR_MS}, sum(value_double), count(*) FROM sample
           WHERE series_id = ANY($1::integer[]) AND time_ms > $2 AND time_ms <= $3
             AND quality = ${GOOD} AND value_double IS NOT NULL
           GROUP BY 1, 2`,
          [ids, fromMs, toMs],
        );
      }
      await this.due.unmark(queries, now);
    });
    this.due.forget(now);
    return closed.length - now.length;
  }
}
