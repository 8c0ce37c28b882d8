import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { boundLog } from '../../../local/factory/bounded-log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plant-log-'));
  file = join(folder, 'hub.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a log that grew too long begins anew under its writer, and the one before it is kept', () => {
  const writer = openSync(file, 'a');
  writeSync(writer, 'a long line\n');
  boundLog(file, 10);
  writeSync(writer, 'next\n');
  closeSync(writer);
  expect(readFileSync(file, 'utf8')).toBe('next\n');
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('a long line\n');
});

test('a short log, or none, is left alone', () => {
  boundLog(file, 10);
  writeFileSync(file, 'short\n');
  boundLog(file, 10);
  expect(readFileSync(file, 'utf8')).toBe('short\n');
});

test('where the older log can not be kept, the newer one is bounded all the same', () => {
  appendFileSync(file, 'a long line\n');
  // A link to nowhere stands in for a disk that takes no more.
  symlinkSync(join(folder, 'missing', 'file'), `${file}.1`);
  boundLog(file, 10);
  expect(readFileSync(file, 'utf8')).toBe('');
});
