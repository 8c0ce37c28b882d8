import { VALUES_PER_SECOND } from '../telemetry/limiter.ts';
import { TICK_SIGNALS, TIME_TICK_SIGNALS } from '../telemetry/types.ts';
import { countsParts, type Machine, type Site } from './site.ts';

/** How often a signal without an interval of its own is read from a machine's source, ms; undefined where the source does not exist. */
export function usualIntervalMs(site: Site, machine: Machine): number | undefined {
  const source = site.sources.find(({ id }) => id === machine.source);
  if (source === undefined) return undefined;
  // A sampling interval of 0 means at each change: how often that is nobody knows, so the publishing interval must do.
  return source.protocol === 'opcua'
    ? source.samplingIntervalMs || source.publishingIntervalMs
    : source.pollingIntervalMs;
}

/** How often each of a machine's signals is read, ms. */
export function readIntervalsMs(site: Site, machine: Machine): number[] {
  const usual = usualIntervalMs(site, machine);
  if (usual === undefined) return [];
  const { state, reason, product, produced, rejected, sensors } = machine;
  return [state, reason, product, produced, rejected, ...sensors]
    .filter((signal) => signal !== undefined)
    .map(({ intervalMs }) => intervalMs ?? usual);
}

/** Values a second that a signal sends if it changes at each reading; the limiter lets no more than 10 through. */
export function valuesPerSecondAtMost(intervalMs: number): number {
  return Math.min(VALUES_PER_SECOND, 1000 / intervalMs);
}

/** Values a second of a machine's ticks, which come once a minute. */
export function ticksPerSecond(machine: Machine): number {
  if (machine.state === undefined) return 0;
  return (countsParts(machine) ? TICK_SIGNALS : TIME_TICK_SIGNALS).length / 60;
}
