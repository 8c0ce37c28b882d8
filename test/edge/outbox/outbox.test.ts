import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserFault } from '../../../core/process.ts';
import { OUTBOX_FILE, Outbox } from '../../../edge/outbox/outbox.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const none = new Map<string, string>();

describe('outbox', () => {
  test('numbers entries 1, 2, 3 and reads them back in order after any number', () => {
    using outbox = Outbox.open({ folder });
    expect([
      outbox.append(['["a"]'], none, 1),
      outbox.append(['["b"]'], none, 2),
      outbox.append(['["c"]'], none, 3),
    ]).toEqual([1, 2, 3]);
    expect(outbox.read(1, 10)).toEqual([
      { sequence: 2, machines: '["b"]' },
      { sequence: 3, machines: '["c"]' },
    ]);
    expect(outbox.read(0, 1)).toEqual([{ sequence: 1, machines: '["a"]' }]);
  });

  test('keeps identity, entries, cursors and checkpoints over a restart', () => {
    const before = Outbox.open({ folder });
    before.append(['[1]'], new Map([['demo/line/filler', '{"x":1}']]), 1);
    before.append(['[2]'], new Map([['demo/line/filler', '{"x":2}']]), 2);
    before.acknowledge('hub', 1);
    before.expire(['hub'], 3);
    before.close();
    using after = Outbox.open({ folder });
    expect(after.id).toBe(before.id);
    expect([after.firstSequence, after.lastSequence, after.cursor('hub')]).toEqual([1, 2, 1]);
    expect(after.checkpoints()).toEqual(new Map([['demo/line/filler', '{"x":2}']]));
    expect(after.append(['[3]'], none, 4)).toBe(3);
  });

  test('a lost file makes another outbox', () => {
    const before = Outbox.open({ folder });
    before.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, OUTBOX_FILE + suffix), { force: true });
    using after = Outbox.open({ folder });
    expect(after.id).not.toBe(before.id);
  });

  test('deletes only what all consumers acknowledged and the retention allows, and never the newest', () => {
    using outbox = Outbox.open({ folder, retainMs: 1000 });
    for (let time = 1; time <= 5; time += 1) outbox.append([`[${time}]`], none, time * 1000);
    outbox.acknowledge('hub', 5);
    outbox.acknowledge('cloud', 3);
    expect(outbox.expire(['hub', 'cloud'], 4000)).toBe(2);
    expect(outbox.firstSequence).toBe(3);
    outbox.acknowledge('cloud', 5);
    outbox.expire(['hub', 'cloud'], 1_000_000);
    expect([outbox.firstSequence, outbox.lastSequence]).toEqual([5, 5]);
  });

  test('a consumer that never acknowledged keeps everything', () => {
    using outbox = Outbox.open({ folder, retainMs: 0 });
    outbox.append(['[1]'], none, 1);
    outbox.append(['[2]'], none, 2);
    outbox.acknowledge('hub', 2);
    expect(outbox.expire(['hub', 'cloud'], 1000)).toBe(0);
  });

  test('a cursor never steps back and never passes the newest entry', () => {
    using outbox = Outbox.open({ folder });
    outbox.append(['[1]'], none, 1);
    outbox.acknowledge('hub', 1);
    outbox.acknowledge('hub', 0);
    outbox.acknowledge('hub', 99);
    expect(outbox.cursor('hub')).toBe(1);
  });

  test('says in one sentence that the file is damaged, and leaves it as it is', () => {
    const file = join(folder, OUTBOX_FILE);
    writeFileSync(file, 'this is no database, and never was one'.repeat(200));
    expect(() => Outbox.open({ folder })).toThrow(UserFault);
    expect(() => Outbox.open({ folder })).toThrow(/is damaged and was left as it is/);
    expect(readFileSync(file, 'utf8')).toContain('this is no database');
  });

  test('says in one sentence that a file stands where its folder should be', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    expect(() => Outbox.open({ folder: join(file, 'outbox') })).toThrow(/can't be written \(ENOTDIR\)/);
  });
});
