import { type BatchMessage, fromMachineMessage } from '../../core/telemetry/message.ts';
import type { Sample } from '../../core/telemetry/types.ts';
import type { Historian, MetricRow, OutboxCursor, StoredPoint } from '../../hub/historian/historian.ts';

/** A historian in memory, for tests of what stands on the interface. It answers asynchronously, like a database. */
export class MemoryHistorian implements Historian {
  readonly #series = new Map<string, Map<number, StoredPoint>>();
  readonly #metrics = new Map<string, MetricRow>();
  readonly #cursors = new Map<string, OutboxCursor>();
  readonly #simulated: { machine: string; fromMs: number; toMs: number }[] = [];
  /** Calls by method, to show what a user of the interface costs. */
  readonly calls: Record<string, number> = {};
  /** The next call fails with this, once. */
  failNextWith: Error | undefined;

  async #call(method: string): Promise<void> {
    this.calls[method] = (this.calls[method] ?? 0) + 1;
    await new Promise((resolve) => setImmediate(resolve));
    const failure = this.failNextWith;
    this.failNextWith = undefined;
    if (failure !== undefined) throw failure;
  }

  async commit(gateway: string, batches: readonly BatchMessage[]): Promise<void> {
    await this.#call('commit');
    for (const batch of batches) {
      for (const message of batch.machines) {
        const samples = fromMachineMessage(message);
        this.#store(samples);
        if (batch.simulated !== true) continue;
        const times = samples.map((sample) => sample.timeMs);
        this.#simulated.push({
          machine: message.machine,
          fromMs: Math.min(...times),
          toMs: Math.max(...times),
        });
      }
      this.#cursors.set(`${gateway} ${batch.outbox}`, { gateway, outbox: batch.outbox, sequence: batch.sequence });
    }
  }

  #store(samples: readonly Sample[]): void {
    for (const { path, timeMs, value, quality } of samples) {
      let series = this.#series.get(path);
      if (series === undefined) {
        series = new Map();
        this.#series.set(path, series);
      }
      series.set(timeMs, { timeMs, value, quality });
    }
  }

  #points(path: string, fromMs: number, toMs: number): StoredPoint[] {
    return [...(this.#series.get(path)?.values() ?? [])]
      .filter(({ timeMs }) => timeMs > fromMs && timeMs <= toMs)
      .sort((one, other) => one.timeMs - other.timeMs);
  }

  async cursors(): Promise<OutboxCursor[]> {
    await this.#call('cursors');
    return [...this.#cursors.values()];
  }

  async samples(path: string, fromMs: number, toMs: number, limit: number): Promise<StoredPoint[]> {
    await this.#call('samples');
    return this.#points(path, fromMs, toMs).slice(0, limit);
  }

  async reducedSamples(path: string, fromMs: number, toMs: number, maxPoints: number) {
    await this.#call('reducedSamples');
    const points = this.#points(path, fromMs, toMs);
    return { points: points.slice(0, maxPoints), reduced: points.length > maxPoints };
  }

  async latestBefore(paths: readonly string[], atMs: number): Promise<Map<string, StoredPoint>> {
    await this.#call('latestBefore');
    const latest = new Map<string, StoredPoint>();
    for (const path of paths) {
      const point = this.#points(path, Number.NEGATIVE_INFINITY, atMs).at(-1);
      if (point !== undefined) latest.set(path, point);
    }
    return latest;
  }

  async signalsOf(machinePath: string, signals: readonly string[], fromMs: number, toMs: number) {
    await this.#call('signalsOf');
    return new Map(signals.map((signal) => [signal, this.#points(`${machinePath}/${signal}`, fromMs, toMs)]));
  }

  async tickSums(
    machinePaths: readonly string[],
    signals: readonly string[],
    ranges: readonly { readonly fromMs: number; readonly toMs: number }[],
  ) {
    await this.#call('tickSums');
    const rows: { range: number; machinePath: string; sums: Map<string, number>; ticks: number }[] = [];
    for (const [range, { fromMs, toMs }] of ranges.entries()) {
      for (const machinePath of machinePaths) {
        const sums = new Map<string, number>();
        let ticks = 0;
        for (const signal of signals) {
          const points = this.#points(`${machinePath}/${signal}`, fromMs, toMs);
          if (points.length === 0) continue;
          ticks = Math.max(ticks, points.length);
          sums.set(
            signal,
            points.reduce((sum, { value }) => sum + Number(value ?? 0), 0),
          );
        }
        if (ticks > 0) rows.push({ range, machinePath, sums, ticks });
      }
    }
    return rows;
  }

  async putMetrics(rows: readonly MetricRow[]): Promise<void> {
    await this.#call('putMetrics');
    for (const row of rows) {
      const key = `${row.path} ${row.property} ${row.endMs}`;
      if (row.value === null) this.#metrics.delete(key);
      else this.#metrics.set(key, row);
    }
  }

  async metrics(path: string, properties: readonly string[], fromMs: number, toMs: number): Promise<MetricRow[]> {
    await this.#call('metrics');
    return this.allMetrics().filter(
      (row) => row.path === path && properties.includes(row.property) && row.endMs > fromMs && row.endMs <= toMs,
    );
  }

  /** Every metric row, ordered by path, property and time: two historians with the same figures give the same list. */
  allMetrics(): MetricRow[] {
    return [...this.#metrics.values()].sort(
      (one, other) =>
        one.path.localeCompare(other.path) || one.property.localeCompare(other.property) || one.endMs - other.endMs,
    );
  }

  async simulatedPeriods(machinePath: string, fromMs: number, toMs: number) {
    await this.#call('simulatedPeriods');
    return this.#simulated
      .filter((period) => period.machine === machinePath && period.toMs > fromMs && period.fromMs <= toMs)
      .map((period) => ({ fromMs: period.fromMs, toMs: period.toMs }));
  }

  async putOwn(samples: readonly Sample[]): Promise<void> {
    await this.#call('putOwn');
    this.#store(samples);
  }

  async maintain(): Promise<void> {
    await this.#call('maintain');
  }

  async close(): Promise<void> {
    await this.#call('close');
  }
}
