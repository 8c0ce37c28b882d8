import { SITE_METRICS } from '../../core/metrics.ts';
import { propertyAlias } from '../../core/path.ts';
import type { TickSignal } from '../../core/telemetry/types.ts';
import type { CheckResult } from './arrival.ts';
import { PERFORMANCE_TOLERANCE, type WatchList } from './contract.ts';

const HOUR_MS = 3_600_000;
const HOUR_SECONDS = 3600;

/** Where the check of OEE's quality looks. */
export interface OeeQualitySources {
  /** Sum of each alias's values in the full hour (endMs - 1 h, endMs]; aliases without a value in it are left out. */
  hourSums(aliases: readonly string[], endMs: number): Promise<ReadonlyMap<string, number>>;
}

/**
 * Whether the OEE of the last full UTC hour can be trusted. Time is unknown where a tick says so and where there is no tick: what is
 * left of the hour beside busy and planned time.
 */
export async function checkOeeQuality(
  list: WatchList,
  sources: OeeQualitySources,
  nowMs: number,
): Promise<CheckResult> {
  const endMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const aliasOf = (path: string, signal: TickSignal) => propertyAlias(`${path}/${signal}`);
  const aliases = list.machines.flatMap(({ path, countsParts }) => [
    aliasOf(path, 'busy-s'),
    aliasOf(path, 'planned-s'),
    ...(countsParts ? [aliasOf(path, 'run-s'), aliasOf(path, 'ideal-s')] : []),
  ]);
  const sums = await sources.hourSums(aliases, endMs);
  const secondsOf = (path: string, signal: TickSignal) => sums.get(aliasOf(path, signal)) ?? 0;
  const withGap = list.machines.filter(({ path }) => {
    const known = secondsOf(path, 'busy-s') + secondsOf(path, 'planned-s');
    return HOUR_SECONDS - known > list.dataGapShare * HOUR_SECONDS;
  });
  const fast = list.machines.filter(({ path, countsParts }) => {
    const run = secondsOf(path, 'run-s');
    return countsParts && run > 0 && secondsOf(path, 'ideal-s') / run > 1 + PERFORMANCE_TOLERANCE;
  });
  return {
    metrics: [
      {
        siteId: list.siteId,
        timeMs: nowMs,
        values: { [SITE_METRICS.dataGapMachines]: withGap.length, [SITE_METRICS.fastMachines]: fast.length },
      },
    ],
    findings: {
      ...(withGap.length > 0 && { dataGapMachines: withGap.map(({ path }) => path) }),
      ...(fast.length > 0 && { fastMachines: fast.map(({ path }) => path) }),
    },
  };
}
