import type { Sample } from '../../core/telemetry/types.ts';
import type { Database, Queries } from './database.ts';

/** A period is summed up when it ended this long ago: its last values are usually in. Later ones make it due again. */
const SETTLE_MS = 5_000;

/** What is noted as due. */
export interface DuePeriodsOptions {
  /** The table of the ends of the periods that are due: `end_ms bigint PRIMARY KEY`. */
  readonly table: 'rollup_due' | 'tick_hour_due';
  readonly periodMs: number;
  /** Whether a sample changes what is kept of its period. */
  readonly concerns: (sample: Sample) => boolean;
}

/**
 * Periods of which something kept has to be computed again: noted in the same transaction as the samples that touch them, so
 * that no crash can lose one. A copy in memory keeps a sample from costing a write when its period is noted already.
 */
export class DuePeriods {
  readonly #database: Database;
  readonly #options: DuePeriodsOptions;
  readonly #due = new Set<number>();

  constructor(database: Database, options: DuePeriodsOptions) {
    this.#database = database;
    this.#options = options;
  }

  async load(): Promise<void> {
    this.#due.clear();
    const rows = await this.#database.query<{ end_ms: number }>(
      `SELECT end_ms::float8 AS end_ms FROM ${this.#options.table}`,
    );
    for (const { end_ms } of rows) this.#due.add(end_ms);
  }

  /** The ends of the periods that these samples touch and that are not yet noted. */
  newlyDue(samples: readonly Sample[]): number[] {
    const { periodMs, concerns } = this.#options;
    const due = new Set<number>();
    for (const sample of samples) {
      const endMs = Math.ceil(sample.timeMs / periodMs) * periodMs;
      if (!this.#due.has(endMs) && !due.has(endMs) && concerns(sample)) due.add(endMs);
    }
    return [...due];
  }

  /** Notes them, in the transaction that writes the samples. */
  async mark(queries: Queries, endsMs: readonly number[]): Promise<void> {
    if (endsMs.length === 0) return;
    await queries.query(
      `INSERT INTO ${this.#options.table} (end_ms) SELECT unnest($1::bigint[]) ON CONFLICT DO NOTHING`,
      [endsMs],
    );
  }

  /** The transaction of `mark` has committed. */
  committed(endsMs: readonly number[]): void {
    for (const endMs of endsMs) this.#due.add(endMs);
  }

  /** The ends of the periods that are due and over, oldest first. */
  closed(nowMs: number): number[] {
    return [...this.#due].filter((endMs) => endMs <= nowMs - SETTLE_MS).sort((one, other) => one - other);
  }

  /** They are up to date: to be called in the transaction that computes them, `forget` after it has committed. */
  async unmark(queries: Queries, endsMs: readonly number[]): Promise<void> {
    await queries.query(`DELETE FROM ${this.#options.table} WHERE end_ms = ANY($1::bigint[])`, [endsMs]);
  }

  forget(endsMs: readonly number[]): void {
    for (const endMs of endsMs) this.#due.delete(endMs);
  }

  /** Values before this time are gone: their periods cannot be computed again. */
  async forgetBefore(beforeMs: number): Promise<void> {
    await this.#database.query(`DELETE FROM ${this.#options.table} WHERE end_ms <= $1`, [beforeMs]);
    this.forget([...this.#due].filter((endMs) => endMs <= beforeMs));
  }
}

/** Joins periods that follow each other: (fromMs, toMs]. */
export function adjoining(endsMs: readonly number[], periodMs: number): { fromMs: number; toMs: number }[] {
  const ranges: { fromMs: number; toMs: number }[] = [];
  for (const endMs of endsMs) {
    const last = ranges.at(-1);
    if (last !== undefined && last.toMs === endMs - periodMs) last.toMs = endMs;
    else ranges.push({ fromMs: endMs - periodMs, toMs: endMs });
  }
  return ranges;
}
