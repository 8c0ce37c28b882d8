/** Writes a syntax tree as text, with no more parentheses than needed: `parse(print(tree))` is the same tree. */
import type { Expression, FormattedPart } from './ast.ts';
import { precedenceOf } from './parser.ts';

const TIGHTEST = 9;

/** The text of a syntax tree. */
export function print(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'string':
      return quote(node.value);
    case 'name':
      return node.name;
    case 'unary': {
      const word = node.operator === 'not' ? 'not ' : node.operator;
      return word + wrap(node.operand, node.operator === 'not' ? 3 : 7);
    }
    case 'binary': {
      const level = precedenceOf(node.operator);
      const fromRight = node.operator === '^';
      // A sign or `not` on the left of a tighter operator would take the operator's operand along.
      const left = wrap(node.left, fromRight ? level + 1 : level);
      return `${left} ${node.operator} ${wrap(node.right, fromRight ? level : level + 1)}`;
    }
    case 'index':
      return `${wrap(node.object, TIGHTEST)}[${print(node.index)}]`;
    case 'slice': {
      const [start, end, step] = [node.start, node.end, node.step].map((part) => (part ? print(part) : ''));
      return `${wrap(node.object, TIGHTEST)}[${start}:${end}${step === '' ? '' : `:${step}`}]`;
    }
    case 'call': {
      const [first, ...rest] = node.args;
      const format = node.format === undefined ? '' : `: ${quote(node.format.value)}`;
      if (node.method && first !== undefined) {
        return `${wrap(first, TIGHTEST)}.${node.name}(${rest.map(print).join(', ')}${format})`;
      }
      return `${node.name}(${node.args.map(print).join(', ')}${format})`;
    }
    case 'formatted':
      return `f'${node.parts.map(printPart).join('')}'`;
  }
}

function printPart(part: FormattedPart): string {
  if (part.kind === 'text') return part.text.replaceAll(/['{}]/g, '$&$&');
  const format = part.format === undefined ? '' : `: ${quote(part.format.value)}`;
  return `{${print(part.expression)}${format}}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function wrap(node: Expression, level: number): string {
  return looseness(node) < level ? `(${print(node)})` : print(node);
}

function looseness(node: Expression): number {
  if (node.kind === 'binary') return precedenceOf(node.operator);
  if (node.kind === 'unary') return node.operator === 'not' ? 3 : 7;
  return TIGHTEST;
}
