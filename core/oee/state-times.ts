import type { LossCategory, MachineState } from '../telemetry/types.ts';
import type { StateSpan } from './states.ts';

/** What the spans of one state and reason add up to. */
export interface StateTime {
  readonly state: MachineState;
  readonly category: LossCategory;
  readonly reason: string | null;
  readonly seconds: number;
  /** How often it began. */
  readonly occurrences: number;
}

/** Sums spans by state and reason. */
export function stateTimes(spans: Iterable<StateSpan>): StateTime[] {
  const times: StateTime[] = [];
  for (const { state, category, reason, fromMs, toMs } of spans) {
    times.push({ state, category, reason, seconds: (toMs - fromMs) / 1000, occurrences: 1 });
  }
  return addStateTimes([times]);
}

/** Adds times of the same state and reason, e.g. those of days. */
export function addStateTimes(lists: Iterable<readonly StateTime[]>): StateTime[] {
  const sums = new Map<string, StateTime>();
  for (const list of lists) {
    for (const time of list) {
      const key = `${time.state} ${time.reason === null ? '' : `: ${time.reason}`}`;
      const sum = sums.get(key);
      const seconds = time.seconds + (sum?.seconds ?? 0);
      sums.set(key, { ...time, seconds, occurrences: time.occurrences + (sum?.occurrences ?? 0) });
    }
  }
  return [...sums.values()];
}
