import type { Quality, Value } from '../../../../core/telemetry/types.ts';
import type { OeeFigure, SamplesResponse } from '../../../api/contract.ts';

/** Columns for a chart: times in seconds, ascending; null is a gap and is drawn as one. */
export interface Series {
  readonly times: number[];
  readonly values: (number | null)[];
}

/** A value of a sensor at a time. */
export interface Point {
  readonly timeMs: number;
  readonly value: Value | null;
  readonly quality: Quality;
}

/** From a time to a time. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a chart can draw: numbers and booleans of quality GOOD or UNCERTAIN. Anything else is a gap. */
export function drawable(point: Point): number | null {
  if (point.quality === 'BAD' || point.value === null) return null;
  if (typeof point.value === 'boolean') return point.value ? 1 : 0;
  return typeof point.value === 'number' && Number.isFinite(point.value) ? point.value : null;
}

/** `/samples` as points, beginning with the value that held before the range. */
export function pointsOf({ before, points }: SamplesResponse): Point[] {
  return [...(before === null ? [] : [before]), ...points].map(({ t, value, quality }) => {
    return { timeMs: Date.parse(t), value, quality };
  });
}

/** Times in which the value that held was UNCERTAIN: outside of its range, or doubted by the source itself. */
export function doubtfulStretches(points: readonly Point[], untilMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [index, { timeMs, quality }] of points.entries()) {
    if (quality !== 'UNCERTAIN') continue;
    const toMs = points[index + 1]?.timeMs ?? Math.max(timeMs, untilMs);
    const last = stretches.at(-1);
    if (last?.toMs === timeMs) stretches[stretches.length - 1] = { fromMs: last.fromMs, toMs };
    else stretches.push({ fromMs: timeMs, toMs });
  }
  return stretches;
}

/**
 * Points as a line that holds each value until the next (values are reported by exception), broken where nothing
 * confirmed the source.
 * @param untilMs how far the last value may be drawn on; the time of the last confirmation
 */
export function seriesOf(points: readonly Point[], gaps: readonly Stretch[], untilMs?: number): Series {
  const times: number[] = [];
  const values: (number | null)[] = [];
  let gap = 0;
  const push = (timeMs: number, value: number | null) => {
    const time = timeMs / 1000;
    const last = times.at(-1);
    if (last !== undefined && time < last) return;
    if (time === last) values[values.length - 1] = value;
    else {
      times.push(time);
      values.push(value);
    }
  };
  /** The value counts up to where a gap begins, not to the last change before it. */
  const end = (timeMs: number) => {
    // A value that came together with the gap did not hold for any time: what was before it did.
    if (times.at(-1) === timeMs / 1000) {
      times.pop();
      values.pop();
    }
    const held = values.at(-1);
    if (held !== undefined && held !== null) push(timeMs - 1, held);
    push(timeMs, null);
  };
  const passGaps = (beforeMs: number) => {
    for (let next = gaps[gap]; next !== undefined && next.fromMs < beforeMs; gap += 1, next = gaps[gap]) {
      end(next.fromMs);
    }
  };
  for (const point of points) {
    passGaps(point.timeMs);
    const value = drawable(point);
    if (value === null) end(point.timeMs);
    else push(point.timeMs, value);
  }
  passGaps(untilMs ?? Number.POSITIVE_INFINITY);
  const held = values.at(-1);
  const lastGap = gaps.at(-1);
  const open = lastGap !== undefined && untilMs !== undefined && untilMs <= lastGap.toMs;
  if (untilMs !== undefined && held !== undefined && held !== null && !open) push(untilMs, held);
  return { times, values };
}

/** What lies from `fromMs` on, beginning with the value that held then; a gap before it stays a gap. */
export function clip(series: Series, fromMs: number): Series {
  const from = fromMs / 1000;
  const first = series.times.findIndex((time) => time >= from);
  const index = first < 0 ? series.times.length : first;
  const times = series.times.slice(index);
  const values = series.values.slice(index);
  const held = series.values[index - 1] ?? null;
  if (held !== null && times[0] !== from) {
    times.unshift(from);
    values.unshift(held);
  }
  return { times, values };
}

/** Keeps a series below about `4 x buckets` points: first, lowest, highest and last of each bucket, and every gap. */
export function decimate(series: Series, buckets: number): Series {
  const { times, values } = series;
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || times.length <= 4 * buckets) return series;
  const kept: Series = { times: [], values: [] };
  const width = (last - first) / buckets || 1;
  let start = 0;
  while (start < times.length) {
    const bucket = Math.floor(((times[start] ?? 0) - first) / width);
    let end = start;
    while (end < times.length && Math.floor(((times[end] ?? 0) - first) / width) === bucket) end += 1;
    for (const index of notable(values, start, end)) {
      kept.times.push(times[index] ?? 0);
      kept.values.push(values[index] ?? null);
    }
    start = end;
  }
  return kept;
}

function notable(values: readonly (number | null)[], start: number, end: number): number[] {
  const picked = new Set<number>([start, end - 1]);
  let lowest = -1;
  let highest = -1;
  for (let index = start; index < end; index += 1) {
    const value = values[index] ?? null;
    // Of a gap only its ends are needed: nothing is drawn within.
    if (value === null) {
      if (index === start || (values[index - 1] ?? null) !== null) picked.add(index);
      continue;
    }
    if (lowest < 0 || value < (values[lowest] ?? 0)) lowest = index;
    if (highest < 0 || value > (values[highest] ?? 0)) highest = index;
  }
  for (const index of [lowest, highest]) if (index >= 0) picked.add(index);
  return [...picked].sort((a, b) => a - b);
}

/** Lowest, highest and newest of what was drawn; null where there is nothing. */
export function extremes(series: Series): { lowest: number; highest: number; newest: number } | null {
  const known = series.values.filter((value): value is number => value !== null);
  const newest = known.at(-1);
  if (newest === undefined) return null;
  return { lowest: known.reduce((a, b) => Math.min(a, b)), highest: known.reduce((a, b) => Math.max(a, b)), newest };
}

export const OEE_FACTORS = ['oee', 'availability', 'performance', 'quality'] as const;
export type OeeFactor = (typeof OEE_FACTORS)[number];

/** One window of the trend; the figure is null where there is none: a gap, not a zero. */
export interface TrendBar {
  readonly startMs: number;
  readonly figure: OeeFigure | null;
}

/** Every window from..to, those without a figure as gaps. Windows that have not begun are left out. */
export function trendBars(
  figures: readonly OeeFigure[],
  plan: { readonly fromMs: number; readonly toMs: number; readonly windowMs: number },
  nowMs: number,
): TrendBar[] {
  const byStart = new Map(figures.map((figure) => [Date.parse(figure.start), figure]));
  const bars: TrendBar[] = [];
  for (let startMs = plan.fromMs; startMs < Math.min(plan.toMs, nowMs); startMs += plan.windowMs) {
    bars.push({ startMs, figure: byStart.get(startMs) ?? null });
  }
  return bars;
}
