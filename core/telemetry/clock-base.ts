/**
 * One time base for each source. Its skew is estimated from the server's own current time, never from a value's
 * source timestamp, which is the time of the value's last change and may be days old.
 */

/** Skew beyond which source times are corrected, ms. */
export const CORRECT_ABOVE_MS = 2_000;
/** Skew below which source times are trusted again, ms. */
export const TRUST_BELOW_MS = 1_000;
/** A change of skew that is reported and followed, ms. */
export const NOTABLE_SKEW_CHANGE_MS = 500;
/** The estimate is the median of so many observations: one slow answer doesn't move it, a real step does within three. */
const OBSERVATIONS = 5;

export interface ClockBaseCheckpoint {
  readonly observations: readonly number[];
  readonly corrects: boolean;
  readonly appliedSkewMs: number;
  readonly reportedSkewMs: number | null;
}

/** Turns a source's times into the gateway's. */
export class ClockBase {
  #observations: number[];
  #corrects: boolean;
  #appliedSkewMs: number;
  #reportedSkewMs: number | undefined;

  constructor(saved?: ClockBaseCheckpoint) {
    this.#observations = [...(saved?.observations ?? [])];
    this.#corrects = saved?.corrects ?? false;
    this.#appliedSkewMs = saved?.appliedSkewMs ?? 0;
    this.#reportedSkewMs = saved?.reportedSkewMs ?? undefined;
  }

  /** Estimated skew (source minus gateway), ms; undefined before the first observation. */
  get skewMs(): number | undefined {
    if (this.#observations.length === 0) return undefined;
    const sorted = this.#observations.toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)];
  }

  /** Whether source times are corrected by the skew now (false: they are taken as they are). */
  get corrects(): boolean {
    return this.#corrects;
  }

  /**
   * Takes an observation of the source's own current time.
   * @returns the skew in ms if it is worth a `clock-skew-ms` sample: the first one and each notable change
   */
  observe(sourceNowMs: number, nowMs: number): number | undefined {
    if (!Number.isFinite(sourceNowMs)) return undefined;
    this.#observations = [...this.#observations.slice(1 - OBSERVATIONS), Math.round(sourceNowMs - nowMs)];
    const skew = this.skewMs ?? 0;
    const size = Math.abs(skew);
    const switched = this.#corrects ? size < TRUST_BELOW_MS : size > CORRECT_ABOVE_MS;
    if (switched) this.#corrects = !this.#corrects;
    if (switched || Math.abs(skew - this.#appliedSkewMs) >= NOTABLE_SKEW_CHANGE_MS) this.#appliedSkewMs = skew;
    const reported = this.#reportedSkewMs;
    if (reported !== undefined && !switched && Math.abs(skew - reported) < NOTABLE_SKEW_CHANGE_MS) return undefined;
    this.#reportedSkewMs = skew;
    return skew;
  }

  /** A source's time as the gateway's clock would have shown it: as it is while the skew is small, else corrected by it. */
  toGatewayTime(sourceTimeMs: number): number {
    return this.#corrects ? sourceTimeMs - this.#appliedSkewMs : sourceTimeMs;
  }

  save(): ClockBaseCheckpoint {
    return {
      observations: this.#observations,
      corrects: this.#corrects,
      appliedSkewMs: this.#appliedSkewMs,
      reportedSkewMs: this.#reportedSkewMs ?? null,
    };
  }
}
