import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { InstanceLock } from '../../../local/factory/instance-lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plant-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a data folder', () => {
  test("lets one in at a time; the second hears where the first one's page is", () => {
    const lock = InstanceLock.acquire(folder);
    expect(lock.takenOver).toBe(false);
    expect(() => InstanceLock.acquire(folder)).toThrow(/already runs .* it is still starting/);
    lock.announce('http://127.0.0.1:8700/?token=secret');
    expect(() => InstanceLock.acquire(folder)).toThrow(/see http:\/\/127\.0\.0\.1:8700\).*--data/);
    expect(readFileSync(join(folder, 'lock'), 'utf8')).not.toContain('secret');
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    InstanceLock.acquire(folder).release();
  });

  test('is taken over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: child.pid }));
    const lock = InstanceLock.acquire(folder);
    expect(lock.takenOver).toBe(true);
    lock.release();
  });

  test('is taken over from an earlier process whose number another one has now', () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, bornAt: 'another boot/1' }));
    const lock = InstanceLock.acquire(folder);
    expect(lock.takenOver).toBe(existsSync('/proc/self/stat'));
    lock.release();
  });

  test('is taken over when half of it was written', () => {
    writeFileSync(join(folder, 'lock'), '{"pid":');
    expect(InstanceLock.acquire(folder).takenOver).toBe(true);
  });
});
