import { type BatchMessage, fromMachineMessage } from '../../core/telemetry/message.ts';
import type { Sample } from '../../core/telemetry/types.ts';
import type { Database } from './database.ts';
import type { Historian, MetricRow, OutboxCursor, StoredPoint } from './historian.ts';
import { putMetrics, readMetrics } from './metrics.ts';
import { PARTITIONED, Partitions, WEEK_MS } from './partitions.ts';
import { type PoisonBatch, setAside } from './poison.ts';
import { latestBefore, samples, signalsOf } from './reads.ts';
import { RAW_TREND_LIMIT, reducedSamples } from './reduced.ts';
import { Rollups } from './rollups.ts';
import { toColumns, upsertSamples } from './sample-rows.ts';
import { migrate } from './schema.ts';
import { Serial } from './serial.ts';
import { SeriesIds } from './series.ts';
import { addSimulatedPeriod, type PeriodMs, simulatedSpans } from './simulated.ts';
import { TickHours } from './tick-hours.ts';
import { tickSums } from './tick-sums.ts';

const DAY_MS = 24 * 3_600_000;

export interface HistorianOptions {
  readonly retentionDays: number;
  /** The hub's clock, ms since 1970. */
  readonly now: () => number;
  /** Above this many raw values a trend comes from the roll-ups by minute. @default 150,000 */
  readonly rawTrendLimit?: number;
}

/** The historian in SQL, on any Database. One process at a time writes. */
export class SqlHistorian implements Historian {
  readonly #database: Database;
  readonly #options: HistorianOptions;
  readonly #series: SeriesIds;
  readonly #partitions: Partitions;
  readonly #rollups: Rollups;
  readonly #tickHours: TickHours;
  /** Writers wait for each other, so that what they remember of the database (ids, due roll-ups) stays true. */
  readonly #writes = new Serial();

  private constructor(database: Database, options: HistorianOptions) {
    this.#database = database;
    this.#options = options;
    this.#series = new SeriesIds(database);
    this.#partitions = new Partitions(database);
    this.#rollups = new Rollups(database, this.#series, this.#partitions);
    this.#tickHours = new TickHours(database, this.#series, this.#partitions);
  }

  /** Migrates and opens; closes with the historian. */
  static async open(database: Database, options: HistorianOptions): Promise<SqlHistorian> {
    const historian = new SqlHistorian(database, options);
    await migrate(database);
    await historian.#series.load();
    await historian.#partitions.load();
    await historian.#rollups.due.load();
    await historian.#tickHours.due.load();
    const now = options.now();
    for (const table of PARTITIONED) await historian.#partitions.ensure(table, [now]);
    return historian;
  }

  commit(gateway: string, batches: readonly BatchMessage[]): Promise<void> {
    const last = batches.at(-1);
    if (last === undefined) return Promise.resolve();
    return this.#writes.run(async () => {
      const all = batches.flatMap((batch) => batch.machines.flatMap(fromMachineMessage));
      await this.#write(all, last, gateway, simulatedSpans(batches));
    });
  }

  /** Puts a batch that can never be stored where a person finds it, and moves the cursor past it. */
  setAside(gateway: string, poison: PoisonBatch): Promise<void> {
    return this.#writes.run(() =>
      this.#database.transaction(async (queries) => {
        await setAside(queries, gateway, poison, this.#options.now());
        await moveCursor(queries.query, gateway, poison.outbox, poison.sequence, this.#options.now());
      }),
    );
  }

  /** The newest cursor of each gateway first. */
  async cursors(): Promise<OutboxCursor[]> {
    return this.#database.query<OutboxCursor & object>(
      'SELECT gateway, outbox, sequence::float8 AS sequence FROM outbox_cursor ORDER BY changed_ms DESC',
    );
  }

  putOwn(own: readonly Sample[]): Promise<void> {
    return this.#writes.run(() => this.#write(own));
  }

  samples(path: string, fromMs: number, toMs: number, limit: number): Promise<StoredPoint[]> {
    return samples(this.#database, this.#series.get(path), fromMs, toMs, limit);
  }

  reducedSamples(path: string, fromMs: number, toMs: number, maxPoints: number) {
    return reducedSamples(
      this.#database,
      this.#series.get(path),
      fromMs,
      toMs,
      maxPoints,
      this.#options.rawTrendLimit ?? RAW_TREND_LIMIT,
    );
  }

  latestBefore(paths: readonly string[], atMs: number): Promise<Map<string, StoredPoint>> {
    return latestBefore(this.#database, this.#series, paths, atMs);
  }

  signalsOf(machinePath: string, signals: readonly string[], fromMs: number, toMs: number) {
    return signalsOf(this.#database, this.#series, machinePath, signals, fromMs, toMs);
  }

  tickSums(
    machinePaths: readonly string[],
    signals: readonly string[],
    ranges: readonly { readonly fromMs: number; readonly toMs: number }[],
  ) {
    return tickSums(this.#database, this.#series, machinePaths, signals, ranges);
  }

  putMetrics(rows: readonly MetricRow[]): Promise<void> {
    return this.#writes.run(async () => {
      await this.#partitions.ensure('metric', new Set(rows.map((row) => row.endMs)));
      await this.#database.transaction((queries) => putMetrics(queries, rows));
    });
  }

  metrics(path: string, properties: readonly string[], fromMs: number, toMs: number): Promise<MetricRow[]> {
    return readMetrics(this.#database, path, properties, fromMs, toMs);
  }

  async simulatedPeriods(machinePath: string, fromMs: number, toMs: number): Promise<PeriodMs[]> {
    return this.#database.query<PeriodMs & object>(
      `SELECT from_ms::float8 AS "fromMs", to_ms::float8 AS "toMs" FROM simulated_period
       WHERE machine_path = $1 AND from_ms <= $3 AND to_ms > $2 ORDER BY from_ms`,
      [machinePath, fromMs, toMs],
    );
  }

  /** Brings the sums of closed hours and the roll-ups of closed minutes up to date. @returns how many are still due. */
  rollUp(nowMs: number): Promise<number> {
    return this.#writes.run(async () => (await this.#tickHours.run(nowMs)) + (await this.#rollups.run(nowMs)));
  }

  maintain(nowMs: number): Promise<void> {
    return this.#writes.run(async () => {
      const beforeMs = nowMs - this.#options.retentionDays * DAY_MS;
      for (const table of PARTITIONED) await this.#partitions.ensure(table, [nowMs, nowMs + WEEK_MS]);
      await this.#partitions.dropBefore(beforeMs);
      await this.#rollups.due.forgetBefore(beforeMs);
      await this.#tickHours.due.forgetBefore(beforeMs);
      await this.#database.query('DELETE FROM simulated_period WHERE to_ms < $1', [beforeMs]);
      await this.#database.query('DELETE FROM poison_batch WHERE set_aside_ms < $1', [beforeMs]);
      await this.#database.tidy();
    });
  }

  close(): Promise<void> {
    return this.#writes.run(() => this.#database.close());
  }

  async #write(
    all: readonly Sample[],
    last?: BatchMessage,
    gateway?: string,
    simulated?: ReadonlyMap<string, PeriodMs>,
  ) {
    await this.#series.ensure(all.map((sample) => sample.path));
    const columns = toColumns(all, this.#series);
    await this.#partitions.ensure('sample', weeksOf(columns.timesMs));
    const due = this.#rollups.due.newlyDue(all);
    const dueHours = this.#tickHours.due.newlyDue(all);
    await this.#database.transaction(async (queries) => {
      await upsertSamples(queries, columns);
      await this.#rollups.due.mark(queries, due);
      await this.#tickHours.due.mark(queries, dueHours);
      for (const [machinePath, period] of simulated ?? []) await addSimulatedPeriod(queries, machinePath, period);
      if (last !== undefined && gateway !== undefined) {
        await moveCursor(queries.query, gateway, last.outbox, last.sequence, this.#options.now());
      }
    });
    this.#rollups.due.committed(due);
    this.#tickHours.due.committed(dueHours);
  }
}

/** One time of each week that occurs. */
function weeksOf(timesMs: readonly number[]): number[] {
  const byWeek = new Map<number, number>();
  for (const timeMs of timesMs) byWeek.set(Math.floor(timeMs / WEEK_MS), timeMs);
  return [...byWeek.values()];
}

async function moveCursor(
  query: Database['query'],
  gateway: string,
  outbox: string,
  sequence: number,
  nowMs: number,
): Promise<void> {
  await query(
    `INSERT INTO outbox_cursor (gateway, outbox, sequence, changed_ms) VALUES ($1, $2, $3, $4)
     ON CONFLICT (gateway, outbox) DO UPDATE SET sequence = excluded.sequence, changed_ms = excluded.changed_ms`,
    [gateway, outbox, sequence, nowMs],
  );
}
