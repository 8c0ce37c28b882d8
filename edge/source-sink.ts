import type { Logger } from 'pino';
import type { MachinePipeline } from '../core/telemetry/machine-pipeline.ts';
import type { Reading } from '../core/telemetry/types.ts';
import type { AdapterSink } from './adapters/adapter.ts';

/** Hands what one source says to the pipelines of its machines, and tells the log when a source comes and goes. */
export class SourceSink implements AdapterSink {
  readonly #sourceId: string;
  readonly #pipelines: readonly MachinePipeline[];
  readonly #byPath: ReadonlyMap<string, MachinePipeline>;
  readonly #taken: (pipeline: MachinePipeline) => void;
  readonly #logger: Pick<Logger, 'info' | 'warn'>;
  readonly #now: () => number;
  #alive = false;
  #lastReason = '';

  /** @param taken - told after a pipeline got readings: it may hold samples now. */
  constructor(
    sourceId: string,
    pipelines: readonly MachinePipeline[],
    taken: (pipeline: MachinePipeline) => void,
    logger: Pick<Logger, 'info' | 'warn'>,
    now: () => number,
  ) {
    this.#sourceId = sourceId;
    this.#pipelines = pipelines;
    this.#byPath = new Map(pipelines.map((pipeline) => [pipeline.machine.path, pipeline]));
    this.#taken = taken;
    this.#logger = logger;
    this.#now = now;
  }

  readings(readings: readonly Reading[]): void {
    const nowMs = this.#now();
    this.confirmed();
    for (const [machinePath, ofMachine] of Map.groupBy(readings, (reading) => reading.machinePath)) {
      const pipeline = this.#byPath.get(machinePath);
      if (pipeline === undefined) continue;
      pipeline.readings(ofMachine, nowMs);
      this.#taken(pipeline);
    }
  }

  confirmed(): void {
    const nowMs = this.#now();
    if (!this.#alive) {
      this.#alive = true;
      this.#lastReason = '';
      this.#logger.info({ source: this.#sourceId }, 'source is connected');
    }
    for (const pipeline of this.#pipelines) {
      pipeline.confirmed(nowMs);
      this.#taken(pipeline);
    }
  }

  lost(reason: string): void {
    const nowMs = this.#now();
    // Each new reason once: a machine that is switched off for a week must not fill the disk with its absence.
    if (this.#alive || reason !== this.#lastReason) {
      this.#logger.warn({ source: this.#sourceId, reason }, 'source is not connected');
    }
    this.#alive = false;
    this.#lastReason = reason;
    for (const pipeline of this.#pipelines) {
      pipeline.lost(nowMs);
      this.#taken(pipeline);
    }
  }

  clock(sourceNowMs: number): void {
    const nowMs = this.#now();
    for (const pipeline of this.#pipelines) {
      pipeline.clock(sourceNowMs, nowMs);
      this.#taken(pipeline);
    }
  }
}
