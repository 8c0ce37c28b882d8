/**
 * Parses an expression. From loosest to tightest: `or` · `and` · `not` · comparisons · `+ -` · `* / %` · signs and `!` ·
 * `^` (from the right: `2^3^2` is `2^9`, and `-2^2` is `-4`) · indexes, slices and `.function()`.
 */
import type { BinaryOperator, Call, Expression, FormattedPart, Slice, StringLiteral } from './ast.ts';
import { FormulaError, faultAt, type Span } from './fault.ts';
import { Lexer, type Token } from './lexer.ts';

/** The longest expression that AWS IoT SiteWise takes, in characters. */
export const MAX_EXPRESSION_LENGTH = 1024;

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '==': 4,
  '!=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '^': 8,
};
const NOT_PRECEDENCE = 3;
const SIGN_PRECEDENCE = 7;

/** How tightly an operator binds: higher is tighter. */
export function precedenceOf(operator: BinaryOperator): number {
  return PRECEDENCE[operator];
}

/**
 * The syntax tree of an expression.
 * @throws FormulaError with the position of the first fault in its syntax; whether names, types and functions fit is the
 *   checker's (`check`).
 */
export function parse(text: string): Expression {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    const span = { offset: MAX_EXPRESSION_LENGTH, length: text.length - MAX_EXPRESSION_LENGTH };
    throw new FormulaError([
      faultAt(
        text,
        span,
        `The expression has ${text.length} characters; at most ${MAX_EXPRESSION_LENGTH} are allowed.`,
      ),
    ]);
  }
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #lexer: Lexer;
  #token: Token;
  /** Where the last consumed token ended. */
  #end = 0;

  constructor(text: string) {
    this.#text = text;
    this.#lexer = new Lexer(text);
    this.#token = this.#lexer.next();
  }

  parse(): Expression {
    if (this.#isAtEnd()) throw this.#fault(this.#token, 'The expression is empty.');
    const expression = this.#binary(0);
    if (!this.#isAtEnd()) throw this.#unexpected('an operator or the end of the expression');
    return expression;
  }

  #binary(minimum: number): Expression {
    let left = this.#unary(minimum);
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined) return left;
      const precedence = PRECEDENCE[operator];
      if (precedence < minimum) return left;
      this.#advance();
      const right = this.#binary(operator === '^' ? precedence : precedence + 1);
      left = { kind: 'binary', operator, left, right, ...this.#span(left.offset) };
    }
  }

  #operator(): BinaryOperator | undefined {
    const token = this.#token;
    if (token.kind !== 'symbol' && token.kind !== 'name') return undefined;
    const text = token.kind === 'name' ? token.text.toLowerCase() : token.text;
    return Object.hasOwn(PRECEDENCE, text) ? (text as BinaryOperator) : undefined;
  }

  #unary(minimum: number): Expression {
    const token = this.#token;
    if (token.kind === 'symbol' && (token.text === '-' || token.text === '+' || token.text === '!')) {
      this.#advance();
      const operand = this.#binary(SIGN_PRECEDENCE);
      return { kind: 'unary', operator: token.text, operand, ...this.#span(token.offset) };
    }
    if (token.kind === 'name' && token.text.toLowerCase() === 'not') {
      if (minimum > NOT_PRECEDENCE) {
        throw this.#fault(token, "'not' can't stand behind another operator: put it and its operand in parentheses.");
      }
      this.#advance();
      const operand = this.#binary(NOT_PRECEDENCE);
      return { kind: 'unary', operator: 'not', operand, ...this.#span(token.offset) };
    }
    return this.#postfix(this.#primary());
  }

  #postfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      if (this.#isSymbol('[')) node = this.#subscript(node);
      else if (this.#isSymbol('.')) {
        this.#advance();
        const name = this.#token;
        if (name.kind !== 'name') throw this.#unexpected("a function's name behind the dot");
        this.#advance();
        if (!this.#isSymbol('(')) throw this.#unexpected(`'(' behind the function's name '${name.text}'`);
        node = this.#call(name, node);
      } else return node;
    }
  }

  #subscript(object: Expression): Expression {
    this.#advance();
    const start = this.#isSymbol(':') ? undefined : this.#binary(0);
    if (this.#isSymbol(']') && start !== undefined) {
      this.#advance();
      return { kind: 'index', object, index: start, ...this.#span(object.offset) };
    }
    if (!this.#isSymbol(':')) throw this.#unexpected("':' or ']'");
    const [end, step] = [this.#slicePart(), this.#slicePart()];
    this.#expect(']');
    const slice: Omit<Slice, keyof Span> = { kind: 'slice', object, start, end, step };
    return { ...slice, ...this.#span(object.offset) };
  }

  #slicePart(): Expression | undefined {
    if (!this.#isSymbol(':')) return undefined;
    this.#advance();
    return this.#isSymbol(':') || this.#isSymbol(']') ? undefined : this.#binary(0);
  }

  #primary(): Expression {
    const token = this.#token;
    switch (token.kind) {
      case 'number':
      case 'string':
        this.#advance();
        return token;
      case 'formatted':
        return this.#formatted(token);
      case 'name':
        if (this.#operator() !== undefined) break;
        this.#advance();
        if (this.#isSymbol('(')) return this.#call(token, undefined);
        return { kind: 'name', name: token.text, offset: token.offset, length: token.length };
      case 'symbol': {
        if (token.text !== '(') break;
        this.#advance();
        const inner = this.#binary(0);
        this.#expect(')');
        return inner;
      }
      case 'end':
        break;
    }
    throw this.#unexpected("a number, a string, a variable, a function or '('");
  }

  #call(name: Token & { readonly kind: 'name' }, receiver: Expression | undefined): Call {
    const args: Expression[] = receiver === undefined ? [] : [receiver];
    let format: StringLiteral | undefined;
    this.#advance();
    if (!this.#isSymbol(')')) {
      for (;;) {
        args.push(this.#binary(0));
        if (name.text.toLowerCase() === 'format' && this.#isSymbol(':')) format = this.#format();
        if (!this.#isSymbol(',')) break;
        this.#advance();
      }
    } else if (name.text.toLowerCase() === 'format' && receiver !== undefined) {
      throw this.#unexpected('a format');
    }
    this.#expect(')', "',' or ')'");
    return {
      kind: 'call',
      name: name.text.toLowerCase(),
      nameSpan: { offset: name.offset, length: name.length },
      args,
      method: receiver !== undefined,
      format,
      ...this.#span(receiver?.offset ?? name.offset),
    };
  }

  /** The `: "format"` of `format(expression: "format")` and of a formatted string's value. */
  #format(): StringLiteral {
    this.#advance();
    const token = this.#token;
    if (token.kind !== 'string') throw this.#unexpected('the format in quotes, such as ".2f",');
    this.#advance();
    return token;
  }

  #formatted(token: Token & { readonly kind: 'formatted' }): Expression {
    const parts: FormattedPart[] = [];
    for (;;) {
      const { text, closed } = this.#lexer.formattedText(token.quote, token);
      if (text !== '') parts.push({ kind: 'text', text });
      if (closed) break;
      this.#token = this.#lexer.next();
      const expression = this.#binary(0);
      const format = this.#isSymbol(':') ? this.#format() : undefined;
      // The closing brace must not be consumed by #advance: behind it the text goes on, not the next token.
      if (!this.#isSymbol('}')) throw this.#unexpected("an operator, ':' and a format, or '}'");
      parts.push({ kind: 'value', expression, format });
    }
    this.#token = this.#lexer.next();
    const end = this.#text.slice(0, this.#token.offset).trimEnd().length;
    this.#end = end;
    return { kind: 'formatted', parts, offset: token.offset, length: end - token.offset };
  }

  #isAtEnd(): boolean {
    return this.#token.kind === 'end';
  }

  #isSymbol(text: string): boolean {
    return this.#token.kind === 'symbol' && this.#token.text === text;
  }

  #expect(text: string, wanted = `'${text}'`): void {
    if (!this.#isSymbol(text)) throw this.#unexpected(wanted);
    this.#advance();
  }

  #advance(): void {
    this.#end = this.#token.offset + this.#token.length;
    this.#token = this.#lexer.next();
  }

  #span(offset: number): Span {
    return { offset, length: this.#end - offset };
  }

  #unexpected(wanted: string): FormulaError {
    const token = this.#token;
    const got =
      token.kind === 'end'
        ? 'the expression ends'
        : `got '${this.#text.slice(token.offset, token.offset + token.length)}'`;
    return this.#fault(token, `Expected ${wanted} here, but ${got}.`);
  }

  #fault(span: Span, message: string): FormulaError {
    return new FormulaError([faultAt(this.#text, span, message)]);
  }
}
