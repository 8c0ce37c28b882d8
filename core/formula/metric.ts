/** Metrics: one value a window. */
import { type Expression, walk } from './ast.ts';
import { checked } from './check.ts';
import { compile } from './compile.ts';
import { type Frame, usedVariables } from './frame.ts';
import { type Series, type SeriesInput, toSeries } from './series.ts';
import type { FormulaValue, ResultType, Variables } from './types.ts';
import { toResult } from './value.ts';
import { type TimeWindow, type WindowSpecification, windowOf, windowsBetween } from './window.ts';

/** The points of each variable. A variable that is missing has no points. */
export type SeriesByName = ReadonlyMap<string, SeriesInput>;

/** A value of a metric or transform, stamped in milliseconds. */
export interface ComputedPoint {
  readonly t: number;
  readonly value: FormulaValue;
}

/** An expression of a metric, ready to be evaluated. It keeps no state: a window is computed from its points alone. */
export interface CompiledMetric {
  readonly text: string;
  readonly tree: Expression;
  readonly resultType: ResultType;
  /** The variables that the expression uses. */
  readonly variables: readonly string[];
  /** Whether points before the window count (latest, earliest, statetime, time-weighted functions, attributes). */
  readonly looksBack: boolean;
  /** Whether the first point behind the window counts (linear interpolation). */
  readonly looksAhead: boolean;
  /**
   * The window's value from the points that are there, in whatever order: computed again after late data, it is what it
   * would have been had they come in time.
   * @param series the points of each variable; those outside the window count only where `looksBack` and `looksAhead` say.
   * @param nowMs the answer to `now()`. @default the window's end
   * @returns undefined for no value.
   */
  evaluate(window: TimeWindow, series: SeriesByName, nowMs?: number): FormulaValue | undefined;
}

const LOOKING_BACK = new Set(['earliest', 'latest', 'statetime', 'timeweightedavg', 'timeweightedstdev']);

/**
 * Checks and compiles the expression of a metric.
 * @throws FormulaError with all faults.
 */
export function compileMetric(text: string, options: { readonly variables: Variables }): CompiledMetric {
  const declarations = options.variables;
  const { tree, resultType } = checked(text, { kind: 'metric', variables: declarations });
  const variables = usedVariables(tree, declarations);
  const calculate = compile(tree, {
    kind: 'metric',
    declarations,
    variables,
    pointVariable: undefined,
    perPoint: false,
  });
  const calls = [...walk(tree)].filter((node) => node.kind === 'call');
  const usesAttribute = variables.some((name) => declarations.get(name)?.source === 'attribute');
  return {
    text,
    tree,
    resultType,
    variables,
    looksBack: usesAttribute || calls.some(({ name }) => LOOKING_BACK.has(name)),
    looksAhead: calls.some(
      ({ name, args }) => name === 'timeweightedavg' && args[1]?.kind === 'string' && args[1].value === 'linear',
    ),
    evaluate: ({ startMs, endMs }, series, nowMs = endMs) => {
      const frame: Frame = {
        nowMs,
        timestampMs: endMs,
        startMs,
        endMs,
        series: variables.map((name) => toSeries(series.get(name))),
        current: [],
        previous: [],
        point: undefined,
        memo: new Map(),
      };
      return toResult(calculate(frame));
    },
  };
}

/**
 * The values of all windows from the one that holds `fromMs` to the one that holds `toMs`; windows without a value are left
 * out. The points are sorted once.
 */
export function* evaluateWindows(
  metric: CompiledMetric,
  specification: WindowSpecification,
  series: SeriesByName,
  range: { readonly fromMs: number; readonly toMs: number; readonly nowMs?: number },
): Generator<ComputedPoint> {
  const prepared = new Map<string, readonly Series[]>();
  for (const [name, input] of series) prepared.set(name, toSeries(input));
  for (const window of windowsBetween(specification, range.fromMs, range.toMs)) {
    const value = metric.evaluate(window, prepared, range.nowMs);
    if (value !== undefined) yield { t: window.endMs, value };
  }
}

/** The windows whose values a late point may change, by their ends; `lastEndMs` is Infinity if all later ones are. */
export interface AffectedWindows {
  readonly firstEndMs: number;
  readonly lastEndMs: number;
}

/**
 * Which windows have to be computed again after a late, corrected or deleted point.
 * @param t the point's time.
 * @param neighbours the times of the points of the same property right before and right behind it, if there are any.
 */
export function affectedWindows(
  metric: CompiledMetric,
  specification: WindowSpecification,
  t: number,
  neighbours: { readonly previousMs?: number; readonly nextMs?: number } = {},
): AffectedWindows {
  const own = windowOf(specification, t).endMs;
  const { previousMs, nextMs } = neighbours;
  // A line from the previous point changes from that point on.
  const first = metric.looksAhead && previousMs !== undefined ? windowOf(specification, previousMs).endMs : own;
  if (!metric.looksBack) return { firstEndMs: first, lastEndMs: own };
  // `earliest` reads the point at a window's start: the window behind the next point's is the last that may see this one.
  const last = nextMs === undefined ? Infinity : windowOf(specification, nextMs).endMs;
  return { firstEndMs: first, lastEndMs: last };
}
