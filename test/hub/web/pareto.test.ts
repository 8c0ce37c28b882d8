import { expect, test } from '@jest/globals';
import type { Loss } from '../../../hub/api/contract.ts';
import { paretoOf } from '../../../hub/web/src/logic/pareto.ts';

const loss = (label: string, minutes: number, parts: number | null): Loss => ({
  kind: 'downtime',
  label,
  state: 'FAULT',
  reason: label,
  minutes,
  parts,
  occurrences: 1,
});
const LOSSES = [
  loss('Jam', 30, 10),
  loss('Door', 50, null),
  loss('Micro-stop', 15, 40),
  loss('Blocked', 5, 20),
  loss('None', 0, 0),
];

test('losses stand by size and add up', () => {
  const { rows, total } = paretoOf(LOSSES, 'minutes', 10);
  expect(rows.map((row) => [row.loss.label, row.amount, row.share, row.cumulative, row.length])).toEqual([
    ['Door', 50, 0.5, 0.5, 1],
    ['Jam', 30, 0.3, 0.8, 0.6],
    ['Micro-stop', 15, 0.15, 0.95, 0.3],
    ['Blocked', 5, 0.05, 1, 0.1],
  ]);
  expect(total).toBe(100);
});

test('in parts the order is another, and what is not known in parts is named, not counted as zero', () => {
  const { rows, total, unknown } = paretoOf(LOSSES, 'parts', 10);
  expect(rows.map((row) => row.loss.label)).toEqual(['Micro-stop', 'Blocked', 'Jam']);
  expect(total).toBe(70);
  expect(unknown.map((each) => each.label)).toEqual(['Door']);
});

test('small losses beyond the limit are summed up, and still count in the total', () => {
  const { rows, rest, total } = paretoOf(LOSSES, 'minutes', 2);
  expect(rows).toHaveLength(2);
  expect(rest).toEqual({ count: 2, amount: 20 });
  expect(total).toBe(100);
});

test('without losses there is nothing, and no division by zero', () => {
  expect(paretoOf([], 'minutes', 5)).toEqual({ rows: [], total: 0, rest: null, unknown: [] });
});
