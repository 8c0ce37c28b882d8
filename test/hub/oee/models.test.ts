import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { UserFault } from '../../../core/process.ts';
import { readAssetModels } from '../../../hub/oee/models.ts';

const folder = mkdtempSync(join(tmpdir(), 'plantbridge-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UserFault) return error.message;
    throw error;
  }
  return '';
}

test('a wrong asset model is a fault of the user, with file, line and column', () => {
  writeFileSync(join(folder, 'press.yaml'), 'version: 1\nid: press\nname: Press\nproperties: []\n');
  expect(faultOf(() => readAssetModels(folder))).toBe(
    `${join(folder, 'press.yaml')}:4:13 properties needs at least 1 entry, got: a list of 0`,
  );
});

test('so is a folder that is not there', () => {
  expect(faultOf(() => readAssetModels(join(folder, 'none')))).toContain('cannot be read (ENOENT)');
});
