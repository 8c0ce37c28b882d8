import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FolderLock } from '../../../hub/historian/folder-lock.ts';
import { PgliteDatabase } from '../../../hub/historian/pglite-database.ts';

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'plantbridge-historian-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

describe("the historian's folder", () => {
  test('keeps its data over a restart, refuses a second process, and is refused when damaged, with nothing destroyed', async () => {
    const folder = join(parent, 'kept');
    const first = await PgliteDatabase.open(folder);
    await first.query('CREATE TABLE kept (n integer)');
    await first.query('INSERT INTO kept VALUES (7)');
    expect(() => new FolderLock(`${folder}.lock`)).toThrow(/in use by another process/);
    await first.close();
    const second = await PgliteDatabase.open(folder);
    expect(await second.query('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.close();
    await expect(second.query('SELECT 1')).rejects.toThrow(/closed/);
    writeFileSync(join(folder, 'global/pg_control'), 'damaged');
    const before = readdirSync(folder).sort();
    const refusal = await PgliteDatabase.open(folder).catch((error: unknown) => String(error));
    expect(refusal).toMatch(/data in .*kept is damaged or cannot be read\. Nothing was changed: move the folder aside/);
    expect(refusal).not.toMatch(/Aborted|ASSERTIONS|\n/);
    expect(readdirSync(folder).sort()).toEqual(expect.arrayContaining(before));
  });

  test('is not written to with less than 64 MB free, still read, and written again when there is room', async () => {
    const folder = join(parent, 'full');
    let freeMb = 1000;
    const freeSpace = async () => freeMb * 1024 * 1024;
    const database = await PgliteDatabase.open(folder, freeSpace);
    await database.query('CREATE TABLE kept (n integer)');
    const insert = () => database.transaction(({ query }) => query('INSERT INTO kept VALUES (1)'));
    await insert();
    freeMb = 63;
    await expect(insert()).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'ENOSPC',
      message: expect.stringMatching(/the disk of .*full is full: 63 MB are free, 64 MB are needed/),
    });
    expect(await database.query('SELECT n FROM kept')).toHaveLength(1);
    freeMb = 64;
    await insert();
    expect(await database.query('SELECT n FROM kept')).toHaveLength(2);
    await database.close();
    freeMb = 1;
    await expect(PgliteDatabase.open(folder, freeSpace)).rejects.toThrow(/^The historian cannot start: the disk of/);
    freeMb = 64;
    await (await PgliteDatabase.open(folder, freeSpace)).close();
  });

  test('is refused where it holds something else', async () => {
    const folder = join(parent, 'other');
    mkdirSync(folder);
    writeFileSync(join(folder, 'holiday.jpg'), '');
    await expect(PgliteDatabase.open(folder)).rejects.toThrow(/holds other files or is damaged/);
    expect(existsSync(join(folder, 'holiday.jpg'))).toBe(true);
  });

  test('is made anew where the first start was interrupted, and what there was is moved aside', async () => {
    const folder = join(parent, 'interrupted');
    mkdirSync(folder);
    writeFileSync(join(folder, 'half'), '');
    writeFileSync(`${folder}.state`, 'creating');
    const database = await PgliteDatabase.open(folder);
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await database.close();
    expect(readdirSync(parent).some((name) => name.startsWith('interrupted.unfinished-'))).toBe(true);
  });
});
