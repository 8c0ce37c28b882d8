/**
 * Shifts and days by the site's clocks (Europe/Berlin) are sums of ticks, whatever the UTC windows are. By hand: the filler
 * makes 27 parts of 2 s a minute: 90 % performance.
 */
import { describe, expect, test } from '@jest/globals';
import { figuresOf, TOTALS_SIGNALS, totalsOf } from '../../../core/oee/figures.ts';
import { localDays, shiftInstances } from '../../../core/oee/shifts.ts';
import type { TimeRange } from '../../../core/oee/windows.ts';
import type { ShiftConfig } from '../../../core/site/schema.ts';
import { MemoryHistorian } from '../../support/memory-historian.ts';
import { batchOf } from '../../support/ticks.ts';
import { minuteSamples, times } from './plant.ts';

const FILLER = 'demo/bottling/filler';
const ZONE = 'Europe/Berlin';

async function sums(historian: MemoryHistorian, ranges: readonly TimeRange[]) {
  const rows = await historian.tickSums([FILLER], TOTALS_SIGNALS, ranges);
  return rows.map((row) => totalsOf(row.sums));
}

/** 72 hours around a change of the clocks, all of them running. */
async function running(from: string): Promise<MemoryHistorian> {
  const historian = new MemoryHistorian();
  await historian.commit('g', [batchOf(minuteSamples(FILLER, from, times(72 * 60, { run: 60, produced: 27 })))]);
  return historian;
}

describe('days by the clocks of the site', () => {
  test.each([
    // the clocks go       day          hours   parts = hours x 60 x 27
    ['forward', '2026-03-29', '2026-03-28T00:00:00Z', 23, 37_260],
    ['back', '2026-10-25', '2026-10-24T00:00:00Z', 25, 40_500],
  ])('when they go %s: %s', async (_direction, date, from, hours, parts) => {
    const noon = { fromMs: Date.parse(`${date}T11:00:00Z`), toMs: Date.parse(`${date}T12:00:00Z`) };
    const [day] = await sums(await running(from), localDays(noon, ZONE));
    expect(figuresOf(day!)).toMatchObject({
      busySeconds: hours * 3600,
      produced: parts,
      availability: 1,
      performance: 0.9,
    });
  });
});

describe('shifts', () => {
  const night: ShiftConfig = { id: 'night', start: '22:00', end: '06:00', breaks: [] };

  test.each([
    ['2026-03-28T00:00:00Z', '2026-03-28T22:00:00Z', 7, 11_340],
    ['2026-10-24T00:00:00Z', '2026-10-24T22:00:00Z', 9, 14_580],
  ])('of a night with a change of the clocks (%s): %s has %d hours', async (from, within, hours, parts) => {
    const range = { fromMs: Date.parse(within), toMs: Date.parse(within) + 3_600_000 };
    const shifts = shiftInstances([night], range, ZONE);
    const [total] = await sums(await running(from), shifts);
    expect(figuresOf(total!)).toMatchObject({ busySeconds: hours * 3600, produced: parts });
  });
});
