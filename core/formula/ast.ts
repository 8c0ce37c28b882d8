/** The syntax tree of an expression. Every node knows its place in the text. */
import type { Span } from './fault.ts';

export type BinaryOperator = 'or' | 'and' | '<' | '>' | '<=' | '>=' | '==' | '!=' | '+' | '-' | '*' | '/' | '%' | '^';
export type UnaryOperator = '-' | '+' | '!' | 'not';

export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: number;
}
export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}
/** A variable or a constant (`pi`, `e`, `true`, `false`, `none`): which one is decided where the variables are known. */
export interface Name extends Span {
  readonly kind: 'name';
  readonly name: string;
}
export interface Unary extends Span {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}
export interface Binary extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** `s[index]` */
export interface Index extends Span {
  readonly kind: 'index';
  readonly object: Expression;
  readonly index: Expression;
}
/** `s[start:end:step]`, each part optional. */
export interface Slice extends Span {
  readonly kind: 'slice';
  readonly object: Expression;
  readonly start: Expression | undefined;
  readonly end: Expression | undefined;
  readonly step: Expression | undefined;
}
/** `name(a, b)` or, written as a method, `a.name(b)`: then `args[0]` is what stands before the dot. */
export interface Call extends Span {
  readonly kind: 'call';
  /** In lower case: function names are case-insensitive. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expression[];
  readonly method: boolean;
  /** The format of `format(expression: "format")`. */
  readonly format: StringLiteral | undefined;
}
/** `f'text {expression: "format"} text'` */
export interface FormattedString extends Span {
  readonly kind: 'formatted';
  readonly parts: readonly FormattedPart[];
}
export type FormattedPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: Expression; readonly format: StringLiteral | undefined };

export type Expression = NumberLiteral | StringLiteral | Name | Unary | Binary | Index | Slice | Call | FormattedString;

/** The direct parts of a node, in the order of the text. */
export function children(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'name':
      return [];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'index':
      return [node.object, node.index];
    case 'slice':
      return [node.object, node.start, node.end, node.step].filter((part) => part !== undefined);
    case 'call':
      return node.args;
    case 'formatted':
      return node.parts.flatMap((part) => (part.kind === 'value' ? [part.expression] : []));
  }
}

/** The node and everything below it. */
export function* walk(node: Expression): Generator<Expression> {
  yield node;
  for (const child of children(node)) yield* walk(child);
}

/** The number that a literal, with or without a sign, stands for; undefined for anything else. */
export function constantNumber(node: Expression): number | undefined {
  if (node.kind === 'number') return node.value;
  if (node.kind !== 'unary' || node.operand.kind !== 'number') return undefined;
  if (node.operator === '-') return -node.operand.value;
  return node.operator === '+' ? node.operand.value : undefined;
}
