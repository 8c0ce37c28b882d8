import { DAY_MS, type TimeRange, windowEnd } from '../../core/oee/windows.ts';
import type { Historian } from '../historian/historian.ts';
import type { PlantPlans } from './plant-plans.ts';

/** A machine's time that has to be computed again. */
export interface Suspicion {
  readonly machinePath: string;
  readonly range: TimeRange;
}

/** Days of one audit query: short enough not to keep others from the database. */
const DAYS_PER_QUERY = 7;
/** Sums in SQL add in another order than formulas: relative difference that is rounding. */
const ROUNDING = 1e-9;

/** The end of the newest UTC day of each machine that has ticks; a clock that runs ahead does not count. */
export async function newestDays(plans: PlantPlans, historian: Historian, nowMs: number): Promise<Map<string, number>> {
  const paths = [...plans.machines.keys()];
  const latest = await historian.latestBefore(
    paths.map((path) => `${path}/busy-s`),
    nowMs,
  );
  const days = new Map<string, number>();
  for (const path of paths) {
    const newest = latest.get(`${path}/busy-s`);
    if (newest !== undefined) days.set(path, windowEnd(newest.timeMs, DAY_MS));
  }
  return days;
}

/**
 * What a crash between a commit and its computing may have left behind, newest first. A machine's two newest days are simply
 * computed again. Older days are always computed as a whole with the machines' daily sums written last, so those whose
 * sums agree with the ticks are complete; the others are to be computed.
 * (Instead of a durable list of dirty days: that would cost a write with each commit, and could itself be wrong.)
 * @param auditDays how far back.
 */
export async function* suspicions(
  plans: PlantPlans,
  historian: Historian,
  nowMs: number,
  auditDays: number,
): AsyncGenerator<Suspicion> {
  const newest = await newestDays(plans, historian, nowMs);
  for (const [machinePath, dayEndMs] of newest) {
    yield { machinePath, range: { fromMs: dayEndMs - 2 * DAY_MS, toMs: dayEndMs } };
  }
  const todayEndMs = windowEnd(nowMs, DAY_MS);
  for (let back = 0; back < auditDays; back += DAYS_PER_QUERY) {
    const ranges = Array.from({ length: Math.min(DAYS_PER_QUERY, auditDays - back) }, (_, index) => {
      const toMs = todayEndMs - (back + index) * DAY_MS;
      return { fromMs: toMs - DAY_MS, toMs };
    });
    for (const machinePath of newest.keys()) {
      yield* wrongDays(plans, historian, machinePath, ranges);
    }
  }
}

async function* wrongDays(
  plans: PlantPlans,
  historian: Historian,
  machinePath: string,
  ranges: readonly TimeRange[],
): AsyncGenerator<Suspicion> {
  const sums = plans.machines.get(machinePath)?.dailySums() ?? new Map<string, string>();
  const [latest, earliest] = [ranges[0], ranges.at(-1)];
  if (sums.size === 0 || latest === undefined || earliest === undefined) return;
  const rows = await historian.tickSums([machinePath], [...new Set(sums.values())], ranges);
  if (rows.length === 0) return;
  const stored = await historian.metrics(machinePath, [...sums.keys()], earliest.fromMs, latest.toMs);
  const figures = new Map(stored.map(({ property, endMs, value }) => [`${property} ${endMs}`, value]));
  for (const row of rows) {
    const range = ranges[row.range];
    if (range === undefined) continue;
    for (const [metric, signal] of sums) {
      if (!agree(row.sums.get(signal), figures.get(`${metric} ${range.toMs}`))) {
        yield { machinePath, range };
        break;
      }
    }
  }
}

function agree(sum: number | undefined, figure: number | null | undefined): boolean {
  if (sum === undefined) return figure === undefined || figure === null;
  if (figure === undefined || figure === null) return false;
  return Math.abs(sum - figure) <= ROUNDING * Math.max(1, Math.abs(sum));
}
