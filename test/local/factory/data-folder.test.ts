import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserFault } from '../../../core/process.ts';
import { moveAside, prepareDataFolder } from '../../../local/factory/data-folder.ts';
import { secretFile } from '../../../local/factory/secret-file.ts';
import { simulationRecord, writeSimulationRecord } from '../../../local/factory/simulation-file.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plant-data-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the data folder', () => {
  test('is made where there is none, and used again by the same site', () => {
    const folder = join(root, 'deep', 'data');
    prepareDataFolder(folder, 'demo');
    prepareDataFolder(folder, 'demo');
    expect(readdirSync(folder).sort()).toEqual(['edge', 'hub', 'logs', 'plantbridge.json', 'simulator']);
  });

  test('of another site is refused with what to do', () => {
    prepareDataFolder(join(root, 'data'), 'demo');
    expect(() => prepareDataFolder(join(root, 'data'), 'pilot')).toThrow(
      /holds the data of the site "demo".*--data.*--fresh/,
    );
  });

  test('with other things in it is left alone', () => {
    writeFileSync(join(root, 'thesis.txt'), 'precious');
    expect(() => prepareDataFolder(root, 'demo')).toThrow(UserFault);
    expect(() => moveAside(root, new Date())).toThrow(/left alone/);
    expect(readdirSync(root)).toEqual(['thesis.txt']);
  });

  test('that is a file, or lies below one, gets one clear sentence', () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    expect(() => prepareDataFolder(file, 'demo')).toThrow(/is a file\. Choose another with --data/);
    expect(() => prepareDataFolder(join(file, 'data'), 'demo')).toThrow(
      /can't be written to: a part of its path is a file/,
    );
  });

  test('is moved aside for a new beginning, and nothing in it is lost', () => {
    const folder = join(root, 'data');
    prepareDataFolder(folder, 'demo');
    writeFileSync(join(folder, 'hub', 'figures'), '42');
    const aside = moveAside(folder, new Date('2026-11-22T10:00:00Z'));
    expect(aside).toBe(`${folder}-before-2026-11-22T10-00-00-000Z`);
    expect(readFileSync(join(aside!, 'hub', 'figures'), 'utf8')).toBe('42');
    expect(existsSync(folder)).toBe(false);
    expect(moveAside(folder, new Date())).toBeUndefined();
  });
});

describe('secrets in the data folder', () => {
  test('are made once, long, and readable by their owner alone', () => {
    const file = join(root, 'token');
    const secret = secretFile(file);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(secretFile(file)).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('the record of the simulation', () => {
  const now = Date.parse('2026-11-22T10:00:42Z');

  test('begins a day before the full minute, and stays for all later starts', () => {
    mkdirSync(root, { recursive: true });
    const record = simulationRecord(root, 7, now);
    expect(new Date(record.startMs).toISOString()).toBe('2026-11-21T10:00:00.000Z');
    writeSimulationRecord(root, { ...record, historyDone: true });
    expect(simulationRecord(root, 8, now + 1e9)).toEqual({ ...record, historyDone: true });
  });

  test('that is damaged is said to be so, and not overwritten', () => {
    writeFileSync(join(root, 'simulation.json'), '{"seed":');
    expect(() => simulationRecord(root, 7, now)).toThrow(/simulation\.json is damaged/);
    expect(readFileSync(join(root, 'simulation.json'), 'utf8')).toBe('{"seed":');
  });
});
