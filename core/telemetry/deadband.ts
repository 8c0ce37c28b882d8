import type { Quality, Value } from './types.ts';

/** What was last reported of a signal. */
export interface Reported {
  readonly value: Value | null;
  readonly quality: Quality;
}

/**
 * Report by exception: whether a value is worth a sample. The first value and each change of quality always are; a number
 * is when it moved by more than `deadband` since the last *report* (so a slow drift is seen); anything else when it changed.
 * @param deadband in engineering units; undefined: every change
 */
export function isWorthReporting(
  last: Reported | undefined,
  value: Value | null,
  quality: Quality,
  deadband: number | undefined,
): boolean {
  if (last === undefined || last.quality !== quality) return true;
  if (typeof value === 'number' && typeof last.value === 'number' && deadband !== undefined) {
    return Math.abs(value - last.value) > deadband;
  }
  return value !== last.value;
}
