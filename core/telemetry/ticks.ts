import { tidy } from './scaling.ts';
import { type CategoryTimes, type Segment, Timeline } from './timeline.ts';
import type { LossCategory, TickValues } from './types.ts';

export const MINUTE_MS = 60_000;

/** Parts of a minute, and their time at the ideal cycle. */
export interface Parts {
  readonly produced: number;
  readonly rejected: number;
  readonly idealSeconds: number;
  readonly goodSeconds: number;
}

/** A minute that is over: its tick, stamped with its end. */
export interface ClosedMinute {
  readonly endMs: number;
  readonly tick: TickValues;
}

export interface MinuteBookCheckpoint {
  readonly floorMs: number;
  readonly decidedMs: number;
  readonly segments: readonly Segment[];
  readonly parts: readonly (Parts & { readonly endMs: number })[];
  readonly unwatched: readonly { readonly fromMs: number; readonly toMs: number }[];
}

const NO_PARTS: Parts = { produced: 0, rejected: 0, idealSeconds: 0, goodSeconds: 0 };

/** The end of the UTC minute (start, end] that a time belongs to. */
export function minuteEndOf(timeMs: number): number {
  return Math.ceil(timeMs / MINUTE_MS) * MINUTE_MS;
}

/**
 * The minutes of a machine that are not yet written as ticks. Its time is decided up to `decidedMs`: known, or known to be unknown.
 * What was written is never rewritten.
 */
export class MinuteBook {
  readonly #timeline: Timeline;
  readonly #parts: Map<number, Parts>;
  #floorMs: number;
  #decidedMs: number;
  /** Times in which no gateway ran, as long as they cover a whole open minute. */
  #unwatched: { readonly fromMs: number; readonly toMs: number }[];

  constructor(nowMs: number, saved?: MinuteBookCheckpoint) {
    this.#floorMs = saved?.floorMs ?? Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    this.#decidedMs = saved?.decidedMs ?? nowMs;
    this.#timeline = new Timeline(saved?.segments ?? [{ fromMs: this.#floorMs, category: 'unknown' }]);
    this.#parts = new Map((saved?.parts ?? []).map(({ endMs, ...parts }) => [endMs, parts]));
    this.#unwatched = [...(saved?.unwatched ?? [])];
  }

  /** The end of the last written minute: nothing before it can be changed. */
  get floorMs(): number {
    return this.#floorMs;
  }

  /** Up to when the time is decided. */
  get decidedMs(): number {
    return this.#decidedMs;
  }

  /** From `fromMs` (not before the last written minute's end) the category is this one. */
  change(fromMs: number, category: LossCategory): void {
    this.#timeline.change(Math.max(fromMs, this.#floorMs), category);
  }

  /** The time up to `toMs` is decided, in the category that held last. */
  decide(toMs: number): void {
    this.#decidedMs = Math.max(this.#decidedMs, toMs);
  }

  categoryAt(timeMs: number): LossCategory {
    return this.#timeline.at(timeMs);
  }

  /** No gateway ran between the two times. A minute that lies wholly within gets no tick: nobody can say anything of it. */
  unwatched(fromMs: number, toMs: number): void {
    if (minuteEndOf(fromMs) + MINUTE_MS <= toMs) this.#unwatched.push({ fromMs, toMs });
  }

  /**
   * Counts parts in the minute of their time; in the first open minute where that one is written already.
   * @returns false in the latter case
   */
  add(timeMs: number, parts: Parts): boolean {
    const late = timeMs <= this.#floorMs;
    const endMs = late ? this.#floorMs + MINUTE_MS : minuteEndOf(timeMs);
    const sum = this.#parts.get(endMs) ?? NO_PARTS;
    this.#parts.set(endMs, {
      produced: sum.produced + parts.produced,
      rejected: sum.rejected + parts.rejected,
      idealSeconds: sum.idealSeconds + parts.idealSeconds,
      goodSeconds: sum.goodSeconds + parts.goodSeconds,
    });
    return !late;
  }

  /**
   * Closes the minutes that are over since the grace period and whose time is decided, oldest first.
   * @param graceMs how long after its end a minute waits for readings that are still on their way
   */
  close(nowMs: number, graceMs: number): ClosedMinute[] {
    const closed: ClosedMinute[] = [];
    for (;;) {
      const endMs = this.#floorMs + MINUTE_MS;
      if (endMs > this.#decidedMs || endMs + graceMs > nowMs) return closed;
      const times = this.#timeline.between(this.#floorMs, endMs);
      const gap = this.#unwatched.find(({ fromMs, toMs }) => fromMs <= this.#floorMs && endMs <= toMs);
      if (gap !== undefined && times.unknown === MINUTE_MS && !this.#parts.has(endMs)) {
        this.#goOn(this.#lastSilentEnd(gap.toMs));
        continue;
      }
      closed.push({ endMs, tick: toTick(times, this.#parts.get(endMs) ?? NO_PARTS) });
      this.#goOn(endMs);
    }
  }

  /** The oldest minute that is not yet written: provisional. */
  running(): ClosedMinute & { readonly asOfMs: number } {
    const endMs = this.#floorMs + MINUTE_MS;
    const asOfMs = Math.max(this.#floorMs, Math.min(this.#decidedMs, endMs));
    const times = this.#timeline.between(this.#floorMs, asOfMs);
    return { endMs, asOfMs, tick: toTick(times, this.#parts.get(endMs) ?? NO_PARTS) };
  }

  /** The gateway's clock was far ahead and was put right: begins anew at `nowMs`; minutes written before may be written again. */
  rewind(nowMs: number): void {
    this.#floorMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    this.#decidedMs = nowMs;
    this.#timeline.change(0, 'unknown');
    this.#parts.clear();
    this.#unwatched = [];
  }

  save(): MinuteBookCheckpoint {
    return {
      floorMs: this.#floorMs,
      decidedMs: this.#decidedMs,
      segments: this.#timeline.save(),
      parts: [...this.#parts].map(([endMs, parts]) => ({ endMs, ...parts })),
      unwatched: [...this.#unwatched],
    };
  }

  /** The last full minute's end within a silent time that holds neither parts nor anything known: skipped in one go. */
  #lastSilentEnd(toMs: number): number {
    const lastEnd = Math.floor(Math.min(toMs, this.#decidedMs) / MINUTE_MS) * MINUTE_MS;
    const firstParts = Math.min(...[...this.#parts.keys()].filter((endMs) => endMs > this.#floorMs));
    const end = Math.min(lastEnd, firstParts - MINUTE_MS);
    const silent = this.#timeline.between(this.#floorMs, end).unknown === end - this.#floorMs;
    return silent && end > this.#floorMs ? end : this.#floorMs + MINUTE_MS;
  }

  #goOn(endMs: number): void {
    this.#floorMs = endMs;
    for (const key of this.#parts.keys()) if (key <= endMs) this.#parts.delete(key);
    this.#timeline.forgetBefore(endMs);
    this.#unwatched = this.#unwatched.filter(({ toMs }) => toMs > endMs);
  }
}

/** Whole milliseconds add up exactly; so do the seconds, to the millisecond. */
function toTick(times: CategoryTimes, parts: Parts): TickValues {
  return {
    'run-s': times.run / 1000,
    'down-s': times.down / 1000,
    'planned-s': times.planned / 1000,
    'unknown-s': times.unknown / 1000,
    'busy-s': (times.run + times.down) / 1000,
    produced: tidy(parts.produced),
    rejected: tidy(parts.rejected),
    'ideal-s': tidy(parts.idealSeconds),
    'good-s': tidy(parts.goodSeconds),
  };
}
