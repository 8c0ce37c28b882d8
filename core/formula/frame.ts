/** What compiled expressions read while they are evaluated, and what is known when they are compiled. */
import { type Call, children, type Expression, walk } from './ast.ts';
import { readsSeries } from './catalogue.ts';
import type { Series } from './series.ts';
import type { FormulaKind, Variables } from './types.ts';
import type { Value } from './value.ts';

/** The state of one evaluation. Variables are addressed by their place in `Scope.variables`. */
export interface Frame {
  /** Milliseconds; the answer to `now()`. */
  readonly nowMs: number;
  /** Milliseconds: the window's end or the triggering point's time; the answer to `timestamp()`. */
  readonly timestampMs: number;
  /** Metrics: the window (start, end]. */
  readonly startMs: number;
  readonly endMs: number;
  /** Metrics: the series of each variable, several for children. */
  readonly series: readonly (readonly Series[])[];
  /** Transforms and conditions: the latest values, and before the trigger. */
  readonly current: readonly Moment[];
  readonly previous: readonly Moment[];
  /** The value of the point at hand inside an aggregation or temporal function. */
  point: Value;
  /** Results of functions that are called once per window although they stand inside another one's argument. */
  readonly memo: Map<Call, Value>;
}

/** A variable's value and since when it has it (milliseconds). */
export interface Moment {
  readonly value: Value;
  readonly timeMs: number | undefined;
}

/** No value yet. */
export const NOTHING: Moment = { value: undefined, timeMs: undefined };

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Value;

/** What names mean while an expression is compiled. */
export interface Scope {
  readonly kind: FormulaKind;
  readonly declarations: Variables;
  /** The variables that the expression uses: a variable's place here is its place in a frame. */
  readonly variables: readonly string[];
  /** The variable that stands for the point at hand. */
  readonly pointVariable: string | undefined;
  /** Whether the code runs once per point. */
  readonly perPoint: boolean;
}

/** The variables that an expression uses, each once, in the order of the text. */
export function usedVariables(expression: Expression, declarations: Variables): string[] {
  const names = [...walk(expression)].flatMap((node) => (node.kind === 'name' ? [node.name] : []));
  return [...new Set(names)].filter((name) => declarations.has(name));
}

/** The variable of an argument that stands outside nested aggregations and temporal functions. */
export function directVariable(node: Expression, declarations: Variables): string | undefined {
  if (node.kind === 'name') return declarations.has(node.name) ? node.name : undefined;
  if (node.kind === 'call' && readsSeries(node.name)) return undefined;
  for (const child of children(node)) {
    const found = directVariable(child, declarations);
    if (found !== undefined) return found;
  }
  return undefined;
}
