import type { Document, LineCounter, Node, Scalar } from 'yaml';
import { isAlias, isCollection, isMap, isScalar, isSeq, visit } from 'yaml';
import { isSecretKey } from './fault.ts';

/** Something in a YAML file that keeps it from being read. */
export interface YamlProblem {
  readonly message: string;
  /** Index of the character in the text. */
  readonly offset: number;
}

/** What is wrong with a parsed document: its syntax, or aliases and merge keys that can't be followed. */
export function problemsOf(document: Document, text: string, lines: LineCounter): YamlProblem[] {
  const problems: YamlProblem[] = [...document.errors, ...document.warnings].map(({ code, message, pos }) => {
    const offset = code === 'MISSING_CHAR' ? (openQuote(document, pos[0]) ?? pos[0]) : pos[0];
    return { offset, message: syntaxMessage(code, message, lineOf(text, lines.linePos(offset).line)) };
  });
  if (problems.length > 0) return problems;
  visit(document, {
    Pair(_, { key, value }) {
      if (isCollection(key)) {
        problems.push({ offset: key.range?.[0] ?? 0, message: 'is not valid YAML here: a key must be plain text' });
      }
      if (!isScalar(key) || !isMergeKey(key)) return;
      const sources = isSeq(value) ? value.items : [value];
      if (sources.every((source) => isMap(isAlias(source) ? source.resolve(document) : source))) return;
      problems.push({
        offset: key.range?.[0] ?? 0,
        message: 'is not valid YAML: << takes a map, or an alias (*name) of one',
      });
    },
    Alias(_, alias) {
      const offset = alias.range?.[0] ?? 0;
      const holdsItself = (target: Node) => (target.range?.[0] ?? 0) <= offset && (target.range?.[1] ?? 0) > offset;
      const target = alias.resolve(document);
      if (target === undefined) problems.push({ offset, message: syntaxMessage('BAD_ALIAS', '', '') });
      else if (holdsItself(target))
        problems.push({ offset, message: 'is not valid YAML: this alias (*name) holds itself' });
    },
  });
  return problems;
}

/** Whether a key is YAML's merge key, which takes over another map's pairs. */
export function isMergeKey(key: Scalar): boolean {
  return typeof key.value === 'symbol' || (key.value === '<<' && key.type === 'PLAIN');
}

/** Where the quoted text begins that the parser found still open at `end`. */
function openQuote(document: Document, end: number): number | undefined {
  let start: number | undefined;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith('QUOTE_') && range != null && range[0] < end && range[1] >= end) start = range[0];
    },
  });
  return start;
}

function lineOf(text: string, line: number): string {
  return text.split('\n', line)[line - 1] ?? '';
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key stands twice in the same map: remove one of them',
  TAB_AS_INDENT: 'a tab is used to indent: YAML allows only spaces',
  BAD_INDENT: 'the indentation does not fit the lines above it',
  BLOCK_AS_IMPLICIT_KEY: 'this line looks like a key within a value: check the indentation and the colons',
  MISSING_CHAR: 'something is missing here: a closing quote or bracket, a colon, or a space behind one',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines: is a colon missing?',
  BAD_ALIAS: 'this alias (*name) has no anchor (&name) before it',
  TAG_RESOLVE_FAILED: 'YAML tags (!name) are not used in a site file: write the plain value',
};

/** The parser's message, or ours where it is clearer. The parser may quote the line, and so is not let near a secret. */
function syntaxMessage(code: string, message: string, line: string): string {
  const own = SYNTAX_MESSAGES[code];
  if (own !== undefined) return `is not valid YAML: ${own}`;
  if (isSecretKey(line)) return `is not valid YAML (${code}); the line is not shown, it may hold a secret`;
  return `is not valid YAML: ${message.split('\n')[0] ?? code}`;
}
