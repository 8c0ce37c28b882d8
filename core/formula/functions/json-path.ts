/**
 * The JsonPath of `jp` (guide: "String functions"), after the library that SiteWise names, github.com/json-path/JsonPath:
 * `$` `.name` `['name']` `[0]` `[-1]` `[0,1]` `[1:3]` `[*]` `.*` `..name` and filters `[?(@.x > 5)]`, `[?(@.x)]`. A definite path gives
 * its value; one that may find several gives an array.
 */
import { JsonNode, type Value } from '../value.ts';

type Json = unknown;
interface Step {
  readonly definite: boolean;
  select(node: Json): readonly Json[];
}

/** A parsed path. */
export interface JsonPath {
  /** The value at this path of a JSON text; none if the text is no JSON or has nothing there. */
  read(text: string): Value;
}

/** What is wrong with a path, and where in it. */
export class JsonPathError extends Error {
  readonly position: number;
  constructor(position: number, message: string) {
    super(message);
    this.name = 'JsonPathError';
    this.position = position;
  }
}

const PATTERNS = {
  name: /\.([\p{L}_$][\p{L}\p{N}_$-]*)/uy,
  deepName: /\.\.([\p{L}_$][\p{L}\p{N}_$-]*)/uy,
  deepAll: /\.\.\*/y,
  deep: /\.\.(?=\[)/y,
  all: /\.\*|\[\s*\*\s*\]/y,
  names: /\[\s*((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:\s*,\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))*)\s*\]/y,
  indexes: /\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/y,
  range: /\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\]/y,
  filter:
    /\[\?\(\s*@((?:\.[\p{L}_$][\p{L}\p{N}_$]*|\['[^']*'\])*)\s*(?:(==|!=|<=|>=|<|>)\s*('[^']*'|"[^"]*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*)?\)\]/uy,
} as const;

/**
 * Parses a path.
 * @throws JsonPathError with what is wrong and where.
 */
export function parseJsonPath(path: string): JsonPath {
  if (!path.startsWith('$')) throw new JsonPathError(0, "a JSON path starts with '$', such as '$.value' or '$[0]'");
  const steps: Step[] = [];
  let position = 1;
  while (position < path.length) {
    const match = (pattern: RegExp): RegExpExecArray | undefined => {
      pattern.lastIndex = position;
      const found = pattern.exec(path);
      if (found === null) return undefined;
      position += found[0].length;
      return found;
    };
    const step = parseStep(match);
    if (step === undefined) {
      throw new JsonPathError(
        position,
        `'${path.slice(position)}' is no part of a JSON path; allowed are .name ['name'] [0] [-1] [0,1] [1:3] [*] ..name and [?(@.name > 5)]`,
      );
    }
    steps.push(step);
  }
  return { read: (text) => readPath(steps, text) };
}

function parseStep(match: (pattern: RegExp) => RegExpExecArray | undefined): Step | undefined {
  const all = match(PATTERNS.deepAll) ? 'deep' : match(PATTERNS.all) ? 'direct' : undefined;
  if (all !== undefined)
    return { definite: false, select: all === 'deep' ? (node) => descendants(node).slice(1) : members };
  const deepName = match(PATTERNS.deepName)?.[1];
  if (deepName !== undefined) {
    return { definite: false, select: (node) => descendants(node).flatMap((inner) => member(inner, deepName)) };
  }
  if (match(PATTERNS.deep)) return { definite: false, select: descendants };
  const name = match(PATTERNS.name)?.[1];
  if (name !== undefined) return { definite: true, select: (node) => member(node, name) };
  const names = match(PATTERNS.names)?.[1]
    ?.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g)
    ?.map(unquote);
  if (names) return { definite: names.length === 1, select: (node) => names.flatMap((each) => member(node, each)) };
  const indexes = match(PATTERNS.indexes)?.[1]?.split(',').map(Number);
  if (indexes)
    return { definite: indexes.length === 1, select: (node) => indexes.flatMap((index) => element(node, index)) };
  const range = match(PATTERNS.range);
  if (range) {
    const [start, end] = [range[1], range[2]].map((bound) =>
      bound === '' || bound === undefined ? undefined : Number(bound),
    );
    return { definite: false, select: (node) => (Array.isArray(node) ? node.slice(start, end) : []) };
  }
  const filter = match(PATTERNS.filter);
  return filter === undefined ? undefined : filterStep(filter);
}

function filterStep([, path = '', operator, literal]: RegExpExecArray): Step {
  const names = (path.match(/\.[^.[]+|\['[^']*'\]/g) ?? []).map((part) => part.replace(/^\.|^\['|'\]$/g, ''));
  const wanted = literal === undefined ? undefined : parseLiteral(literal);
  const holds = (node: Json): boolean => {
    const found = names.reduce<readonly Json[]>((nodes, name) => nodes.flatMap((each) => member(each, name)), [node]);
    return operator === undefined ? found.length > 0 : found.some((value) => compareJson(operator, value, wanted));
  };
  return { definite: false, select: (node) => members(node).filter(holds) };
}

function parseLiteral(literal: string): Json {
  return /^['"]/.test(literal) ? literal.slice(1, -1) : JSON.parse(literal);
}

function compareJson(operator: string, left: Json, right: Json): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const comparable =
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!comparable) return false;
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

function readPath(steps: readonly Step[], text: string): Value {
  let root: Json;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  const found = steps.reduce<readonly Json[]>((nodes, step) => nodes.flatMap((node) => step.select(node)), [root]);
  return toJsonValue(steps.every((step) => step.definite) ? found[0] : found);
}

/** A JSON value as a formula's value: true and false are 1 and 0, null is none. */
export function toJsonValue(json: Json): Value {
  if (typeof json === 'number' || typeof json === 'string') return json;
  if (typeof json === 'boolean') return Number(json);
  return typeof json === 'object' && json !== null ? new JsonNode(json) : undefined;
}

function member(node: Json, name: string): readonly Json[] {
  if (typeof node !== 'object' || node === null || Array.isArray(node) || !Object.hasOwn(node, name)) return [];
  return [Reflect.get(node, name)];
}

function members(node: Json): readonly Json[] {
  return typeof node === 'object' && node !== null ? Object.values(node) : [];
}

function element(node: Json, index: number): readonly Json[] {
  if (!Array.isArray(node)) return [];
  const position = index < 0 ? index + node.length : index;
  return position >= 0 && position < node.length ? [node[position]] : [];
}

/** The node and everything below it, in the order of the text; without recursion, since data may nest as deep as it likes. */
function descendants(node: Json): readonly Json[] {
  const found: Json[] = [];
  const open: Json[] = [node];
  while (open.length > 0) {
    const next = open.pop();
    found.push(next);
    for (const inner of members(next).toReversed()) open.push(inner);
  }
  return found;
}

function unquote(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}
