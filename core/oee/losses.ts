import type { MachineState } from '../telemetry/types.ts';
import { type OeeTotals, ratiosOf } from './figures.ts';
import { STATE_NAMES } from './state-names.ts';
import type { StateTime } from './state-times.ts';

/** One bar of the Pareto of losses. */
export interface Loss {
  /** `downtime` by state and reason, `speed` (run time - ideal time), `quality` (rejected parts). */
  readonly kind: 'downtime' | 'speed' | 'quality';
  /** As a person reads it: the reason, e.g. `Bearing temperature`; where none was given, the state's name. */
  readonly label: string;
  readonly state: MachineState | null;
  readonly reason: string | null;
  readonly minutes: number;
  /** The same at the ideal cycle, or the parts themselves for quality; null where no ideal cycle is known. */
  readonly parts: number | null;
  /** How often it happened; 0 for speed and quality, which are no events. */
  readonly occurrences: number;
}

/** What the losses of one machine and range are made of. */
export interface LossFacts {
  /** How long the machine was in each state within the range, and why, see `stateTimes`. */
  readonly times: readonly StateTime[];
  /** Totals of the same range; undefined without any tick: then only downtime is known. */
  readonly totals: OeeTotals | undefined;
  /** The machine's ideal cycle where none follows from the parts that were made. */
  readonly idealCycleSeconds?: number | undefined;
}

/** Losses of one machine, largest first. Planned and unknown time is no loss. */
export function lossesOf(facts: LossFacts): Loss[] {
  const { totals } = facts;
  // With several products in the range, a lost minute is worth what was being made on average.
  const cycleSeconds =
    totals !== undefined && totals.produced > 0 && totals.idealSeconds > 0
      ? totals.idealSeconds / totals.produced
      : facts.idealCycleSeconds;
  // Without parts of known ideal time nobody can say how fast the machine was.
  const hasPace = totals !== undefined && ratiosOf(totals).performance !== null;
  const losses = facts.times
    .filter(({ category }) => category === 'down')
    .map(({ state, reason, seconds, occurrences }): Loss => {
      return {
        kind: 'downtime',
        label: reason ?? STATE_NAMES[state],
        state,
        reason,
        minutes: seconds / 60,
        parts: partsIn(seconds, cycleSeconds),
        occurrences,
      };
    });
  if (totals !== undefined) losses.push(...(hasPace ? speedLoss(totals, cycleSeconds) : []), ...qualityLoss(totals));
  return mergeLosses([losses]);
}

/** Sums losses of the same kind, state and reason, e.g. of a line's machines; largest first. */
export function mergeLosses(lists: Iterable<readonly Loss[]>): Loss[] {
  const merged = new Map<string, Loss>();
  for (const list of lists) {
    for (const loss of list) {
      const key = JSON.stringify([loss.kind, loss.state, loss.reason]);
      const sum = merged.get(key);
      merged.set(key, sum === undefined ? loss : add(sum, loss));
    }
  }
  return [...merged.values()].sort(
    (one, other) => other.minutes - one.minutes || one.label.localeCompare(other.label, 'en'),
  );
}

function add(one: Loss, other: Loss): Loss {
  return {
    ...one,
    minutes: one.minutes + other.minutes,
    parts: one.parts === null || other.parts === null ? null : one.parts + other.parts,
    occurrences: one.occurrences + other.occurrences,
  };
}

function speedLoss(totals: OeeTotals, cycleSeconds: number | undefined): Loss[] {
  const seconds = totals.runSeconds - totals.idealSeconds;
  // Faster than ideal is no negative loss but a wrong ideal cycle, which the figure's warnings say.
  if (cycleSeconds === undefined || seconds <= 0) return [];
  return [
    {
      kind: 'speed',
      label: 'Reduced speed',
      state: null,
      reason: null,
      minutes: seconds / 60,
      parts: partsIn(seconds, cycleSeconds),
      occurrences: 0,
    },
  ];
}

function qualityLoss(totals: OeeTotals): Loss[] {
  if (totals.rejected <= 0) return [];
  return [
    {
      kind: 'quality',
      label: 'Rejected parts',
      state: null,
      reason: null,
      minutes: Math.max(0, totals.idealSeconds - totals.goodSeconds) / 60,
      parts: totals.rejected,
      occurrences: 0,
    },
  ];
}

function partsIn(seconds: number, cycleSeconds: number | undefined): number | null {
  return cycleSeconds === undefined || cycleSeconds <= 0 ? null : seconds / cycleSeconds;
}
