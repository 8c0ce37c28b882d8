import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../support/source-tree.ts';

/** What package-lock.json says of a package. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const LOCKED: Readonly<Record<string, LockedPackage>> = JSON.parse(
  readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
).packages;

/** Licences that ask for no more than a notice. */
const PERMISSIVE = [
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
];

/** Packages whose package.json names no licence, and the file of theirs that does. */
const NAMED_ELSEWHERE: Readonly<Record<string, { readonly file: string; readonly says: RegExp }>> = {
  dequeue: { file: 'LICENSE', says: /2-Clause BSD license/ },
  precond: { file: 'README.md', says: /MIT license/ },
};

/** Whether an SPDX expression leaves us a permissive choice. */
function isPermissive(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, '').split(' OR ');
  return alternatives.some((each) => each.split(' AND ').every((licence) => PERMISSIVE.includes(licence.trim())));
}

/** The name of a package by its place in node_modules. */
function nameOf(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

describe('the licences', () => {
  test('of all packages that run are permissive: no GPL, LGPL, AGPL or unknown one', () => {
    const running = Object.entries(LOCKED).filter(([place, { dev }]) => place !== '' && dev !== true);
    expect(running.length).toBeGreaterThan(100);
    const faults = running.flatMap(([place, { license }]) => {
      const elsewhere = NAMED_ELSEWHERE[nameOf(place)];
      if (license === undefined && elsewhere !== undefined) {
        return elsewhere.says.test(readFileSync(join(ROOT, place, elsewhere.file), 'utf8'))
          ? []
          : [`${place}: ${elsewhere.file}`];
      }
      return isPermissive(license ?? '') ? [] : [`${place}: ${license ?? 'no licence named'}`];
    });
    expect(faults).toEqual([]);
  });

  test.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-or-later)', true],
    ['MIT AND GPL-3.0-only', false],
    ['AGPL-3.0-only', false],
    ['LGPL-3.0-or-later', false],
    ['UNLICENSED', false],
  ])('%s: permissive %s', (licence, expected) => expect(isPermissive(licence)).toBe(expected));

  test('of this project is the Apache License 2.0, as package.json says', () => {
    expect(LOCKED['']?.license).toBe('Apache-2.0');
    const text = readFileSync(join(ROOT, 'LICENSE'), 'utf8');
    expect(text).toContain('Apache License\n                           Version 2.0, January 2004');
    expect(text).toBe(readFileSync(join(ROOT, 'node_modules/constructs/LICENSE'), 'utf8'));
  });
});

/** The locked package that `name` is for the package at `place`: beside it, else the repository's. */
function resolved(place: string, name: string): LockedPackage | undefined {
  const beside = place.slice(0, place.lastIndexOf('node_modules/'));
  return LOCKED[`${beside}node_modules/${name}`] ?? LOCKED[`node_modules/${name}`];
}

describe('where it runs, as the README says', () => {
  const choices = Object.entries(LOCKED).flatMap(([place, { optionalDependencies }]) => {
    const binaries = Object.keys(optionalDependencies ?? {}).flatMap((name) => resolved(place, name) ?? []);
    return binaries.some(({ cpu }) => cpu !== undefined) ? [{ name: nameOf(place), binaries }] : [];
  });

  test.each(['linux', 'darwin', 'win32'])(
    'every dependency with machine code is locked for %s on x64 and arm64',
    (os) => {
      expect(choices.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['esbuild', '@biomejs/biome', 'rolldown']),
      );
      const missing = choices.flatMap(({ name, binaries }) =>
        ['x64', 'arm64']
          .filter((cpu) => !binaries.some((each) => each.os?.includes(os) === true && each.cpu?.includes(cpu) === true))
          .map((cpu) => `${name} on ${os} ${cpu}`),
      );
      expect(missing).toEqual([]);
    },
  );
});
