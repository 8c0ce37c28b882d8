import { TICK_SIGNALS, UNATTRIBUTED_SIGNAL } from './types.ts';

const AGGREGATE_SIGNALS: ReadonlySet<string> = new Set([
  ...TICK_SIGNALS,
  UNATTRIBUTED_SIGNAL,
  'rejected-unattributed',
  'mes-s',
  'mes-rejected',
]);

/** Whether a signal is an aggregate of a minute or more, which may leave a site with `residency: aggregates`; all others are raw. */
export function isAggregateSignal(signal: string): boolean {
  return AGGREGATE_SIGNALS.has(signal);
}
