import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SITE_EVENT_TYPES } from '../../../core/mes/events.ts';
import { MES_OPERATIONS } from '../../../core/mes/operations.ts';
import { ROOT } from '../../support/source-tree.ts';

const rows = readFileSync(join(ROOT, 'docs/mes.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the guide lists the operations and events that there are', () => {
  expect(rows.map(([, name]) => name)).toEqual([
    ...MES_OPERATIONS.map(({ method, resource }) => `\`${method} ${resource}\``),
    ...SITE_EVENT_TYPES.map((type) => `\`${type}\``),
  ]);
});

test('the guide says of each operation what the contract says', () => {
  expect(rows.slice(0, MES_OPERATIONS.length).map(([, , summary]) => summary)).toEqual(
    MES_OPERATIONS.map(({ summary }) => summary),
  );
});
