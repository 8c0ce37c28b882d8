/** Turns a checked syntax tree into closures, so that an evaluation neither looks up names nor walks the tree. */
import { compileAggregation } from './aggregation.ts';
import type { Binary, Call, Expression, Name, Unary } from './ast.ts';
import { CONSTANTS, findFunction } from './catalogue.ts';
import { compileCall } from './compile-call.ts';
import type { Evaluate, Scope } from './frame.ts';
import { format, shortFormat } from './functions/format.ts';
import { elementAt, slice } from './functions/strings.ts';
import { compileTemporal } from './temporal.ts';
import { add, type Comparison, compare, concatenate, defined, isTruthy, type Value } from './value.ts';

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '==': 'eq',
  '!=': 'neq',
};

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
};

/** Compiles an expression that `check` found no fault in. */
export function compile(node: Expression, scope: Scope): Evaluate {
  switch (node.kind) {
    case 'number':
    case 'string': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(node, scope);
    case 'unary':
      return compileUnary(node, scope);
    case 'binary':
      return compileBinary(node, scope);
    case 'index': {
      const [object, index] = [compile(node.object, scope), compile(node.index, scope)];
      return (frame) => elementAt(object(frame), index(frame));
    }
    case 'slice': {
      const object = compile(node.object, scope);
      const part = (expression: Expression | undefined): Evaluate =>
        expression === undefined ? () => undefined : compile(expression, scope);
      const [start, end, step] = [part(node.start), part(node.end), part(node.step)];
      return (frame) => slice(object(frame), start(frame), end(frame), step(frame));
    }
    case 'call':
      return compileFunction(node, scope);
    case 'formatted': {
      const parts = node.parts.map((part): Evaluate => {
        if (part.kind === 'text') return () => part.text;
        const value = compile(part.expression, scope);
        if (part.format === undefined) return value;
        const text = shortFormat(part.format.value);
        return (frame) => format(text, [value(frame)]);
      });
      return (frame) => concatenate(parts.map((part) => part(frame)));
    }
  }
}

function compileName({ name }: Name, scope: Scope): Evaluate {
  const declaration = scope.declarations.get(name);
  if (declaration === undefined) {
    const constant = CONSTANTS.get(name.toLowerCase());
    return () => constant;
  }
  if (scope.pointVariable === name) return (frame) => frame.point;
  const index = scope.variables.indexOf(name);
  if (scope.kind !== 'metric') return (frame) => frame.current[index]?.value;
  // Outside a function an attribute is its latest value, anything else the last one of the window (guide: "Metrics").
  const isAttribute = declaration.source === 'attribute';
  return (frame) => {
    const series = frame.series[index]?.[0];
    if (series === undefined) return undefined;
    const position = series.countUntil(frame.endMs) - 1;
    const isInWindow = (series.times[position] ?? -Infinity) > frame.startMs;
    return isAttribute || isInWindow ? series.values[position] : undefined;
  };
}

function compileUnary(node: Unary, scope: Scope): Evaluate {
  const operand = compile(node.operand, scope);
  if (node.operator === 'not' || node.operator === '!') return (frame) => Number(!isTruthy(operand(frame)));
  const sign = node.operator === '-' ? -1 : 1;
  return (frame) => {
    const value = operand(frame);
    return typeof value === 'number' ? sign * value : undefined;
  };
}

function compileBinary(node: Binary, scope: Scope): Evaluate {
  const [left, right] = [compile(node.left, scope), compile(node.right, scope)];
  const comparison = COMPARISONS[node.operator];
  if (comparison !== undefined) return (frame) => compare(comparison, left(frame), right(frame));
  if (node.operator === 'and') return (frame) => Number(isTruthy(left(frame)) && isTruthy(right(frame)));
  if (node.operator === 'or') return (frame) => Number(isTruthy(left(frame)) || isTruthy(right(frame)));
  const apply = ARITHMETIC[node.operator];
  if (apply === undefined) return (frame) => add(left(frame), right(frame));
  return (frame) => {
    const [x, y] = [left(frame), right(frame)];
    return typeof x === 'number' && typeof y === 'number' ? defined(apply(x, y)) : undefined;
  };
}

function compileFunction(node: Call, scope: Scope): Evaluate {
  const category = findFunction(node.name)?.category;
  if (category !== 'aggregation' && category !== 'temporal') return compileCall(node, scope, compile);
  const evaluate =
    category === 'aggregation' ? compileAggregation(node, scope, compile) : compileTemporal(node, scope, compile);
  if (!scope.perPoint) return evaluate;
  // Inside another function's argument it would be computed again at every point, with the same result.
  return (frame) => {
    if (frame.memo.has(node)) return frame.memo.get(node);
    const value: Value = evaluate(frame);
    frame.memo.set(node, value);
    return value;
  };
}
