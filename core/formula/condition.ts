/**
 * Instantaneous expressions over the latest values, such as a local rule's `when: temperature > 80 and state == "RUNNING"`. The
 * language is the same; aggregations, temporal functions and pretrigger have no meaning here.
 */
import type { Call, Expression } from './ast.ts';
import { checked } from './check.ts';
import { compile } from './compile.ts';
import { type Moment, usedVariables } from './frame.ts';
import { usable } from './series.ts';
import type { FormulaValue, ResultType, Variables } from './types.ts';
import { isTruthy, toResult, type Value } from './value.ts';

/** The latest values; one that is missing or null is unknown. */
export type LatestValues = ReadonlyMap<string, number | string | boolean | null | undefined>;

/** An expression over the latest values. */
export interface CompiledExpression {
  readonly text: string;
  readonly tree: Expression;
  readonly resultType: ResultType;
  /** The variables that the expression uses. */
  readonly variables: readonly string[];
  /**
   * The value; undefined if it has none or a variable is unknown.
   * @param nowMs the answer to `now()` and `timestamp()`. @default 0
   */
  evaluate(values: LatestValues, nowMs?: number): FormulaValue | undefined;
  /** Whether the expression is true; false as long as any of its variables is unknown, even behind `not`. */
  isTrue(values: LatestValues, nowMs?: number): boolean;
}

/**
 * Checks and compiles an instantaneous expression.
 * @throws FormulaError with all faults.
 */
export function compileExpression(text: string, options: { readonly variables: Variables }): CompiledExpression {
  const declarations = options.variables;
  const { tree, resultType } = checked(text, { kind: 'condition', variables: declarations });
  const variables = usedVariables(tree, declarations);
  const calculate = compile(tree, {
    kind: 'condition',
    declarations,
    variables,
    pointVariable: undefined,
    perPoint: false,
  });
  const run = (values: LatestValues, nowMs: number): Value => {
    const current: Moment[] = [];
    for (const name of variables) {
      const value = usable(values.get(name));
      if (value === undefined) return undefined;
      current.push({ value, timeMs: nowMs });
    }
    return calculate({
      nowMs,
      timestampMs: nowMs,
      startMs: nowMs,
      endMs: nowMs,
      series: [],
      current,
      previous: [],
      point: undefined,
      memo: NO_MEMO,
    });
  };
  return {
    text,
    tree,
    resultType,
    variables,
    evaluate: (values, nowMs = 0) => toResult(run(values, nowMs)),
    isTrue: (values, nowMs = 0) => {
      const value = run(values, nowMs);
      // NaN is true for the guide's `if`, but no reason to act on a machine.
      return isTruthy(value) && !Number.isNaN(value);
    },
  };
}

/** Never written: only aggregations and temporal functions use it. */
const NO_MEMO = new Map<Call, Value>();

/** Compiles and evaluates a condition once; whoever evaluates it more often compiles it once by `compileExpression`. */
export function evaluateCondition(text: string, variables: Variables, values: LatestValues, nowMs = 0): boolean {
  return compileExpression(text, { variables }).isTrue(values, nowMs);
}
