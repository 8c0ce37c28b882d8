import { ascendingTime } from './monotone.ts';
import type { Quality, Sample, Value } from './types.ts';

/** A fixed limit of AWS IoT SiteWise: values of one property with timestamps within one second. */
export const VALUES_PER_SECOND = 10;

/** Where writers put their samples. */
export interface SampleOutput {
  samples: Sample[];
}

/** A writer's memory, JSON-serializable. */
export interface SignalWriterCheckpoint {
  readonly lastMs: number | null;
  readonly second: number;
  readonly count: number;
  readonly held: { readonly value: Value | null; readonly quality: Quality } | null;
}

/**
 * The one writer of a path: times strictly ascending, at most ten values within a second. What exceeds them is not dropped but
 * waits for the next second: there the last value (`last`) or the sum (`sum`, for parts) goes out, stamped with the second's start.
 */
export class SignalWriter {
  readonly #path: string;
  readonly #output: SampleOutput;
  readonly #merge: 'last' | 'sum';
  #lastMs: number;
  #second: number;
  #count: number;
  #held: { value: Value | null; quality: Quality } | null;

  constructor(path: string, output: SampleOutput, merge: 'last' | 'sum' = 'last', saved?: SignalWriterCheckpoint) {
    this.#path = path;
    this.#output = output;
    this.#merge = merge;
    this.#lastMs = saved?.lastMs ?? Number.NEGATIVE_INFINITY;
    this.#second = saved?.second ?? Number.NEGATIVE_INFINITY;
    this.#count = saved?.count ?? 0;
    this.#held = saved?.held ?? null;
  }

  /** Time of the last sample, -Infinity where there was none. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /**
   * Writes a sample, or lets it wait for the next second.
   * @returns false if a waiting value was replaced: a value that nobody will see ('last' only)
   */
  write(timeMs: number, value: Value | null, quality: Quality): boolean {
    const time = ascendingTime(this.#lastMs, timeMs);
    const second = Math.floor(time / 1000);
    if (second > this.#second && this.#held !== null) {
      this.#release();
      return this.write(timeMs, value, quality);
    }
    if (second > this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    if (this.#count < VALUES_PER_SECOND) {
      this.#emit(time, value, quality);
      return true;
    }
    const held = this.#held;
    const adds = this.#merge === 'sum' && typeof held?.value === 'number' && typeof value === 'number';
    this.#held = { value: adds ? Number(held?.value) + Number(value) : value, quality };
    return held === null || adds;
  }

  /** Lets go what waits, once its second is over. */
  flush(nowMs: number): void {
    if (this.#held !== null && Math.floor(nowMs / 1000) > this.#second) this.#release();
  }

  /** The gateway's clock was far ahead and was put right: times may begin anew before `nowMs`. */
  rewind(nowMs: number): void {
    if (this.#lastMs <= nowMs) return;
    this.#held = null;
    this.#lastMs = nowMs;
    this.#second = Math.floor(nowMs / 1000);
    this.#count = 0;
  }

  save(): SignalWriterCheckpoint {
    const never = this.#lastMs === Number.NEGATIVE_INFINITY;
    return {
      lastMs: never ? null : this.#lastMs,
      second: never ? 0 : this.#second,
      count: this.#count,
      held: this.#held,
    };
  }

  #release(): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    this.#second += 1;
    this.#count = 0;
    this.#emit(ascendingTime(this.#lastMs, this.#second * 1000), held.value, held.quality);
  }

  #emit(timeMs: number, value: Value | null, quality: Quality): void {
    this.#count += 1;
    this.#lastMs = timeMs;
    this.#output.samples.push({ path: this.#path, timeMs, value, quality });
  }
}
