/** Compiles the calls of functions that work on values: mathematics, comparisons, conditions, strings, dates. */
import type { Call, Expression } from './ast.ts';
import { type Evaluate, type Frame, type Moment, NOTHING, type Scope } from './frame.ts';
import { localtime, mktime, TIME_PARTS } from './functions/date-time.ts';
import { format, shortFormat } from './functions/format.ts';
import { parseJsonPath } from './functions/json-path.ts';
import { COMMON_FUNCTIONS } from './functions/mathematics.ts';
import { STRING_FUNCTIONS } from './functions/strings.ts';
import { findTimeZone } from './functions/time-zone.ts';
import { type Comparison, compare, concatenate, defined, isTruthy, LocalTime, toText, type Value } from './value.ts';

type Compile = (expression: Expression, scope: Scope) => Evaluate;

const NONE: Evaluate = () => undefined;

/** Compiles a call of any function but aggregations and the temporal functions of metrics. */
export function compileCall(node: Call, scope: Scope, compile: Compile): Evaluate {
  switch (node.name) {
    case 'if':
    case 'elif':
      return compileConditional(node, scope, compile);
    case 'pretrigger':
    case 'timestamp':
    case 'now':
      return compileMoment(node, scope);
    default:
      return compileValues(
        node,
        node.args.map((argument) => compile(argument, scope)),
      );
  }
}

function compileValues(node: Call, args: readonly Evaluate[]): Evaluate {
  const [first = NONE, second = NONE] = args;
  const common = COMMON_FUNCTIONS.get(node.name);
  if (common !== undefined) return (frame) => onNumber(first(frame), common);
  const part = TIME_PARTS.get(node.name);
  if (part !== undefined) {
    return (frame) => {
      const time = first(frame);
      return time instanceof LocalTime ? part(time.fields) : undefined;
    };
  }
  const onString = STRING_FUNCTIONS.get(node.name);
  if (onString !== undefined) {
    const takesTwo = args.length > 1;
    return (frame) => {
      const [s, argument] = [first(frame), takesTwo ? second(frame) : ''];
      return typeof s === 'string' && typeof argument === 'string' ? onString(s, argument) : undefined;
    };
  }
  switch (node.name) {
    case 'pow':
      return (frame) => {
        const [x, y] = [first(frame), second(frame)];
        return typeof x === 'number' && typeof y === 'number' ? defined(x ** y) : undefined;
      };
    case 'isnan':
      return (frame) => onNumber(first(frame), (x) => Number(Number.isNaN(x)));
    case 'jp':
      return compileJsonPath(node, first);
    case 'join':
      return (frame) => {
        const [separator, ...texts] = args.map((argument) => argument(frame));
        const between = toText(separator);
        return between === undefined ? undefined : concatenate(texts, between);
      };
    case 'format':
      return compileFormat(node, args);
    case 'mktime':
      return compileMktime(node, args);
    case 'localtime':
      return compileLocaltime(node, args);
    default: {
      const comparison = node.name as Comparison;
      return (frame) => compare(comparison, first(frame), second(frame));
    }
  }
}

function onNumber(value: Value, apply: (x: number) => number): Value {
  return typeof value === 'number' ? defined(apply(value)) : undefined;
}

/**
 * `if(c, a, b)`, and `if(c1, a).elif(c2, b).elif(c3, d, e)`: a chain is unrolled into its conditions, in order, so that
 * what comes after the first true one is never evaluated.
 */
function compileConditional(node: Call, scope: Scope, compile: Compile): Evaluate {
  const branches: { readonly condition: Evaluate; readonly result: Evaluate }[] = [];
  let link: Call | undefined = node;
  let otherwise: Evaluate = NONE;
  while (link !== undefined) {
    const own: readonly Expression[] = link.name === 'elif' ? link.args.slice(1) : link.args;
    const [condition = NONE, result = NONE, last] = own.map((argument) => compile(argument, scope));
    if (link === node && last !== undefined) otherwise = last;
    branches.unshift({ condition, result });
    const receiver: Expression | undefined = link.name === 'elif' ? link.args[0] : undefined;
    link = receiver?.kind === 'call' ? receiver : undefined;
  }
  return (frame) => {
    for (const { condition, result } of branches) if (isTruthy(condition(frame))) return result(frame);
    return otherwise(frame);
  };
}

function compileMoment(node: Call, scope: Scope): Evaluate {
  const argument = node.args[0];
  if (node.name === 'now') return (frame) => frame.nowMs / 1000;
  if (argument === undefined) return (frame) => frame.timestampMs / 1000;
  const isBefore = node.name === 'pretrigger' || argument.kind === 'call';
  const variable = argument.kind === 'call' ? argument.args[0] : argument;
  const index = variable?.kind === 'name' ? scope.variables.indexOf(variable.name) : -1;
  const moment = (frame: Frame): Moment => (isBefore ? frame.previous : frame.current)[index] ?? NOTHING;
  if (node.name === 'pretrigger') return (frame) => moment(frame).value;
  return (frame) => {
    const { timeMs } = moment(frame);
    return timeMs === undefined ? undefined : timeMs / 1000;
  };
}

function compileJsonPath(node: Call, text: Evaluate): Evaluate {
  const path = node.args[1];
  if (path?.kind !== 'string') return NONE;
  const { read } = parseJsonPath(path.value);
  return (frame) => {
    const json = toText(text(frame));
    return json === undefined ? undefined : read(json);
  };
}

function compileFormat(node: Call, args: readonly Evaluate[]): Evaluate {
  const [first = NONE, ...rest] = args;
  if (node.format !== undefined) {
    const text = shortFormat(node.format.value);
    return (frame) => format(text, [first(frame)]);
  }
  return (frame) => {
    const text = first(frame);
    if (typeof text !== 'string') return undefined;
    return format(
      text,
      rest.map((argument) => argument(frame)),
    );
  };
}

function compileMktime(node: Call, args: readonly Evaluate[]): Evaluate {
  const position = node.args.findIndex((argument) => argument.kind === 'string');
  const literal = node.args[position];
  const zone = findTimeZone(literal?.kind === 'string' ? literal.value : 'UTC');
  if (zone === undefined) return NONE;
  const parts = args.filter((_, index) => index !== position);
  return (frame) =>
    mktime(
      zone,
      parts.map((part) => part(frame)),
    );
}

function compileLocaltime(node: Call, args: readonly Evaluate[]): Evaluate {
  const position = node.args.findIndex((argument) => argument.kind === 'string');
  const literal = node.args[position];
  const zone = findTimeZone(literal?.kind === 'string' ? literal.value : 'UTC');
  const unixTime = args[position === 0 ? 1 : 0] ?? NONE;
  return zone === undefined ? NONE : (frame) => localtime(zone, unixTime(frame));
}
