import { type Scaling, scaled } from './scaling.ts';
import type { DataType, Quality, Value } from './types.ts';

/** Longest string value, in characters; SiteWise takes 1,024. */
export const MAX_STRING_LENGTH = 1024;
/** Source times that are further ahead of the gateway are not believed, ms. */
export const MAX_AHEAD_MS = 10 * 60_000;
/** Source times before 2000-01-01 are those of a clock that was never set. */
export const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** Source times that are ahead of the gateway by more than this (but believable) become the arrival time, ms. */
const TOLERATED_AHEAD_MS = 2_000;
const MAX_INTEGER = 2 ** 31 - 1;

/** A value as it may be stored. */
export interface JudgedValue {
  readonly value: Value | null;
  readonly quality: Quality;
  /** False where the raw value does not fit the signal's type. */
  readonly fits: boolean;
}

/** What a signal's values have to be. */
export interface ValueRule extends Scaling {
  readonly type: DataType;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

const UNUSABLE: JudgedValue = { value: null, quality: 'BAD', fits: false };

/** The quality, or BAD for what is none. */
export function asQuality(quality: unknown): Quality {
  return quality === 'GOOD' || quality === 'UNCERTAIN' ? quality : 'BAD';
}

/** A text that every store takes: without NULs (PostgreSQL) and lone surrogates (UTF-8), not too long. */
export function storableText(text: string): string {
  const clean = text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
  return (clean.length > MAX_STRING_LENGTH ? clean.slice(0, MAX_STRING_LENGTH) : clean).toWellFormed();
}

/**
 * Judges a raw value: NaN, infinite numbers, nulls and wrong types become BAD without a value; numbers outside of
 * [minimum, maximum], or not whole where INTEGER is asked, and texts cut to the limit become UNCERTAIN. Never throws.
 */
export function judgeValue(rule: ValueRule, raw: unknown, sourceQuality: Quality): JudgedValue {
  const quality = asQuality(sourceQuality);
  const number = typeof raw === 'bigint' ? Number(raw) : raw;
  switch (rule.type) {
    case 'DOUBLE':
    case 'INTEGER':
      return typeof number === 'number' ? judgeNumber(rule, number, quality) : UNUSABLE;
    case 'BOOLEAN':
      if (typeof raw === 'boolean') return { value: raw, quality, fits: true };
      return number === 0 || number === 1 ? { value: number === 1, quality, fits: true } : UNUSABLE;
    case 'STRING': {
      if (typeof raw !== 'string' && typeof number !== 'number' && typeof raw !== 'boolean') return UNUSABLE;
      if (typeof number === 'number' && !Number.isFinite(number)) return UNUSABLE;
      const text = String(raw);
      const cut = text.length > MAX_STRING_LENGTH;
      return { value: storableText(text), quality: cut ? worse(quality) : quality, fits: true };
    }
  }
}

function judgeNumber(rule: ValueRule, raw: number, quality: Quality): JudgedValue {
  const exact = scaled(raw, rule);
  if (!Number.isFinite(exact)) return UNUSABLE;
  const whole = rule.type === 'INTEGER' ? Math.round(exact) + 0 : exact;
  const doubtful =
    (rule.minimum !== undefined && exact < rule.minimum) ||
    (rule.maximum !== undefined && exact > rule.maximum) ||
    (rule.type === 'INTEGER' && (whole !== exact || Math.abs(whole) > MAX_INTEGER));
  return { value: whole, quality: doubtful ? worse(quality) : quality, fits: true };
}

/** GOOD becomes UNCERTAIN; what is worse stays. */
export function worse(quality: Quality): Quality {
  return quality === 'GOOD' ? 'UNCERTAIN' : quality;
}

/**
 * The time that a reading gets, on the gateway's clock.
 * @param correctedMs the source's time after the clock base, undefined where the protocol has none
 * @returns the time, integer ms, at most 2 s ahead of `nowMs`; undefined if it can't be believed (NaN, before 2000, more than
 *   10 minutes ahead): the arrival time is all there is then, and the value's time is doubtful
 */
export function believableTime(correctedMs: number | undefined, nowMs: number): number | undefined {
  if (correctedMs === undefined) return nowMs;
  if (!(correctedMs >= EARLIEST_MS && correctedMs <= nowMs + MAX_AHEAD_MS)) return undefined;
  return correctedMs > nowMs + TOLERATED_AHEAD_MS ? nowMs : Math.round(correctedMs);
}
