/**
 * The temporal functions of metrics (guide: "Temporal functions"). The time ranges are the guide's: first and last look at
 * (start, end], latest at everything until the end, earliest at everything until the previous window's end.
 */
import type { Call, Expression } from './ast.ts';
import { directVariable, type Evaluate, type Frame, type Scope } from './frame.ts';
import type { Series } from './series.ts';
import type { Value } from './value.ts';

/** A point of the series that the argument's expression makes of the variable's points. */
interface Sample {
  readonly timeMs: number;
  readonly value: number;
}

/** The argument's value at one of the series' points. */
type ValueAtPosition = (position: number) => Value;

/** Compiles a temporal function. `compile` compiles the argument's expression. */
export function compileTemporal(
  call: Call,
  scope: Scope,
  compile: (expression: Expression, scope: Scope) => Evaluate,
): Evaluate {
  const [argument, option] = call.args;
  const name = argument && directVariable(argument, scope.declarations);
  if (argument === undefined || name === undefined) return () => undefined;
  const index = scope.variables.indexOf(name);
  const evaluate = compile(argument, { ...scope, pointVariable: name, perPoint: true });
  const compute = computation(call.name, option?.kind === 'string' ? option.value : undefined);
  return (frame) => {
    const series = frame.series[index]?.[0];
    if (series === undefined) return undefined;
    const outerPoint = frame.point;
    const result = compute(frame, series, (position) => {
      frame.point = series.values[position];
      return evaluate(frame);
    });
    frame.point = outerPoint;
    return result;
  };
}

function computation(
  name: string,
  option: string | undefined,
): (frame: Frame, series: Series, at: ValueAtPosition) => Value {
  switch (name) {
    case 'first':
      return (frame, series, at) => {
        const end = series.countUntil(frame.endMs);
        for (let position = series.countUntil(frame.startMs); position < end; position++) {
          const value = at(position);
          if (isPoint(value)) return value;
        }
        return undefined;
      };
    case 'last':
      return ({ startMs, endMs }, series, at) => lastPoint(at, series.countUntil(endMs), series.countUntil(startMs));
    case 'earliest':
      return ({ startMs }, series, at) => lastPoint(at, series.countUntil(startMs), 0);
    case 'latest':
      return ({ endMs }, series, at) => lastPoint(at, series.countUntil(endMs), 0);
    case 'statetime':
      return stateTime;
    case 'timeweightedavg':
      return option === 'linear' ? linearAverage : steppedAverage;
    default:
      return (frame, series, at) => weightedDeviation(frame, series, at, option === 'p' ? 0 : 1);
  }
}

/** The last point of the positions [start, end). */
function lastPoint(at: ValueAtPosition, end: number, start: number): Value {
  for (let position = end - 1; position >= start; position--) {
    const value = at(position);
    if (isPoint(value)) return value;
  }
  return undefined;
}

function isPoint(value: Value): boolean {
  return typeof value === 'string' || isNumericPoint(value);
}

function isNumericPoint(value: Value): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/**
 * The numeric points of the window, led by the one that holds at its start, if there is one.
 * @param after how many points behind the window's end are added.
 */
function samples({ startMs, endMs }: Frame, series: Series, at: ValueAtPosition, after: 0 | 1): Sample[] {
  const sampleAt = (position: number): Sample | undefined => {
    const value = at(position);
    const timeMs = series.times[position];
    return isNumericPoint(value) && timeMs !== undefined ? { timeMs, value } : undefined;
  };
  const inside = series.countUntil(startMs);
  const end = series.countUntil(endMs);
  const found: Sample[] = [];
  for (let position = inside - 1; position >= 0 && found.length === 0; position--) {
    const sample = sampleAt(position);
    if (sample) found.push(sample);
  }
  for (let position = inside; position < series.times.length; position++) {
    if (position >= end && after === 0) break;
    const sample = sampleAt(position);
    if (sample) found.push(sample);
    if (sample && position >= end) break;
  }
  return found;
}

/** Calls `visit` with each stretch of the window and the sample that holds in it (last observation carried forward). */
function eachStretch(
  { startMs, endMs }: Frame,
  found: readonly Sample[],
  visit: (value: number, durationMs: number) => void,
): void {
  for (const [index, { timeMs, value }] of found.entries()) {
    const until = Math.min(found[index + 1]?.timeMs ?? endMs, endMs);
    const durationMs = until - Math.max(timeMs, startMs);
    if (durationMs > 0) visit(value, durationMs);
  }
}

/** Seconds of the window with a value above 0; none before the first point, as the guide's example shows. */
function stateTime(frame: Frame, series: Series, at: ValueAtPosition): Value {
  const found = samples(frame, series, at, 0);
  const first = found[0];
  if (first === undefined || first.timeMs >= frame.endMs) return undefined;
  let positiveMs = 0;
  eachStretch(frame, found, (value, durationMs) => {
    if (value > 0) positiveMs += durationMs;
  });
  return positiveMs / 1000;
}

/** Whether the whole window is known; the guide's time-weighted functions give nothing for a window that is known in part. */
function coversWindow({ startMs, endMs }: Frame, found: readonly Sample[]): boolean {
  const first = found[0];
  return first !== undefined && first.timeMs <= startMs && startMs < endMs;
}

function steppedAverage(frame: Frame, series: Series, at: ValueAtPosition): Value {
  const found = samples(frame, series, at, 0);
  if (!coversWindow(frame, found)) return undefined;
  let area = 0;
  eachStretch(frame, found, (value, durationMs) => {
    area += value * durationMs;
  });
  return area / (frame.endMs - frame.startMs);
}

/** A straight line between two points; the last point is carried forward. */
function linearAverage(frame: Frame, series: Series, at: ValueAtPosition): Value {
  const found = samples(frame, series, at, 1);
  if (!coversWindow(frame, found)) return undefined;
  const { startMs, endMs } = frame;
  let area = 0;
  for (const [index, { timeMs, value }] of found.entries()) {
    const next = found[index + 1];
    const from = Math.max(timeMs, startMs);
    const until = Math.min(next?.timeMs ?? endMs, endMs);
    if (until <= from) continue;
    const slope = next === undefined ? 0 : (next.value - value) / (next.timeMs - timeMs);
    const middle = value + slope * ((from + until) / 2 - timeMs);
    area += middle * (until - from);
  }
  return area / (endMs - startMs);
}

/**
 * Weights are seconds. With `correction` 1 (algo `f`) it is the unbiased variance of frequency weights, over the sum of the
 * weights less one; with 0 (algo `p`) the population's.
 */
function weightedDeviation(frame: Frame, series: Series, at: ValueAtPosition, correction: 0 | 1): Value {
  const found = samples(frame, series, at, 0);
  if (!coversWindow(frame, found)) return undefined;
  const totalSeconds = (frame.endMs - frame.startMs) / 1000;
  let area = 0;
  eachStretch(frame, found, (value, durationMs) => {
    area += (value * durationMs) / 1000;
  });
  const mean = area / totalSeconds;
  let squares = 0;
  eachStretch(frame, found, (value, durationMs) => {
    squares += ((value - mean) ** 2 * durationMs) / 1000;
  });
  return totalSeconds > correction ? Math.sqrt(squares / (totalSeconds - correction)) : undefined;
}
