import type { TimeRange } from '../../core/oee/windows.ts';
import type { ApiContext } from './context.ts';

/** Answers whether simulated history of any of the machines lies in a range within `within`. */
export async function simulatedIn(
  { historian }: ApiContext,
  machinePaths: readonly string[],
  within: TimeRange,
): Promise<(range: TimeRange) => boolean> {
  const periods = await Promise.all(
    machinePaths.map((path) => historian.simulatedPeriods(path, within.fromMs, within.toMs)),
  );
  const all = periods.flat();
  return ({ fromMs, toMs }) => all.some((period) => period.fromMs < toMs && period.toMs > fromMs);
}
