/** Transforms: one value for each new input, from it and the latest values of the others. */
import type { Expression } from './ast.ts';
import { checked } from './check.ts';
import { compile } from './compile.ts';
import { type Moment, NOTHING, usedVariables } from './frame.ts';
import type { ComputedPoint } from './metric.ts';
import { Series, usableValue } from './series.ts';
import type { Point, ResultType, Variables } from './types.ts';
import { toResult } from './value.ts';

/** An expression of a transform. */
export interface CompiledTransform {
  readonly text: string;
  readonly tree: Expression;
  readonly resultType: ResultType;
  /** The variables that the expression uses. */
  readonly variables: readonly string[];
  /** The variables whose new points trigger it: all declared ones that are not attributes. */
  readonly triggers: readonly string[];
  /** Starts to follow inputs as they come. */
  start(): TransformRun;
  /**
   * The values for recorded points, in the order of time however they are given. Points of several variables with one
   * timestamp trigger once, as in the guide's example of pretrigger.
   * @param nowMs the answer to `now()`. @default the trigger's time
   */
  evaluateAll(points: ReadonlyMap<string, readonly Point[]>, nowMs?: number): ComputedPoint[];
}

/** The state of a transform: the latest and the previous value of each variable. */
export interface TransformRun {
  /**
   * Takes the new points of one timestamp.
   * @param t milliseconds.
   * @param updates the point of each variable that has a new one.
   * @param nowMs the answer to `now()`. @default t
   * @returns the transform's value at t; undefined if nothing triggers it, an input is still missing, or it has no value.
   */
  update(t: number, updates: ReadonlyMap<string, Omit<Point, 't'>>, nowMs?: number): ComputedPoint | undefined;
}

/**
 * Checks and compiles the expression of a transform.
 * @throws FormulaError with all faults.
 */
export function compileTransform(text: string, options: { readonly variables: Variables }): CompiledTransform {
  const declarations = options.variables;
  const { tree, resultType } = checked(text, { kind: 'transform', variables: declarations });
  const variables = usedVariables(tree, declarations);
  const triggers = [...declarations].filter(([, { source }]) => source !== 'attribute').map(([name]) => name);
  const calculate = compile(tree, {
    kind: 'transform',
    declarations,
    variables,
    pointVariable: undefined,
    perPoint: false,
  });

  const start = (): TransformRun => {
    const current: Moment[] = variables.map(() => NOTHING);
    const earlier: Moment[] = variables.map(() => NOTHING);
    return {
      update: (t, updates, nowMs = t) => {
        let isTriggered = false;
        // Of a variable without a new point, the value before the trigger is the one that it still has.
        const previous = [...current];
        for (const [name, update] of updates) {
          const value = usableValue({ ...update, t });
          if (value === undefined) continue;
          if (triggers.includes(name)) isTriggered = true;
          const index = variables.indexOf(name);
          const known = current[index];
          if (known === undefined) continue;
          if (known.timeMs === t) previous[index] = earlier[index] ?? NOTHING;
          else earlier[index] = known;
          current[index] = { value, timeMs: t };
        }
        if (!isTriggered || current.some(({ value }) => value === undefined)) return undefined;
        const value = toResult(
          calculate({
            nowMs,
            timestampMs: t,
            startMs: t,
            endMs: t,
            series: [],
            current,
            previous,
            point: undefined,
            memo: new Map(),
          }),
        );
        return value === undefined ? undefined : { t, value };
      },
    };
  };

  const evaluateAll = (points: ReadonlyMap<string, readonly Point[]>, nowMs?: number): ComputedPoint[] => {
    const run = start();
    const results: ComputedPoint[] = [];
    for (const [t, updates] of byTime(points)) {
      const result = run.update(t, updates, nowMs);
      if (result !== undefined) results.push(result);
    }
    return results;
  };

  return { text, tree, resultType, variables, triggers, start, evaluateAll };
}

/** The usable points of all variables, by their timestamps in order. */
function byTime(points: ReadonlyMap<string, readonly Point[]>): [number, Map<string, Omit<Point, 't'>>][] {
  const moments = new Map<number, Map<string, Omit<Point, 't'>>>();
  for (const [name, list] of points) {
    const { times, values } = new Series(list);
    for (const [position, t] of times.entries()) {
      const updates = moments.get(t) ?? new Map<string, Omit<Point, 't'>>();
      updates.set(name, { value: values[position] ?? null });
      moments.set(t, updates);
    }
  }
  return [...moments].sort(([left], [right]) => left - right);
}
