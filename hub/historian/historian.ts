import type { BatchMessage } from '../../core/telemetry/message.ts';
import type { Quality, Sample, Value } from '../../core/telemetry/types.ts';

/** A stored value of a series. Times are ms since 1970. */
export interface StoredPoint {
  readonly timeMs: number;
  readonly value: Value | null;
  readonly quality: Quality;
}

/** A computed property of an asset in one window. The key is (path, property, endMs): computing again overwrites. */
export interface MetricRow {
  /** Site, line or machine path. */
  readonly path: string;
  /** The metric's id in the asset model, e.g. `oee_15m`. */
  readonly property: string;
  /** The window's end. */
  readonly endMs: number;
  /** null removes the row: the figure no longer exists. */
  readonly value: number | null;
}

/** What the hub knows of a gateway's outbox. */
export interface OutboxCursor {
  readonly gateway: string;
  readonly outbox: string;
  /** Everything up to here is committed. */
  readonly sequence: number;
}

/**
 * The plant's memory: the same SQL on PGlite and PostgreSQL. Ranges are (fromMs, toMs] like SiteWise's windows, unless said otherwise.
 */
export interface Historian {
  /**
   * Commits batches and the cursor in one transaction. The batches follow each other without holes, from cursor + 1.
   * A sample overwrites an earlier one with the same path and time.
   * @returns when the database has committed.
   */
  commit(gateway: string, batches: readonly BatchMessage[]): Promise<void>;
  cursors(): Promise<OutboxCursor[]>;
  /** Values of one signal, ascending, at most `limit`. */
  samples(path: string, fromMs: number, toMs: number, limit: number): Promise<StoredPoint[]>;
  /** At most `maxPoints` values, the first, last, smallest and largest of each slice kept. */
  reducedSamples(
    path: string,
    fromMs: number,
    toMs: number,
    maxPoints: number,
  ): Promise<{ points: StoredPoint[]; reduced: boolean }>;
  /** The newest value at or before `atMs` of each of the paths. */
  latestBefore(paths: readonly string[], atMs: number): Promise<Map<string, StoredPoint>>;
  /** All values of several signals of a machine at once (ticks): signal id -> points, ascending. */
  signalsOf(
    machinePath: string,
    signals: readonly string[],
    fromMs: number,
    toMs: number,
  ): Promise<Map<string, StoredPoint[]>>;
  /**
   * Sums of tick signals over many (from, to] ranges in one query: for shifts, days and totals.
   * @returns one row a range and machine that has any tick.
   */
  tickSums(
    machinePaths: readonly string[],
    signals: readonly string[],
    ranges: readonly { readonly fromMs: number; readonly toMs: number }[],
  ): Promise<{ range: number; machinePath: string; sums: Map<string, number>; ticks: number }[]>;
  putMetrics(rows: readonly MetricRow[]): Promise<void>;
  metrics(path: string, properties: readonly string[], fromMs: number, toMs: number): Promise<MetricRow[]>;
  /** Periods of simulated samples of a machine that touch the range. */
  simulatedPeriods(machinePath: string, fromMs: number, toMs: number): Promise<{ fromMs: number; toMs: number }[]>;
  /** Samples that the hub itself is the one writer of (`mes-s`, ...). */
  putOwn(samples: readonly Sample[]): Promise<void>;
  /** Drops what is older than the retention and makes the partitions of the coming days. */
  maintain(nowMs: number): Promise<void>;
  close(): Promise<void>;
}
