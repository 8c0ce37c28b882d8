import type { MachinePipeline } from '../core/telemetry/machine-pipeline.ts';
import { toMachineMessages } from '../core/telemetry/message.ts';
import type { Sample } from '../core/telemetry/types.ts';
import type { Outbox } from './outbox/outbox.ts';

/** The most samples of one entry: keeps a batch well below a broker's packet limits. */
const MAX_SAMPLES_PER_ENTRY = 5000;

/**
 * Collects samples and commits them to the outbox in groups, together with the checkpoints of the pipelines they came from: one
 * sync of the disk serves many samples.
 */
export class CommitGroup {
  readonly #outbox: Outbox;
  #samples: Sample[] = [];
  readonly #touched = new Set<MachinePipeline>();

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Samples that wait for the next commit. */
  get size(): number {
    return this.#samples.length;
  }

  /** Has the pipeline's checkpoint stored with the next commit, even without samples: it then knows what it observed. */
  touch(pipeline: MachinePipeline): void {
    this.#touched.add(pipeline);
  }

  /** Adds what a pipeline has just drained. */
  add(pipeline: MachinePipeline, samples: readonly Sample[]): void {
    this.touch(pipeline);
    for (const sample of samples) this.#samples.push(sample);
  }

  /**
   * Commits what has come together.
   * @returns how many samples are durable now.
   * @throws the outbox's error, e.g. on a full disk; nothing is committed then, and all of it is tried again by the next call.
   */
  commit(nowMs: number): number {
    const committed = this.#samples.length;
    if (this.#touched.size === 0) return 0;
    const entries: string[] = [];
    for (let start = 0; start < committed; start += MAX_SAMPLES_PER_ENTRY) {
      const part = this.#samples.slice(start, start + MAX_SAMPLES_PER_ENTRY);
      entries.push(JSON.stringify(toMachineMessages(part)));
    }
    const checkpoints = new Map<string, string>();
    for (const pipeline of this.#touched) checkpoints.set(pipeline.machine.path, JSON.stringify(pipeline.checkpoint()));
    this.#outbox.append(entries, checkpoints, nowMs);
    this.#samples = [];
    this.#touched.clear();
    return committed;
  }
}
