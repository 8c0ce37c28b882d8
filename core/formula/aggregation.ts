/**
 * The aggregation functions (guide: "Aggregation functions"). Each argument is one variable's points in the window, each
 * put through the argument's expression; or one value, if the variable stands in a nested function.
 */
import type { Call, Expression } from './ast.ts';
import { directVariable, type Evaluate, type Frame, type Scope, usedVariables } from './frame.ts';
import type { Value } from './value.ts';

/** Appends an argument's values over the frame's window. */
type Collect = (frame: Frame, values: Value[]) => void;

const REDUCERS: ReadonlyMap<string, (values: readonly Value[]) => Value> = new Map([
  ['sum', sum],
  ['avg', average],
  ['min', (values) => extreme(values, -1)],
  ['max', (values) => extreme(values, 1)],
  ['stdev', standardDeviation],
]);

/** Compiles an aggregation function. `compile` compiles an argument's expression. */
export function compileAggregation(
  call: Call,
  scope: Scope,
  compile: (expression: Expression, scope: Scope) => Evaluate,
): Evaluate {
  const dataArguments = call.args.filter((argument) => usedVariables(argument, scope.declarations).length > 0);
  const constants = call.args.filter((argument) => !dataArguments.includes(argument));
  const collectors = dataArguments.map((argument) => collector(argument, scope, compile));
  const collect: Collect = (frame, values) => {
    for (const collector of collectors) collector(frame, values);
  };
  if (call.name === 'count') {
    // A literal is no data point.
    return (frame) => {
      const values: Value[] = [];
      collect(frame, values);
      return values.length;
    };
  }
  const reduce = REDUCERS.get(call.name) ?? (() => undefined);
  const literals = constants.map((argument) => compile(argument, scope));
  return (frame) => {
    const values: Value[] = [];
    collect(frame, values);
    if (values.length === 0 && collectors.length > 0) return undefined;
    for (const literal of literals) values.push(literal(frame));
    return reduce(values);
  };
}

function collector(
  argument: Expression,
  scope: Scope,
  compile: (expression: Expression, scope: Scope) => Evaluate,
): Collect {
  const name = directVariable(argument, scope.declarations);
  if (name === undefined) {
    const evaluate = compile(argument, { ...scope, pointVariable: undefined });
    return (frame, values) => append(values, evaluate(frame));
  }
  const index = scope.variables.indexOf(name);
  const isAttribute = scope.declarations.get(name)?.source === 'attribute';
  const isPlain = argument.kind === 'name';
  const evaluate = compile(argument, { ...scope, pointVariable: name, perPoint: true });
  return (frame, values) => {
    const outerPoint = frame.point;
    for (const series of frame.series[index] ?? []) {
      const end = series.countUntil(frame.endMs);
      // An attribute is its latest value, whenever that was set.
      const start = isAttribute ? Math.max(0, end - 1) : series.countUntil(frame.startMs);
      for (let position = start; position < end; position++) {
        const value = series.values[position];
        if (isPlain) values.push(value);
        else {
          frame.point = value;
          append(values, evaluate(frame));
        }
      }
    }
    frame.point = outerPoint;
  };
}

/** None is no data point. */
function append(values: Value[], value: Value): void {
  if (value !== undefined) values.push(value);
}

function sum(values: readonly Value[]): Value {
  let total = 0;
  for (const value of values) {
    if (typeof value !== 'number') return undefined;
    total += value;
  }
  return total;
}

function average(values: readonly Value[]): Value {
  const total = sum(values);
  return typeof total === 'number' ? total / values.length : undefined;
}

function extreme(values: readonly Value[], direction: 1 | -1): Value {
  let best = -Infinity;
  for (const value of values) {
    if (typeof value !== 'number') return undefined;
    best = Math.max(best, direction * value);
  }
  return direction * best;
}

/**
 * The sample's standard deviation (n - 1). The guide names no estimator for `stdev`, but says of the SQL function STDDEV
 * that it is the sample's, and of TimeWeightedStDev that Bessel's correction is what standard deviation usually means. One
 * point has the deviation 0, since the guide promises a value for every window with a point.
 */
function standardDeviation(values: readonly Value[]): Value {
  const mean = average(values);
  if (typeof mean !== 'number') return undefined;
  if (values.length === 1) return 0;
  let squares = 0;
  for (const value of values) {
    if (typeof value === 'number') squares += (value - mean) ** 2;
  }
  return Math.sqrt(squares / (values.length - 1));
}
