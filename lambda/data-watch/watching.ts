import { metricRecord } from '../shared/metric-record.ts';
import { type ArrivalSources, type CheckResult, checkArrival } from './arrival.ts';
import type { DataWatchEvent, WatchList } from './contract.ts';
import { checkOeeQuality, type OeeQualitySources } from './oee-quality.ts';

/** Names that one log line has at most. */
const MOST_NAMES = 100;

/** What the function works with. */
export interface WatchingParts {
  readonly list: WatchList;
  readonly sources: ArrivalSources & OeeQualitySources;
  readonly logger: { warn(message: string, extra: Readonly<Record<string, unknown>>): void };
  /** Takes a line of the embedded metric format. */
  write(line: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * The function: does the check that the event names, writes its metrics and logs the names behind them.
 * @throws Error for an event that is none of ours, or where a source can't be read: no metric is then written.
 */
export function watching({ list, sources, logger, write, now }: WatchingParts) {
  return async (event: DataWatchEvent): Promise<void> => {
    const { metrics, findings } = await resultOf(event, list, sources, now());
    for (const values of metrics) write(metricRecord(values));
    for (const [finding, names] of Object.entries(findings))
      logger.warn(finding, { count: names.length, names: names.slice(0, MOST_NAMES) });
  };
}

function resultOf(
  { check }: DataWatchEvent,
  list: WatchList,
  sources: WatchingParts['sources'],
  nowMs: number,
): Promise<CheckResult> {
  switch (check) {
    case 'arrival':
      return checkArrival(list, sources, nowMs);
    case 'oee-quality':
      return checkOeeQuality(list, sources, nowMs);
    default:
      throw new Error(`Unknown check: ${JSON.stringify(check)}. Known are arrival and oee-quality.`);
  }
}
