import type { MachinePipeline } from '../core/telemetry/machine-pipeline.ts';
import { toMachineMessages } from '../core/telemetry/message.ts';
import { RESERVED_SIGNALS, type Sample } from '../core/telemetry/types.ts';
import type { DurableWay } from './outbox/durable-way.ts';

/** The most samples of one entry: keeps a batch well below a broker's packet limits. */
const MAX_SAMPLES_PER_ENTRY = 5000;
/** Signals that are not sensors. */
const RESERVED: ReadonlySet<string> = new Set(RESERVED_SIGNALS);

/**
 * Collects samples and commits them to the outbox in groups, together with the checkpoints of the pipelines they came from: one
 * sync of the disk serves many samples.
 */
export class CommitGroup {
  readonly #durable: DurableWay;
  #samples: Sample[] = [];
  #touched = new Set<MachinePipeline>();
  #committing: Promise<void> | undefined;

  constructor(durable: DurableWay) {
    this.#durable = durable;
  }

  /** Samples that wait for the next commit. */
  get size(): number {
    return this.#samples.length;
  }

  /** Has the pipeline's checkpoint stored with the next commit, even without samples: it then knows what it observed. */
  touch(pipeline: MachinePipeline): void {
    this.#touched.add(pipeline);
  }

  /**
   * Adds what a pipeline has just drained. Ticks, states and the like go with a checkpoint, so that a restart neither repeats nor skips one;
   * sensors need none, and a checkpoint of a thousand of them ten times a second would cost more than they do.
   */
  add(pipeline: MachinePipeline, samples: readonly Sample[]): void {
    for (const sample of samples) {
      this.#samples.push(sample);
      if (RESERVED.has(sample.path.slice(sample.path.lastIndexOf('/') + 1))) this.touch(pipeline);
    }
  }

  /**
   * Commits what has come together; a commit that is under way is waited for first.
   * @throws CommitRefused where the disk does not take it; all of it is tried again by the next call.
   */
  async commit(): Promise<void> {
    await this.#committing?.catch(() => {});
    if (this.#touched.size === 0 && this.#samples.length === 0) return;
    this.#committing = this.#append();
    await this.#committing;
  }

  /** Whether a commit is under way. */
  get busy(): boolean {
    return this.#committing !== undefined;
  }

  async #append(): Promise<void> {
    const samples = this.#samples;
    const touched = this.#touched;
    this.#samples = [];
    this.#touched = new Set();
    const entries: string[] = [];
    for (let start = 0; start < samples.length; start += MAX_SAMPLES_PER_ENTRY) {
      const part = samples.slice(start, start + MAX_SAMPLES_PER_ENTRY);
      entries.push(JSON.stringify(toMachineMessages(part)));
    }
    const checkpoints = new Map<string, string>();
    for (const pipeline of touched) checkpoints.set(pipeline.machine.path, JSON.stringify(pipeline.checkpoint()));
    try {
      await this.#durable.append(entries, checkpoints);
    } catch (error) {
      this.#samples = [...samples, ...this.#samples];
      for (const pipeline of touched) this.#touched.add(pipeline);
      throw error;
    } finally {
      this.#committing = undefined;
    }
  }
}
