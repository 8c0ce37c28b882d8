/**
 * Checks an expression before it is used: syntax, names, types, where each function may stand, and SiteWise's limits. All
 * faults at once, each with its place.
 */
import { type Binary, type Call, constantNumber, type Expression, type Name, walk } from './ast.ts';
import { CONSTANTS, findFunction, readsSeries, type ValueType } from './catalogue.ts';
import { type CallContext, checkCall } from './check-call.ts';
import { closestName, FormulaError, type FormulaFault, faultAt, type Span } from './fault.ts';
import { formatFault, shortFormat } from './functions/format.ts';
import { parse } from './parser.ts';
import type { FormulaKind, ResultType, VariableDeclaration, Variables } from './types.ts';

/** The most variables an expression may use. */
export const MAX_VARIABLES = 10;
/** The most functions an expression may call; each call counts. */
export const MAX_FUNCTIONS = 10;

/** What an expression is checked against. */
export interface CheckOptions {
  readonly kind: FormulaKind;
  /** Every variable that the expression may use. */
  readonly variables: Variables;
}

/** An expression without faults. */
export interface CheckedExpression {
  readonly tree: Expression;
  readonly resultType: ResultType;
}

/** All faults of an expression, in the order of the text; none if it can be used. */
export function check(text: string, options: CheckOptions): FormulaFault[] {
  try {
    checked(text, options);
    return [];
  } catch (error) {
    if (error instanceof FormulaError) return [...error.faults];
    throw error;
  }
}

/**
 * Parses and checks.
 * @throws FormulaError with all faults.
 */
export function checked(text: string, options: CheckOptions): CheckedExpression {
  const tree = parse(text);
  const checker = new Checker(text, options);
  const type = checker.check(tree);
  if (checker.faults.length > 0) throw new FormulaError(checker.faults.toSorted((a, b) => a.offset - b.offset));
  return { tree, resultType: type === 'number' ? 'DOUBLE' : type === 'string' ? 'STRING' : 'UNKNOWN' };
}

class Checker implements CallContext {
  readonly faults: FormulaFault[] = [];
  readonly kind: FormulaKind;
  readonly variables: Variables;
  readonly #text: string;
  /** How many aggregation or temporal functions are open around the node at hand. */
  #seriesDepth = 0;

  constructor(text: string, { kind, variables }: CheckOptions) {
    this.#text = text;
    this.kind = kind;
    this.variables = variables;
  }

  check(tree: Expression): ValueType {
    this.#checkLimits(tree);
    const inputs = [...this.variables.values()];
    if (this.kind === 'transform' && inputs.every(({ source }) => source === 'attribute')) {
      this.report(
        tree,
        'A transform needs at least one variable that is not an attribute: only new values of those trigger it.',
      );
    }
    const type = this.type(tree);
    if (type === 'time') {
      this.report(
        tree,
        'localtime gives no number or text of its own: put it into year, mon, mday, wday, yday, hour, minute or sec.',
      );
    }
    return type;
  }

  report(span: Span, message: string): void {
    this.faults.push(faultAt(this.#text, span, message));
  }

  /** The type of an expression; reports the faults in it. */
  type(node: Expression): ValueType {
    switch (node.kind) {
      case 'number':
        return 'number';
      case 'string':
        return 'string';
      case 'name':
        return this.#name(node);
      case 'unary': {
        const type = this.value(node.operand);
        if (node.operator !== 'not' && node.operator !== '!')
          this.#number(type, node.operand, `the sign '${node.operator}'`);
        return 'number';
      }
      case 'binary':
        return this.#binary(node);
      case 'index': {
        const type = this.value(node.object);
        if (type === 'number') this.report(node.object, 'Only a string can be indexed with [ ], this is a number.');
        this.#wholeNumber(node.index, 'An index');
        return type === 'string' ? 'string' : 'any';
      }
      case 'slice': {
        const type = this.value(node.object);
        if (type === 'number') this.report(node.object, 'Only a string can be sliced with [ : ], this is a number.');
        for (const part of [node.start, node.end, node.step]) if (part) this.#wholeNumber(part, 'A part of a slice');
        if (node.step && constantNumber(node.step) === 0) this.report(node.step, 'The step of a slice must not be 0.');
        return 'string';
      }
      case 'call':
        return this.#call(node);
      case 'formatted': {
        for (const part of node.parts) {
          if (part.kind !== 'value') continue;
          this.value(part.expression);
          const fault = part.format && formatFault(shortFormat(part.format.value), 1);
          if (part.format && fault !== undefined) this.report(part.format, fault);
        }
        return 'string';
      }
    }
  }

  /** The type of an expression that must not be a bare `localtime(...)`. */
  value(node: Expression): ValueType {
    const type = this.type(node);
    if (type !== 'time') return type;
    this.report(node, 'localtime can only stand in year, mon, mday, wday, yday, hour, minute or sec.');
    return 'any';
  }

  #checkLimits(tree: Expression): void {
    const nodes = [...walk(tree)];
    const calls = nodes
      .filter((node) => node.kind === 'call')
      .toSorted((a, b) => a.nameSpan.offset - b.nameSpan.offset);
    const eleventh = calls[MAX_FUNCTIONS];
    if (eleventh !== undefined) {
      this.report(
        eleventh.nameSpan,
        `The expression calls ${calls.length} functions; at most ${MAX_FUNCTIONS} are allowed.`,
      );
    }
    const uses = nodes.filter((node) => node.kind === 'name').filter(({ name }) => this.variables.has(name));
    const names = [...new Set(uses.map(({ name }) => name))];
    const tooMany = uses.find(({ name }) => name === names[MAX_VARIABLES]);
    if (tooMany !== undefined) {
      this.report(tooMany, `The expression uses ${names.length} variables; at most ${MAX_VARIABLES} are allowed.`);
    }
  }

  #name(node: Name): ValueType {
    const declaration = this.variables.get(node.name);
    if (declaration !== undefined) return this.#variable(node, declaration);
    const constant = node.name.toLowerCase();
    if (CONSTANTS.has(constant)) return constant === 'none' ? 'none' : 'number';
    const specification = findFunction(node.name);
    if (specification !== undefined) {
      this.report(node, `'${node.name}' is a function: write ${specification.usage}.`);
      return 'any';
    }
    const known = [...this.variables.keys()];
    const suggestion = closestName(node.name, known);
    const meant = suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`;
    const shown = known.slice(0, 20).map((name) => `'${name}'`);
    const list =
      known.length === 0
        ? 'No variables are declared.'
        : `Declared are ${shown.join(', ')}${known.length > shown.length ? ` and ${known.length - shown.length} more` : ''}.`;
    this.report(node, `There is no variable '${node.name}'.${meant} ${list}`);
    return 'any';
  }

  #variable(node: Name, { dataType, fromChildren }: VariableDeclaration): ValueType {
    if (fromChildren && this.kind !== 'metric') {
      this.report(node, `'${node.name}' comes from child assets: only a metric can use it.`);
    } else if (fromChildren && this.#seriesDepth === 0) {
      this.report(
        node,
        `'${node.name}' comes from child assets, so it has one value for each: aggregate it with avg, sum, min, max, count or stdev.`,
      );
    }
    if (dataType === 'STRING') return 'string';
    return dataType === 'UNKNOWN' ? 'any' : 'number';
  }

  #binary(node: Binary): ValueType {
    const [left, right] = [this.value(node.left), this.value(node.right)];
    switch (node.operator) {
      case '+':
        if (left === 'string' || right === 'string') return 'string';
        return left === 'number' && right === 'number' ? 'number' : 'any';
      case '-':
      case '*':
      case '/':
      case '%':
      case '^':
        this.#number(left, node.left, `'${node.operator}'`);
        this.#number(right, node.right, `'${node.operator}'`);
        return 'number';
      default:
        return 'number';
    }
  }

  #number(type: ValueType, node: Expression, operator: string): void {
    if (type === 'string')
      this.report(node, `${operator} takes numbers, this is a string: jp(s, '$') makes a number of it.`);
  }

  #wholeNumber(node: Expression, what: string): void {
    const type = this.value(node);
    const constant = constantNumber(node);
    if (type === 'string' || (constant !== undefined && !Number.isInteger(constant))) {
      this.report(node, `${what} must be a whole number${what === 'An index' ? '' : ' or none'}.`);
    }
  }

  #call(node: Call): ValueType {
    const opens = readsSeries(node.name);
    if (opens) this.#seriesDepth += 1;
    const type = checkCall(node, this);
    if (opens) this.#seriesDepth -= 1;
    return type;
  }
}
