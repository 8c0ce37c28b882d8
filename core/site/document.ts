import type { Document, Node, Pair } from 'yaml';
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { FilePosition, SiteFault, SitePath } from './fault.ts';
import { isMergeKey, problemsOf } from './yaml-problems.ts';

/** The longest site file, in characters: thousands of signals belong into a CSV file. */
export const LONGEST_SITE_FILE = 4_000_000;

/** One slip in YAML's syntax tends to be followed by many complaints about the lines behind it. */
const MOST_SYNTAX_FAULTS = 20;
const TOO_DEEP = 'is nested too deeply to be read';

/** A YAML file as plain values, with the way back to where each of them stands. */
export interface SiteDocument {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the value at a path stands; where it is missing, where its nearest parent stands. */
  locate(path: SitePath): FilePosition;
  /** Where a key of the map at a path stands. */
  locateKey(path: SitePath, key: string): FilePosition;
  /** Where the character at `offset` of a text value stands, as far as the YAML style lets it be known. */
  locateInText(path: SitePath, offset: number): FilePosition;
}

/** Reads YAML 1.2 with merge keys. What can't be read comes back as faults, never as an exception. */
export function readDocument(file: string, text: string): SiteDocument | readonly SiteFault[] {
  const whole = (message: string, hint?: string): SiteFault[] => [
    { file, line: 1, column: 1, path: '', message, ...(hint !== undefined && { hint }) },
  ];
  if (text.length > LONGEST_SITE_FILE) {
    return whole(
      `is longer than ${LONGEST_SITE_FILE} characters, got: ${text.length}`,
      'Put long lists of signals into a CSV file: signals: {csv: tags.csv}',
    );
  }
  if (text.includes('\0') || text.includes('\uFFFD')) return whole('is not a text file in UTF-8');
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true });
    const [document] = 'empty' in documents ? [] : documents;
    if (document === undefined) return whole('is empty', 'docs/site-file.md has a small example to begin with');
    if (documents.length > 1)
      return whole('holds several YAML documents', 'Keep one document and remove the lines ---');
    const problems = problemsOf(document, text, lines);
    if (problems.some(({ message }) => message.includes('call stack'))) return whole(TOO_DEEP);
    if (problems.length > 0) {
      return problems.slice(0, MOST_SYNTAX_FAULTS).map(({ message, offset }) => {
        const { line, col } = lines.linePos(offset);
        return { file, line, column: col, path: '', message };
      });
    }
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    if (value === null) return whole('is empty', 'docs/site-file.md has a small example to begin with');
    if (!isRecord(value)) {
      const kind = Array.isArray(value) ? 'a list' : `the single value of type ${typeof value}`;
      return whole(`must be a map of keys (version, id, lines, ...), got: ${kind}`);
    }
    return new LocatedDocument(file, value, document, lines, text);
  } catch (error) {
    if (error instanceof ReferenceError) {
      return whole('uses so many YAML aliases (*name) that they would fill the memory', 'Write the values out');
    }
    if (error instanceof RangeError) return whole(TOO_DEEP);
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class LocatedDocument implements SiteDocument {
  readonly value: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #text: string;

  constructor(file: string, value: Record<string, unknown>, document: Document, lines: LineCounter, text: string) {
    this.#file = file;
    this.value = value;
    this.#document = document;
    this.#lines = lines;
    this.#text = text;
  }

  locate(path: SitePath): FilePosition {
    return this.#position(this.#walk(path).at);
  }

  locateKey(path: SitePath, key: string): FilePosition {
    const { node, at } = this.#walk(path);
    return this.#position(rangeStart(findPair(this.#resolved(node), key, this.#document)?.key) ?? at);
  }

  locateInText(path: SitePath, offset: number): FilePosition {
    const { node, at } = this.#walk(path);
    const plain = isScalar(node) && (node.type === 'PLAIN' || node.type?.startsWith('QUOTE_') === true);
    if (!plain || node.range == null) return this.#position(at);
    const source = this.#text.slice(node.range[0], node.range[1]);
    const quotes = node.type === 'PLAIN' ? 0 : 1;
    // With escapes or folded lines the text differs from its source: then the value's start must do.
    const same = source.slice(quotes, source.length - quotes) === node.value;
    return this.#position(same ? node.range[0] + quotes + offset : at);
  }

  /** The node at a path, undefined if missing, and the offset of the nearest thing that exists. */
  #walk(path: SitePath): { node: unknown; at: number } {
    let node: unknown = this.#document.contents;
    let at = rangeStart(node) ?? 0;
    for (const part of path) {
      const parent = this.#resolved(node);
      if (isSeq(parent) && typeof part === 'number') {
        node = parent.items[part];
      } else {
        const pair = findPair(parent, String(part), this.#document);
        if (pair === undefined) return { node: undefined, at };
        at = rangeStart(pair.key) ?? at;
        node = pair.value;
      }
      if (node === undefined || node === null) return { node: undefined, at };
      const empty = isScalar(node) && node.value === null && node.source === '';
      if (!empty) at = rangeStart(node) ?? at;
    }
    return { node, at };
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #position(offset: number): FilePosition {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function rangeStart(node: unknown): number | undefined {
  const range = (node as Partial<Node> | null | undefined)?.range;
  return range?.[0];
}

/** The pair of a map by its key as text, also one that a merge key (`<<`) brings in. */
function findPair(node: unknown, key: string, document: Document): Pair | undefined {
  if (!isMap(node)) return undefined;
  let merged: Pair | undefined;
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
    if (name === key) return pair;
    if (isScalar(pair.key) && isMergeKey(pair.key)) {
      const sources = isSeq(pair.value) ? pair.value.items : [pair.value];
      for (const source of sources) {
        merged ??= findPair(isAlias(source) ? source.resolve(document) : source, key, document);
      }
    }
  }
  return merged;
}
