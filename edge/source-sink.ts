import type { MachinePipeline } from '../core/telemetry/machine-pipeline.ts';
import type { Reading } from '../core/telemetry/types.ts';
import type { AdapterSink } from './adapters/adapter.ts';

/** Hands what one source says to the pipelines of its machines. */
export class SourceSink implements AdapterSink {
  readonly #pipelines: readonly MachinePipeline[];
  readonly #taken: (pipeline: MachinePipeline) => void;
  readonly #now: () => number;

  /** @param taken - told after a pipeline got readings: it may hold samples now. */
  constructor(pipelines: readonly MachinePipeline[], taken: (pipeline: MachinePipeline) => void, now: () => number) {
    this.#pipelines = pipelines;
    this.#taken = taken;
    this.#now = now;
  }

  readings(readings: readonly Reading[]): void {
    const nowMs = this.#now();
    const byMachine = Map.groupBy(readings, (reading) => reading.machinePath);
    for (const pipeline of this.#pipelines) {
      const ofMachine = byMachine.get(pipeline.machine.path);
      // Readings confirm their machine themselves. To confirm it before would, after a pause, bring back the old state for an instant.
      if (ofMachine === undefined) pipeline.confirmed(nowMs);
      else pipeline.readings(ofMachine, nowMs);
      this.#taken(pipeline);
    }
  }

  confirmed(): void {
    const nowMs = this.#now();
    for (const pipeline of this.#pipelines) {
      pipeline.confirmed(nowMs);
      this.#taken(pipeline);
    }
  }

  /** The adapter itself has told the log why. */
  lost(): void {
    const nowMs = this.#now();
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
