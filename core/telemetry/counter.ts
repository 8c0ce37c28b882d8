/** A PLC's totaliser, in its own counts. */
export interface CounterRule {
  /** The value at which it starts again at 0; undefined: it never rolls over. */
  readonly modulus?: number | undefined;
  /** The most counts a second that the machine can make. */
  readonly maxCountsPerSecond: number;
}

/**
 * What a step of a totaliser was. `ambiguous` and `implausible` count nothing: a made-up number is worse than none. `outdated` is no step:
 * a lower value of an earlier time came after the newer one.
 */
export interface CounterStep {
  readonly kind: 'forward' | 'rollover' | 'reset' | 'ambiguous' | 'implausible' | 'outdated';
  /** Counts made since the last value, never negative. */
  readonly counts: number;
}

/** Sampling and transport blur a value's time by about so much, seconds. */
const TIME_SLACK_SECONDS = 1;
/** Backward steps of a float totaliser below this share of its value are noise of single precision. */
const FLOAT_NOISE = 1e-6;

/**
 * While the machine can make at most this share of a turn in the time, a step that fits a rollover is one: that a reset came just
 * then, so near to the top, is a rare coincidence. With more time it isn't, and nobody knows (docs/adr/0002-rollover-or-reset.md).
 */
const COINCIDENCE = 1 / 20;

/**
 * Judges one step by what the machine can make in the time: at most (elapsed + 1 s) x maximum rate + 1 count. A backward step is a
 * rollover (last -> modulus -> value) if that fits, a reset (0 -> value) if only that fits. A forward step must fit as well.
 * @param afterGap nobody watched between the two values: whole turns of the totaliser may have been missed, so a forward step
 *   to which another turn would fit is ambiguous too
 */
export function counterStep(
  last: number,
  value: number,
  elapsedSeconds: number,
  rule: CounterRule,
  afterGap: boolean,
): CounterStep {
  const most = (Math.max(0, elapsedSeconds) + TIME_SLACK_SECONDS) * rule.maxCountsPerSecond + 1;
  const forward = value - last;
  if (forward >= 0) {
    if (forward > most) return { kind: 'implausible', counts: 0 };
    const anotherTurnFits = afterGap && rule.modulus !== undefined && forward + rule.modulus <= most;
    return anotherTurnFits ? { kind: 'ambiguous', counts: 0 } : { kind: 'forward', counts: forward };
  }
  if (-forward <= Math.abs(last) * FLOAT_NOISE && !(Number.isInteger(last) && Number.isInteger(value))) {
    return { kind: 'forward', counts: 0 };
  }
  const rollover = rule.modulus === undefined ? Number.NaN : rule.modulus - last + value;
  const isRollover = rollover >= 0 && rollover <= most;
  const isReset = value <= most;
  if (isRollover) {
    // Where a rollover fits, a reset always does: it explains the step with fewer parts.
    const rare = most <= (rule.modulus ?? 0) * COINCIDENCE;
    return rare ? { kind: 'rollover', counts: rollover } : { kind: 'ambiguous', counts: 0 };
  }
  return isReset ? { kind: 'reset', counts: value } : { kind: 'implausible', counts: 0 };
}

export interface CounterCheckpoint {
  readonly value: number;
  readonly timeMs: number;
  readonly gap: boolean;
}

/** Follows one totaliser and turns its values into deltas. */
export class Counter {
  readonly #rule: CounterRule;
  #last: { value: number; timeMs: number } | undefined;
  /** Whether nobody watched since the last value. */
  #gap: boolean;

  constructor(rule: CounterRule, saved?: CounterCheckpoint) {
    this.#rule = rule;
    this.#last = saved && { value: saved.value, timeMs: saved.timeMs };
    this.#gap = saved?.gap ?? false;
  }

  /** Time of the last value taken, undefined before the first. */
  get lastMs(): number | undefined {
    return this.#last?.timeMs;
  }

  /** Whether the next step is one over a gap. */
  get gap(): boolean {
    return this.#gap;
  }

  /** From now on nobody watches (lost connection, restart, bad quality): the next delta belongs to no minute. */
  interrupt(): void {
    this.#gap = true;
  }

  /** The gateway's clock was far ahead and was put right: elapsed time begins anew. */
  rewind(nowMs: number): void {
    if (this.#last !== undefined && this.#last.timeMs > nowMs) this.#last.timeMs = nowMs;
  }

  /**
   * Takes a good value, finite and not negative.
   * @returns the step, undefined for the very first value, which only sets the base
   */
  read(
    value: number,
    timeMs: number,
  ): (CounterStep & { readonly overGap: boolean; readonly from: number }) | undefined {
    const last = this.#last;
    const overGap = this.#gap;
    if (last !== undefined && !overGap && timeMs < last.timeMs && value < last.value) {
      // Taken as the new base, it would have the parts since then counted twice.
      return { kind: 'outdated', counts: 0, overGap, from: last.value };
    }
    this.#gap = false;
    if (last === undefined) {
      this.#last = { value, timeMs };
      return undefined;
    }
    const step = counterStep(last.value, value, (timeMs - last.timeMs) / 1000, this.#rule, overGap);
    // Noise must not lower the base: the way up again would count twice.
    const noise = step.kind === 'forward' && value < last.value;
    this.#last = { value: noise ? last.value : value, timeMs: Math.max(timeMs, last.timeMs) };
    return { ...step, overGap, from: last.value };
  }

  save(): CounterCheckpoint | null {
    return this.#last === undefined ? null : { ...this.#last, gap: this.#gap };
  }
}
