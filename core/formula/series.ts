/** The usable points of a property in the order of time: what windows are computed from. */
import type { FormulaValue, Point } from './types.ts';

/** The values of one variable: points in any order, or a series that was prepared once; for children one of these a child. */
export type SeriesInput = readonly Point[] | Series | readonly (readonly Point[] | Series)[];

/**
 * A property's GOOD points, sorted by time. The order in which the points came doesn't matter, nor does it if one came
 * twice; of two different values with one timestamp the later in the list replaces the earlier.
 */
export class Series {
  /** Milliseconds, strictly rising. */
  readonly times: readonly number[];
  /** One for each time; booleans are 1 and 0. */
  readonly values: readonly FormulaValue[];

  constructor(points: readonly Point[]) {
    const times: number[] = [];
    const values: FormulaValue[] = [];
    let sorted = true;
    for (const point of points) {
      const value = usableValue(point);
      if (value === undefined) continue;
      const previous = times[times.length - 1];
      if (previous !== undefined && previous >= point.t) sorted = false;
      times.push(point.t);
      values.push(value);
    }
    if (sorted) {
      this.times = times;
      this.values = values;
      return;
    }
    const latest = new Map(times.map((time, index) => [time, values[index]]));
    const entries = [...latest].sort(([left], [right]) => left - right);
    this.times = entries.map(([time]) => time);
    this.values = entries.flatMap(([, value]) => (value === undefined ? [] : [value]));
  }

  /** How many points are not later than `timeMs`: the index of the first point behind it. */
  countUntil(timeMs: number): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] ?? 0) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last value that is not later than `timeMs`. */
  valueAt(timeMs: number): FormulaValue | undefined {
    return this.values[this.countUntil(timeMs) - 1];
  }
}

/** The value of a point that counts: GOOD, finite, not null. */
export function usableValue({ value, quality, t }: Point): FormulaValue | undefined {
  if ((quality !== undefined && quality !== 'GOOD') || !Number.isFinite(t)) return undefined;
  return usable(value);
}

/** A raw value as a formula's value; undefined for null, NaN and infinity. */
export function usable(value: number | string | boolean | null | undefined): FormulaValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return Number(value);
  return value ?? undefined;
}

/** Prepares the series of a variable: one, or one a child. */
export function toSeries(input: SeriesInput | undefined): readonly Series[] {
  if (input === undefined) return [];
  if (input instanceof Series) return [input];
  if (isListOfSeries(input)) return input.map((each) => (each instanceof Series ? each : new Series(each)));
  return [new Series(input)];
}

function isListOfSeries(
  input: readonly Point[] | readonly (readonly Point[] | Series)[],
): input is readonly (readonly Point[] | Series)[] {
  const first = input[0];
  return first !== undefined && (Array.isArray(first) || first instanceof Series);
}
