/**
 * Faults of a formula: where, why, and what is allowed. Every rejection of an expression is a list of these, so that an
 * editor can underline them and a command line can put a caret below them.
 */

/** The most characters of an expression's line that are shown with a fault. */
const LONGEST_LINE = 110;

/** One fault of an expression. `message` is a full sentence that also says what is allowed. */
export interface FormulaFault {
  /** Zero-based index of the first faulty character (UTF-16 code units). */
  readonly offset: number;
  /** One-based line within the expression. */
  readonly line: number;
  /** One-based column within the line. */
  readonly column: number;
  /** How many characters are faulty; 0 at the end of the text. */
  readonly length: number;
  readonly message: string;
}

/** A stretch of the expression's text. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** An expression that can't be used; holds every fault that was found. */
export class FormulaError extends Error {
  readonly faults: readonly FormulaFault[];

  constructor(faults: readonly FormulaFault[]) {
    super(faults.map((fault) => `${fault.line}:${fault.column}: ${fault.message}`).join('\n'));
    this.name = 'FormulaError';
    this.faults = faults;
  }
}

/** Builds a fault at a span of `text`. */
export function faultAt(text: string, span: Span, message: string): FormulaFault {
  const offset = Math.min(Math.max(span.offset, 0), text.length);
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return {
    offset,
    line,
    column: offset - lineStart + 1,
    length: Math.min(span.length, text.length - offset),
    message,
  };
}

/** The faults as text for a terminal: each message, the expression's line and carets below the faulty part. */
export function describeFaults(text: string, faults: readonly FormulaFault[]): string {
  const lines = text.split('\n');
  return faults
    .map((fault) => {
      const { source, column } = excerpt(lines[fault.line - 1] ?? '', fault.column);
      const room = Math.max(1, source.length - column + 1);
      const carets = '^'.repeat(Math.max(1, Math.min(fault.length, room)));
      // Tabs are kept so that the caret stays below its character however wide the terminal shows them.
      const indent = source.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
      return `${fault.line}:${fault.column}: ${fault.message}\n  ${source}\n  ${indent}${carets}`;
    })
    .join('\n');
}

/** What of a long line stands around a column, so that the caret does not wrap onto another line of the terminal. */
function excerpt(line: string, column: number): { readonly source: string; readonly column: number } {
  const start = line.length <= LONGEST_LINE ? 0 : Math.max(0, column - 1 - LONGEST_LINE / 2);
  const end = Math.min(line.length, start + LONGEST_LINE);
  const [before, after] = [start > 0 ? '...' : '', end < line.length ? '...' : ''];
  return { source: before + line.slice(start, end) + after, column: column - start + before.length };
}

/** The name among `candidates` that `name` is most likely a misspelling of, or undefined. */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance: insertions, deletions and substitutions. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
