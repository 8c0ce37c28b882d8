import { type LossCategory, MACHINE_STATES, type MachineState } from '../telemetry/types.ts';
import type { TimeRange } from './windows.ts';

/** A point of the `state` or `reason` signal. */
export interface TextPoint {
  readonly timeMs: number;
  readonly value: unknown;
}

/** A machine's state over a span of time, [fromMs, toMs). */
export interface StateSpan extends TimeRange {
  readonly state: MachineState;
  readonly category: LossCategory;
  readonly reason: string | null;
}

/** What `stateSpans` works on. */
export interface StateHistory {
  /** `state` points, ascending: those of the range, and the newest before it. */
  readonly states: readonly TextPoint[];
  /** `reason` points likewise; an empty text is no reason. */
  readonly reasons: readonly TextPoint[];
  /** The machine's categories, the site file's overrides applied. */
  readonly categoryOfState: Readonly<Record<MachineState, LossCategory>>;
  /** When the machine was last confirmed alive (any sample, tick or minute message); left out: always. */
  readonly confirmedUntilMs?: number | undefined;
  /** How long that confirmation counts. */
  readonly stalenessMs: number;
}

/**
 * Who stood when, and why: adjoining spans without holes over the whole range. Time before the first known state is UNKNOWN,
 * and so is time later than the last confirmation and the staleness limit: a dead gateway never counts as running.
 */
export function stateSpans(history: StateHistory, range: TimeRange): StateSpan[] {
  if (range.toMs <= range.fromMs) return [];
  const staleFromMs =
    history.confirmedUntilMs === undefined ? Number.POSITIVE_INFINITY : history.confirmedUntilMs + history.stalenessMs;
  const spans: StateSpan[] = [];
  for (const fromMs of boundariesOf(history, range, staleFromMs)) {
    const known = fromMs < staleFromMs;
    const state = known ? asState(valueAt(history.states, fromMs)) : 'UNKNOWN';
    const reason = known && state !== 'UNKNOWN' ? asReason(valueAt(history.reasons, fromMs)) : null;
    const last = spans.at(-1);
    if (last !== undefined && last.state === state && last.reason === reason) continue;
    if (last !== undefined) spans[spans.length - 1] = { ...last, toMs: fromMs };
    spans.push({ fromMs, toMs: range.toMs, state, category: history.categoryOfState[state], reason });
  }
  return spans;
}

/** Instants of the range at which state or reason may change, the range's start first. */
function boundariesOf(history: StateHistory, range: TimeRange, staleFromMs: number): number[] {
  const instants = new Set([range.fromMs]);
  for (const { timeMs } of [...history.states, ...history.reasons, { timeMs: staleFromMs }]) {
    if (timeMs > range.fromMs && timeMs < range.toMs) instants.add(timeMs);
  }
  return [...instants].sort((one, other) => one - other);
}

/** The newest point at or before an instant, by bisection. */
function valueAt(points: readonly TextPoint[], timeMs: number): unknown {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const point = points[middle];
    if (point !== undefined && point.timeMs <= timeMs) low = middle + 1;
    else high = middle;
  }
  return points[low - 1]?.value;
}

/** What is not in the vocabulary is UNKNOWN. */
function asState(value: unknown): MachineState {
  return MACHINE_STATES.find((state) => state === value) ?? 'UNKNOWN';
}

function asReason(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
