import type { LossCategory } from './types.ts';

/** From `fromMs` on the machine was in `category`, until the next segment. */
export interface Segment {
  readonly fromMs: number;
  readonly category: LossCategory;
}

/** Milliseconds in each category. */
export type CategoryTimes = Record<LossCategory, number>;

/** The categories of a machine's recent time, which may still be corrected: a change's notice arrives after the change. */
export class Timeline {
  /** Ascending, never empty, adjoining segments differ. */
  #segments: Segment[];

  constructor(segments: readonly [Segment, ...Segment[]] | readonly Segment[]) {
    this.#segments = [...segments];
  }

  /** From `fromMs` on the category is this one; what was assumed of the time after `fromMs` is void. */
  change(fromMs: number, category: LossCategory): void {
    const segments = this.#segments;
    while (segments.length > 0 && (segments.at(-1)?.fromMs ?? 0) >= fromMs) segments.pop();
    if (segments.at(-1)?.category !== category) segments.push({ fromMs, category });
  }

  /** The category at a time; before the first segment nothing is known. */
  at(timeMs: number): LossCategory {
    return this.#segments.findLast((segment) => segment.fromMs <= timeMs)?.category ?? 'unknown';
  }

  /** How long each category held between two times; the time before the first segment is unknown. */
  between(fromMs: number, toMs: number): CategoryTimes {
    const times: CategoryTimes = { run: 0, down: 0, planned: 0, unknown: 0 };
    let end = toMs;
    for (let index = this.#segments.length - 1; index >= 0 && end > fromMs; index -= 1) {
      const segment = this.#segments[index];
      if (segment === undefined || segment.fromMs >= end) continue;
      const start = Math.max(segment.fromMs, fromMs);
      times[segment.category] += end - start;
      end = start;
    }
    times.unknown += Math.max(0, end - fromMs);
    return times;
  }

  /** Forgets what was before a time. */
  forgetBefore(timeMs: number): void {
    const first = this.#segments.findLastIndex((segment) => segment.fromMs <= timeMs);
    if (first > 0) this.#segments.splice(0, first);
  }

  save(): readonly Segment[] {
    return [...this.#segments];
  }
}
