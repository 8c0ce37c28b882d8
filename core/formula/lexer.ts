/** Splits an expression into tokens, on demand, since formatted strings switch between text and expression. */
import { FormulaError, faultAt, type Span } from './fault.ts';

export type Token = Span &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'string'; readonly value: string }
    /** A variable, constant or function, or one of the words `and`, `or`, `not`. */
    | { readonly kind: 'name'; readonly text: string }
    /** The opening of a formatted string: `f'` or `f"`. */
    | { readonly kind: 'formatted'; readonly quote: string }
    | { readonly kind: 'symbol'; readonly text: string }
    | { readonly kind: 'end' }
  );

const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const SYMBOL = /==|!=|<=|>=|[-+*/^%<>!()[\],.:{}]/y;
const SPACE = /\s+/y;

/** What people type who know another language, and what it is here. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['&&', "Write 'and'."],
  ['||', "Write 'or'."],
  ['**', "Write '^' for powers."],
  ['<>', "Write '!='."],
  ['=', "Write '==' to compare."],
  ['?', 'Write if(condition, result_if_true, result_if_false).'],
];

export class Lexer {
  readonly text: string;
  #position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /**
   * The next token.
   * @throws FormulaError at a character that no token starts with, or a string that isn't closed.
   */
  next(): Token {
    this.#match(SPACE);
    const offset = this.#position;
    const char = this.text[offset];
    if (char === undefined) return { kind: 'end', offset, length: 0 };
    if (char === "'" || char === '"') return this.#string(char);
    const after = this.text[offset + 1];
    if ((char === 'f' || char === 'F') && (after === "'" || after === '"')) {
      this.#position += 2;
      return { kind: 'formatted', quote: after, offset, length: 2 };
    }
    for (const [symbol, hint] of FOREIGN) {
      if (this.text.startsWith(symbol, offset) && !this.text.startsWith('==', offset)) {
        throw this.#error({ offset, length: symbol.length }, `'${symbol}' is not an operator here. ${hint}`);
      }
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      const value = Number(number);
      const length = number.length;
      if (!Number.isFinite(value)) {
        throw this.#error({ offset, length }, 'This number is too large: at most 1.7976931348623157e308 is allowed.');
      }
      return { kind: 'number', value, offset, length };
    }
    const name = this.#match(NAME);
    if (name !== undefined) return { kind: 'name', text: name, offset, length: name.length };
    const symbol = this.#match(SYMBOL);
    if (symbol !== undefined) return { kind: 'symbol', text: symbol, offset, length: symbol.length };
    throw this.#error(
      { offset, length: 1 },
      `The character '${char}' is not allowed here. Allowed are numbers, strings in quotes, names, operators (+ - * / ^ % < > <= >= == != ! and or not), parentheses, brackets, commas and dots.`,
    );
  }

  /**
   * The text of a formatted string up to its next `{` or its end; `{{` and `}}` stand for braces.
   * @param opening the string's opening, for the fault if nothing closes it.
   */
  formattedText(quote: string, opening: Span): { readonly text: string; readonly closed: boolean } {
    let text = '';
    for (;;) {
      const char = this.text[this.#position];
      const doubled = this.text[this.#position + 1] === char;
      if (char === undefined) {
        throw this.#error(opening, `This formatted string is never closed: add a closing ${quote}.`);
      }
      this.#position += 1;
      if ((char === quote || char === '{' || char === '}') && doubled) {
        this.#position += 1;
        text += char;
      } else if (char === quote) return { text, closed: true };
      else if (char === '{') return { text, closed: false };
      else if (char === '}') {
        throw this.#error(
          { offset: this.#position - 1, length: 1 },
          "A single '}' has no '{' before it: write '}}' for a brace in the text.",
        );
      } else text += char;
    }
  }

  #string(quote: string): Token {
    const offset = this.#position;
    let value = '';
    let position = offset + 1;
    for (;;) {
      const end = this.text.indexOf(quote, position);
      if (end < 0) {
        throw this.#error(
          { offset, length: this.text.length - offset },
          `This string is never closed: add a closing ${quote} (a ${quote} inside it is written twice).`,
        );
      }
      value += this.text.slice(position, end);
      position = end + 1;
      if (this.text[position] !== quote) break;
      value += quote;
      position += 1;
    }
    this.#position = position;
    return { kind: 'string', value, offset, length: position - offset };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#position += found.length;
    return found;
  }

  #error(span: Span, message: string): FormulaError {
    return new FormulaError([faultAt(this.text, span, message)]);
  }
}
