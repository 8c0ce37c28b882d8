import { GATEWAY_METRICS, SITE_METRICS } from '../../core/metrics.ts';
import { propertyAlias } from '../../core/path.ts';
import type { MetricValues } from '../shared/metric-record.ts';
import { STALE_AFTER_SECONDS, type WatchList } from './contract.ts';

/** Where the check of arrival looks. */
export interface ArrivalSources {
  /** Time of the newest value of each alias, ms since 1970; aliases without a value, or that no asset has, are left out. */
  newestTimes(aliases: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Aliases of data streams that belong to no asset. */
  unmodeledStreams(aliasPrefix: string): Promise<readonly string[]>;
  /** How many objects are in the dead-letter buckets. */
  deadLetterObjects(): Promise<number>;
}

/** What was found: metrics, and the names behind them for people. */
export interface CheckResult {
  readonly metrics: readonly MetricValues[];
  /** What is wrong -> paths or aliases; only where something is. */
  readonly findings: Readonly<Record<string, readonly string[]>>;
}

/** The signal that says whether a machine's ticks arrive: every machine with a state has it, each minute, also while it is unknown. */
const TICK_SIGNAL = 'run-s';

/**
 * Whether ticks arrive where they are needed: at the end of the whole way, in AWS IoT SiteWise. A gateway without a recent tick is
 * silent; whether it, the network or the cloud is at fault can't be told from here.
 */
export async function checkArrival(list: WatchList, sources: ArrivalSources, nowMs: number): Promise<CheckResult> {
  const { siteId, machines } = list;
  const aliasOf = (path: string) => propertyAlias(`${path}/${TICK_SIGNAL}`);
  const newest = await sources.newestTimes(machines.map(({ path }) => aliasOf(path)));
  const ages = machines.map((machine) => {
    const timeMs = newest.get(aliasOf(machine.path));
    return { ...machine, ageSeconds: timeMs === undefined ? undefined : Math.max(0, (nowMs - timeMs) / 1000) };
  });
  const isStale = (ageSeconds: number | undefined) => ageSeconds === undefined || ageSeconds > STALE_AFTER_SECONDS;
  const gateways = [...new Set(machines.map(({ gatewayId }) => gatewayId))].map((gatewayId) => {
    const known = ages.flatMap((each) =>
      each.gatewayId === gatewayId && each.ageSeconds !== undefined ? [each.ageSeconds] : [],
    );
    return { gatewayId, ageSeconds: known.length === 0 ? undefined : Math.min(...known) };
  });
  const stale = ages.filter(({ ageSeconds }) => isStale(ageSeconds)).map(({ path }) => path);
  const unmodeled = await sources.unmodeledStreams(propertyAlias(`${siteId}/`));
  const deadLetterObjects = await sources.deadLetterObjects();
  return {
    metrics: [
      ...gateways.map(({ gatewayId, ageSeconds }) => ({
        siteId,
        gatewayId,
        timeMs: nowMs,
        values: {
          [GATEWAY_METRICS.silent]: isStale(ageSeconds) ? 1 : 0,
          ...(ageSeconds !== undefined && { [GATEWAY_METRICS.tickAge]: ageSeconds }),
        },
      })),
      {
        siteId,
        timeMs: nowMs,
        values: {
          [SITE_METRICS.staleMachines]: stale.length,
          [SITE_METRICS.unmodeledStreams]: unmodeled.length,
          [SITE_METRICS.deadLetterObjects]: deadLetterObjects,
        },
      },
    ],
    findings: {
      ...(stale.length > 0 && { staleMachines: stale }),
      ...(unmodeled.length > 0 && { unmodeledStreams: unmodeled }),
    },
  };
}
