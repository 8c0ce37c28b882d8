import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Document, isMap, parseDocument, stringify } from 'yaml';
import { SiteFileError } from '../../../core/site/load.ts';
import { DEMO_TEXT, loadText } from '../../support/site-text.ts';

type Path = readonly (string | number)[];

/** Paths of all values in the demo. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? value.map((entry, index) => [index, entry] as const) : Object.entries(value);
  return [path, ...entries.flatMap(([key, entry]) => pathsOf(entry, [...path, key]))];
}

/** The demo with two of its ten machines, which are of both protocols: a mutation of it is checked in a fifth of the time. */
function smallerDemo(): Document {
  const document = parseDocument(DEMO_TEXT);
  for (const line of [0, 1]) {
    for (const machine of [4, 3, 2, 0]) document.deleteIn(['lines', line, 'machines', machine]);
  }
  const machines: unknown = document.getIn(['simulation', 'machines']);
  if (!isMap(machines)) throw new Error('The demo has no simulation any more.');
  for (const { key } of [...machines.items]) {
    if (!/filler|cell-1/.test(String(key))) machines.delete(key);
  }
  return document;
}

const SMALLER_DEMO = smallerDemo();
const TEXT = SMALLER_DEMO.toString();
const DEMO: unknown = SMALLER_DEMO.toJS();
const PATHS = pathsOf(DEMO).slice(1);

const WRONG_VALUES = [
  null,
  '',
  'x',
  -1,
  0,
  1e308,
  true,
  [],
  {},
  [[]],
  [null],
  { a: { b: 1 } },
  '__proto__',
  'env:X',
  ['x', 1],
];

function at(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string | number, unknown> | undefined)?.[part], root);
}

const mutation = fc.record({
  path: fc.constantFrom(...PATHS),
  kind: fc.constantFrom('delete', 'rename', 'retype', 'repeat'),
  name: fc.constantFrom('x', '__proto__', 'constructor', 'toString', 'Id', 'password', '<<', '0'),
  value: fc.constantFrom(...WRONG_VALUES),
});

function mutate(
  root: unknown,
  { path, kind, name, value }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
): void {
  const parent = at(root, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof parent !== 'object' || parent === null || key === undefined) return;
  const target = parent as Record<string | number, unknown>;
  if (kind === 'retype') target[key] = value;
  else if (kind === 'repeat' && Array.isArray(parent)) parent.push(structuredClone(parent[0]));
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else {
    if (kind === 'rename')
      Object.defineProperty(target, name, { value: target[key], enumerable: true, configurable: true, writable: true });
    delete target[key];
  }
}

/** Loads a text; only a SiteFileError with places may come out of it. */
function loadsOrFaults(text: string): void {
  const lines = text.split('\n').length;
  try {
    loadText(text);
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    expect(error.faults.length).toBeGreaterThan(0);
    for (const fault of error.faults) {
      expect(fault.line).toBeGreaterThanOrEqual(1);
      expect(fault.line).toBeLessThanOrEqual(lines);
      expect(fault.column).toBeGreaterThanOrEqual(1);
      expect(fault.message).not.toMatch(/undefined|\[object|Invalid input/);
    }
  }
}

test('whatever is deleted, renamed, retyped or repeated in the demo, the answer is a site or faults with places', () => {
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      const changed = structuredClone(DEMO);
      for (const each of mutations) mutate(changed, each);
      loadsOrFaults(stringify(changed));
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('whatever is cut out of the text or written into it, the answer is a site or faults with places', () => {
  const edit = fc.record({
    at: fc.nat(TEXT.length),
    length: fc.nat(40),
    insert: fc.constantFrom('', '"', "'", '{', ']', ':', '\t', '- ', '*a', '&a ', '!!x ', '|', '%', '---\n', '\u0000'),
  });
  fc.assert(
    fc.property(edit, ({ at: start, length, insert }) => {
      loadsOrFaults(TEXT.slice(0, start) + insert + TEXT.slice(start + length));
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('the mutated demo is right before it is mutated', () => {
  expect(loadText(TEXT).site.lines.flatMap(({ machines }) => machines.map(({ id }) => id))).toEqual([
    'filler',
    'cell-1',
  ]);
  expect(PATHS.length).toBeGreaterThan(200);
});
