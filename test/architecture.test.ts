import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  importedPath,
  importsOf,
  lineAt,
  packageOf,
  ROOT,
  type SourceFile,
  sourceFiles,
  withoutComments,
} from './support/source-tree.ts';

/** What the files of each part may import of the repository; of two parts that fit a path, the first counts. */
const MAY_IMPORT: readonly { readonly part: string; readonly of: readonly RegExp[] }[] = [
  { part: 'bin/app.ts', of: [/^lib\//, /^core\//] },
  { part: 'bin/', of: [/^cli\//] },
  { part: 'cli/', of: [/^(cli|local|edge|hub|lib|core|lambda|bench)\//] },
  { part: 'lib/', of: [/^(lib|core)\//, /^lambda\/[^/]+\/contract\.ts$/] },
  { part: 'local/', of: [/^(local|edge|hub|lambda|core)\//] },
  { part: 'bench/', of: [/^(bench|local|edge|hub|lambda|lib|core)\//] },
  { part: 'edge/', of: [/^(edge|core)\//] },
  { part: 'hub/', of: [/^(hub|core)\//] },
  { part: 'lambda/', of: [/^(lambda|core)\//] },
  { part: 'core/', of: [/^core\//] },
  { part: 'test/', of: [/^(?!bin\/)/] },
];

/** The packages that core may use: docs/adr/0001-core-may-parse-csv.md. */
const CORE_PACKAGES = ['zod', 'yaml', 'csv-parse'];

/** What core must not touch: it is pure, so that a test or a virtual clock can drive it. */
const IMPURE =
  /\b(Date\.now\(|new Date\(\)|performance\.now\(|Math\.random\(|setTimeout\(|setInterval\(|process\.|console\.|fetch\()/g;

const MOST_LINES = 400;

const files = sourceFiles();

function importFaults({ path, text }: SourceFile): string[] {
  const rule = MAY_IMPORT.find(({ part }) => path.startsWith(part));
  return importsOf(text).flatMap(({ specifier, line }) => {
    const target = importedPath(path, specifier);
    const at = `${path}:${line}`;
    if (target === undefined) {
      if (!path.startsWith('core/') || CORE_PACKAGES.includes(packageOf(specifier))) return [];
      return [`${at} imports ${specifier}: core may use only ${CORE_PACKAGES.join(', ')}, and does no I/O`];
    }
    if (rule === undefined) return [`${at}: no rule says what ${path} may import`];
    if (rule.of.some((allowed) => allowed.test(target))) return [];
    return [
      `${at} imports ${target}, but ${rule.part} may import only ${rule.of.map((each) => each.source).join(' or ')}`,
    ];
  });
}

describe('the architecture', () => {
  test('imports run one way: bin -> cli -> local -> edge, hub -> core', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap(importFaults)).toEqual([]);
  });

  test('core has no clock, no randomness, no output', () => {
    const faults = files
      .filter(({ path }) => path.startsWith('core/'))
      .flatMap(({ path, text }) => {
        const code = withoutComments(text);
        return [...code.matchAll(IMPURE)].map(
          (match) =>
            `${path}:${lineAt(code, match.index)} uses ${match[0]}: core gets times and chance from its caller`,
        );
      });
    expect(faults).toEqual([]);
  });

  test(`no file is longer than ${MOST_LINES} lines`, () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `${path} has ${lines} lines: split it by what changes together`);
    expect(long).toEqual([]);
  });

  test('test/ mirrors the tree', () => {
    const strays = files
      .filter(({ path }) => /\.test\.tsx?$/.test(path) && path !== 'test/architecture.test.ts')
      .map(({ path }) => ({ path, folder: dirname(path).replace(/^test\/?/, '') }))
      .filter(({ folder }) => folder === '' || !existsSync(join(ROOT, folder)))
      .map(({ path, folder }) => `${path} tests nothing: there is no folder ${folder || '(root)'}`);
    expect(strays).toEqual([]);
  });

  test('suppresses no finding and leaves no TODO behind', () => {
    const marks = /biome-ignore|@ts-(?:ignore|expect-error|nocheck)|\b(?:TODO|FIXME|XXX)\b/g;
    const found = files
      .filter(({ path }) => path !== 'test/architecture.test.ts')
      .flatMap(({ path, text }) =>
        [...text.matchAll(marks)].map((match) => `${path}:${lineAt(text, match.index)} ${match[0]}`),
      );
    expect(found).toEqual([]);
  });
});

describe('the check of imports', () => {
  const faultsOf = (path: string, text: string) => importFaults({ path, text });

  test.each([
    ["import { a } from '../../hub/a.ts';", 'edge/x/y.ts'],
    ["import type { A } from '../hub/a.ts';", 'edge/y.ts'],
    ["export * from '../edge/a.ts';", 'hub/y.ts'],
    ["import {\n  a,\n  b,\n} from '../edge/a.ts';", 'core/y.ts'],
    ["const a = await import('../hub/a.ts');", 'edge/y.ts'],
    ["import '../hub/a.ts';", 'edge/y.ts'],
    ["new Worker(new URL('../hub/a.ts', import.meta.url));", 'edge/y.ts'],
    ["import { readFileSync } from 'node:fs';", 'core/y.ts'],
    ["import { Hono } from 'hono';", 'core/y.ts'],
    ["import { handler } from '../lambda/normalize/handler.ts';", 'lib/y.ts'],
    ["import { app } from '../bin/app.ts';", 'test/y.test.ts'],
  ])('refuses %j in %s', (text, path) => expect(faultsOf(path, text)).toHaveLength(1));

  test.each([
    ["import { parse } from 'csv-parse/sync';", 'core/y.ts'],
    ["// import { a } from '../hub/a.ts';", 'edge/y.ts'],
    ["/* import '../hub/a.ts' */ const url = 'http://x//y';", 'edge/y.ts'],
    ["import { NAME } from '../lambda/normalize/contract.ts';", 'lib/y.ts'],
    ["import { a } from '../hub/a.ts';", 'local/y.ts'],
  ])('accepts %j in %s', (text, path) => expect(faultsOf(path, text)).toEqual([]));
});
