/** Checks a call: that the function exists, may stand there, and gets the arguments that it takes. */
import { type Call, constantNumber, type Expression, walk } from './ast.ts';
import {
  type FunctionSpecification,
  findFunction,
  functionNames,
  isAvailable,
  type ParameterType,
  readsSeries,
  type ValueType,
} from './catalogue.ts';
import { closestName, type Span } from './fault.ts';
import { usedVariables } from './frame.ts';
import { MKTIME_FIELDS } from './functions/date-time.ts';
import { formatFault, shortFormat } from './functions/format.ts';
import { JsonPathError, parseJsonPath } from './functions/json-path.ts';
import { findTimeZone } from './functions/time-zone.ts';
import type { FormulaKind, Variables } from './types.ts';

/** What the checker of the whole expression offers to the checks of a call. */
export interface CallContext {
  readonly kind: FormulaKind;
  readonly variables: Variables;
  /** Reports a fault. */
  report(span: Span, message: string): void;
  /** The type of an expression; reports the faults in it. */
  type(node: Expression): ValueType;
  /** Like `type`, and reports a bare localtime. */
  value(node: Expression): ValueType;
}

const TIME_ZONE_HINT =
  "Allowed are 'Z', an offset such as '+2' or 'UTC-01:00', an abbreviation such as 'PST', or a region such as 'Europe/Berlin'.";

/** The type of a call's result; reports the faults in the call and its arguments. */
export function checkCall(node: Call, context: CallContext): ValueType {
  const specification = findFunction(node.name);
  if (specification === undefined) {
    reportUnknown(node, context);
    for (const argument of node.args) context.type(argument);
    return 'any';
  }
  if (!isAvailable(specification, context.kind)) {
    context.report(node.nameSpan, unavailable(specification, context.kind));
    for (const argument of node.args) context.type(argument);
    return specification.result;
  }
  const isCounted = checkCount(node, specification, context);
  const types = node.args.map((argument, index) => checkArgument(argument, index, specification, context));
  if (!isCounted) return specification.result;
  switch (specification.category) {
    case 'aggregation':
      for (const argument of node.args) checkSingleVariable(argument, specification, context);
      return 'number';
    case 'temporal':
      checkTemporal(node, specification, context);
      return specification.result === 'any' ? (types[0] ?? 'any') : specification.result;
    case 'conditional':
      return checkConditional(node, types, context);
    default:
      checkLiterals(node, types, context);
      return node.name === 'pretrigger' ? (types[0] ?? 'any') : specification.result;
  }
}

function reportUnknown(node: Call, context: CallContext): void {
  const names = functionNames(context.kind);
  const suggestion = closestName(node.name, names);
  const meant = suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`;
  const usable = context.kind === 'metric' ? 'metrics' : `${context.kind}s`;
  context.report(
    node.nameSpan,
    `There is no function '${node.name}'.${meant} In ${usable} there are ${names.join(', ')}.`,
  );
}

function unavailable({ name, category }: FunctionSpecification, kind: FormulaKind): string {
  const where = category === 'pretrigger' ? 'transforms' : 'metrics';
  const what = category === 'aggregation' ? 'an aggregation function' : 'a temporal function';
  return `'${name}' is ${what}: it can only be used in ${where}, and this is a ${kind}.`;
}

/** Whether the number of arguments fits. */
function checkCount(node: Call, specification: FunctionSpecification, context: CallContext): boolean {
  const { parameters, usage, variadic } = specification;
  const required = specification.required ?? parameters.length;
  const maximum = variadic ? Number.POSITIVE_INFINITY : parameters.length;
  const count = node.args.length;
  if (count >= required && count <= maximum) return true;
  const allowed =
    maximum === required ? `${required}` : variadic ? `at least ${required}` : `${required} to ${maximum}`;
  const noun = allowed === '1' || allowed === 'at least 1' ? 'argument' : 'arguments';
  context.report(node.nameSpan, `'${specification.name}' takes ${allowed} ${noun}, got ${count}: write ${usage}.`);
  return false;
}

function checkArgument(
  argument: Expression,
  index: number,
  specification: FunctionSpecification,
  context: CallContext,
): ValueType {
  const parameter = specification.parameters[index] ?? specification.parameters.at(-1) ?? 'any';
  if (parameter === 'time') {
    const type = context.type(argument);
    if (type !== 'time') {
      context.report(
        argument,
        `'${specification.name}' takes localtime(unix_time, 'time_zone'): write ${specification.usage}.`,
      );
    }
    return type;
  }
  const type = context.value(argument);
  const wanted = mismatch(parameter, type);
  if (wanted !== undefined) {
    const hint = wanted === 'a number' ? " jp(s, '$') makes a number of a string." : '';
    context.report(argument, `'${specification.name}' takes ${wanted} here, this is a ${type}.${hint}`);
  }
  return type;
}

function mismatch(parameter: ParameterType, type: ValueType): string | undefined {
  if (parameter === 'number' && type === 'string') return 'a number';
  if (parameter === 'string' && type === 'number') return 'a string';
  return undefined;
}

/** An argument of an aggregation or temporal function holds one variable (guide: nested expressions). */
function checkSingleVariable(argument: Expression, { name }: FunctionSpecification, context: CallContext): void {
  const [first, second] = usedVariables(argument, context.variables);
  if (first === undefined || second === undefined) return;
  context.report(
    argument,
    `Each argument of '${name}' can hold only one variable, this one holds '${first}' and '${second}'. Give them as arguments of their own, or compute a transform first.`,
  );
}

function checkTemporal(node: Call, specification: FunctionSpecification, context: CallContext): void {
  const [argument, option] = node.args;
  if (argument === undefined) return;
  checkSingleVariable(argument, specification, context);
  const inner = [...walk(argument)].find((part) => part.kind === 'call' && readsSeries(part.name));
  if (inner?.kind === 'call') {
    const { name, category } = findFunction(inner.name) ?? { name: inner.name, category: 'aggregation' };
    context.report(
      inner.nameSpan,
      `'${specification.name}' can't hold '${name}': ${category === 'temporal' ? 'a temporal' : 'an aggregation'} function gives one value a window, which has no time of its own.`,
    );
  }
  const [variable] = usedVariables(argument, context.variables);
  const declaration = variable === undefined ? undefined : context.variables.get(variable);
  if (declaration === undefined) context.report(argument, `'${specification.name}' needs a variable in its argument.`);
  else if (declaration.fromChildren) {
    context.report(
      argument,
      `'${specification.name}' takes properties of the own asset only; '${variable}' comes from child assets.`,
    );
  } else if (node.name === 'statetime' && declaration.source === 'metric') {
    context.report(
      argument,
      `'statetime' takes no metrics, and '${variable}' is one: give it a measurement or a transform.`,
    );
  }
  if (option === undefined) return;
  const allowed = node.name === 'timeweightedavg' ? ['locf', 'linear'] : ['f', 'p'];
  if (option.kind !== 'string' || !allowed.includes(option.value)) {
    context.report(option, `The second argument of '${specification.name}' must be '${allowed.join("' or '")}'.`);
  }
}

function checkConditional(node: Call, types: readonly ValueType[], context: CallContext): ValueType {
  const results = types.slice(node.name === 'elif' ? 2 : 1);
  if (node.name === 'elif') {
    const receiver = node.args[0];
    const isLink = receiver?.kind === 'call' && (receiver.name === 'if' || receiver.name === 'elif');
    if (!node.method || !isLink) {
      context.report(
        node.nameSpan,
        "'elif' can only follow an if: write if(condition, result).elif(condition, result_if_true, result_if_false).",
      );
    } else if (receiver.args.length !== (receiver.name === 'if' ? 2 : 3)) {
      context.report(
        receiver.args.at(-1) ?? receiver,
        `An ${receiver.name} that is followed by elif takes only a condition and a result: what else comes is the elif's.`,
      );
    }
    results.push(types[0] ?? 'any');
  }
  const known = new Set(results.filter((type) => type !== 'none'));
  const [only = 'none'] = known;
  return known.size > 1 ? 'any' : only;
}

/** Arguments that must be literals or names. */
function checkLiterals(node: Call, types: readonly ValueType[], context: CallContext): void {
  const [first, second] = node.args;
  switch (node.name) {
    case 'jp':
      if (second !== undefined) checkJsonPath(second, context);
      return;
    case 'format':
      checkFormat(node, types, context);
      return;
    case 'localtime':
      checkLocaltime(node, types, context);
      return;
    case 'mktime':
      checkMktime(node, types, context);
      return;
    case 'pretrigger':
      if (first && !isVariable(first, context))
        context.report(first, "'pretrigger' takes a variable: write pretrigger(x).");
      return;
    case 'timestamp':
      if (first !== undefined) checkTimestamp(first, context);
  }
}

function checkJsonPath(path: Expression, context: CallContext): void {
  if (path.kind !== 'string') {
    context.report(path, "The JSON path of 'jp' must be a string in quotes, such as '$.value'.");
    return;
  }
  try {
    parseJsonPath(path.value);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    const skipped = Math.min(error.position, path.length - 2) + 1;
    const span = { offset: path.offset + skipped, length: path.length - skipped - 1 };
    context.report(span, `Wrong JSON path: ${error.message}.`);
  }
}

function checkFormat(node: Call, types: readonly ValueType[], context: CallContext): void {
  const [first, ...values] = node.args;
  if (node.format !== undefined) {
    if (values.length > 0) context.report(node, 'format(expression: "format") takes one expression.');
    const fault = formatFault(shortFormat(node.format.value), 1);
    if (fault !== undefined) context.report(node.format, fault);
  } else if (first !== undefined && types[0] === 'number') {
    context.report(
      first,
      'The format comes first: write format("The result is %d", expression) or format(expression: "d").',
    );
  } else if (first?.kind === 'string') {
    const fault = formatFault(first.value, values.length);
    if (fault !== undefined) context.report(first, fault);
  }
}

function checkTimeZone(zone: Expression, context: CallContext): void {
  if (zone.kind !== 'string') context.report(zone, `The time zone must be a string in quotes. ${TIME_ZONE_HINT}`);
  else if (findTimeZone(zone.value) === undefined) {
    context.report(zone, `There is no time zone '${zone.value}'. ${TIME_ZONE_HINT}`);
  }
}

/** The time zone is the second argument or, as with mktime, the first. */
function checkLocaltime({ args: [first, second] }: Call, types: readonly ValueType[], context: CallContext): void {
  const isZoneFirst = types[0] === 'string' && second !== undefined;
  const [unixTime, zone] = isZoneFirst ? [second, first] : [first, second];
  if (zone !== undefined) checkTimeZone(zone, context);
  if (unixTime !== undefined && types[isZoneFirst ? 1 : 0] === 'string') {
    context.report(
      unixTime,
      "'localtime' takes a Unix time in seconds here, this is a string: write localtime(unix_time, 'time_zone').",
    );
  }
}

function checkMktime(node: Call, types: readonly ValueType[], context: CallContext): void {
  const isFirst = types[0] === 'string';
  const isLast = types.at(-1) === 'string';
  const zone = isFirst ? node.args[0] : isLast ? node.args.at(-1) : undefined;
  if (zone !== undefined) checkTimeZone(zone, context);
  const parts = node.args.filter((argument) => argument !== zone);
  if (parts.length < 3) context.report(node.nameSpan, "'mktime' needs at least year, month and day_of_month.");
  if (parts.length > MKTIME_FIELDS.length) {
    context.report(
      node.nameSpan,
      "'mktime' takes at most six numbers and a time zone, which is the first or the last argument.",
    );
  }
  for (const [index, { name, minimum, maximum }] of MKTIME_FIELDS.entries()) {
    const part = parts[index];
    if (part === undefined) continue;
    if (types[node.args.indexOf(part)] === 'string') {
      context.report(part, `The ${name} must be a number; a time zone is the first or the last argument.`);
      continue;
    }
    const value = constantNumber(part);
    if (value === undefined) continue;
    if (value < minimum || value > maximum || (name !== 'second' && !Number.isInteger(value))) {
      const whole = name === 'second' ? 'a number' : 'a whole number';
      context.report(part, `The ${name} must be ${whole} from ${minimum} to ${maximum}, got ${value}.`);
    }
  }
}

function checkTimestamp(argument: Expression, context: CallContext): void {
  if (context.kind !== 'transform') {
    const meaning = context.kind === 'metric' ? "the window's end" : 'the time of the evaluation';
    context.report(
      argument,
      `'timestamp' takes an argument only in transforms; in a ${context.kind} timestamp() is ${meaning}.`,
    );
  } else if (!isVariable(argument, context) && !(argument.kind === 'call' && argument.name === 'pretrigger')) {
    context.report(argument, "'timestamp' takes nothing, a variable or pretrigger(x).");
  }
}

function isVariable(node: Expression, { variables }: CallContext): boolean {
  return node.kind === 'name' && variables.has(node.name);
}
