import type { TickSignal } from '../telemetry/types.ts';

/** What ticks of a window add up to; seconds and parts. Everything in OEE is a ratio of two of these sums. */
export interface OeeTotals {
  /** [APT] */
  readonly runSeconds: number;
  readonly downSeconds: number;
  readonly plannedSeconds: number;
  readonly unknownSeconds: number;
  /** run + down [PBT] */
  readonly busySeconds: number;
  /** Ideal cycle of the running product x produced parts. */
  readonly idealSeconds: number;
  /** Ideal cycle x good parts, corrections of the MES included. */
  readonly goodSeconds: number;
  readonly produced: number;
  /** Rejected parts, those that the MES reported later included. */
  readonly rejected: number;
  /** False where no parts counter is: ideal, good, produced and rejected are 0 then, and say nothing. */
  readonly partsKnown: boolean;
}

/** The four figures of ISO 22400-2, 0..1; null where a divisor is 0 or nobody counts parts: no made-up number and never NaN. */
export interface OeeRatios {
  /** run / busy */
  readonly availability: number | null;
  /** ideal / run; above 1 it is not cut off, the ideal cycle is wrong then */
  readonly performance: number | null;
  /** good / ideal */
  readonly quality: number | null;
  /** good / busy, which is availability x performance x quality where all three exist */
  readonly oee: number | null;
}

/** A figure as people read it, with sentences on what is doubtful about it. */
export interface OeeFigures extends OeeTotals, OeeRatios {
  /** True where the machines ran for less than 10 ideal cycles: a part that was begun before makes performance and OEE jump. */
  readonly settling: boolean;
  readonly warnings: readonly string[];
}

/** Nothing yet: what is added to it decides. */
export const NO_TOTALS: OeeTotals = {
  runSeconds: 0,
  downSeconds: 0,
  plannedSeconds: 0,
  unknownSeconds: 0,
  busySeconds: 0,
  idealSeconds: 0,
  goodSeconds: 0,
  produced: 0,
  rejected: 0,
  partsKnown: true,
};

/** The signals that totals are made of: those of a tick, and what the MES said later. */
export const TOTALS_SIGNALS = [
  'run-s',
  'down-s',
  'planned-s',
  'unknown-s',
  'busy-s',
  'produced',
  'rejected',
  'ideal-s',
  'good-s',
  'mes-s',
  'mes-rejected',
] as const satisfies readonly (TickSignal | 'mes-s' | 'mes-rejected')[];

/**
 * Totals from the sums of tick signals, e.g. of `Historian.tickSums`.
 * @param sums signal id -> sum; `mes-s` and `mes-rejected` (signed) correct quality where they exist.
 */
export function totalsOf(sums: ReadonlyMap<string, number>): OeeTotals {
  const sum = (signal: (typeof TOTALS_SIGNALS)[number]) => sums.get(signal) ?? 0;
  return {
    runSeconds: sum('run-s'),
    downSeconds: sum('down-s'),
    plannedSeconds: sum('planned-s'),
    unknownSeconds: sum('unknown-s'),
    busySeconds: sum('busy-s'),
    idealSeconds: sum('ideal-s'),
    goodSeconds: sum('good-s') + sum('mes-s'),
    produced: sum('produced'),
    rejected: sum('rejected') + sum('mes-rejected'),
    partsKnown: sums.has('ideal-s'),
  };
}

/**
 * Adds totals: minutes to an hour, machines to a line (the counted ones), lines to a factory. Parts are known of the sum only if
 * they are of each: else the run time of the one would stand against the parts of the others.
 */
export function addTotals(all: Iterable<OeeTotals>): OeeTotals {
  const total = { ...NO_TOTALS };
  for (const one of all) {
    total.runSeconds += one.runSeconds;
    total.downSeconds += one.downSeconds;
    total.plannedSeconds += one.plannedSeconds;
    total.unknownSeconds += one.unknownSeconds;
    total.busySeconds += one.busySeconds;
    total.idealSeconds += one.idealSeconds;
    total.goodSeconds += one.goodSeconds;
    total.produced += one.produced;
    total.rejected += one.rejected;
    total.partsKnown &&= one.partsKnown;
  }
  return total;
}

function ratio(dividend: number, divisor: number): number | null {
  if (divisor === 0) return null;
  const quotient = dividend / divisor;
  return Number.isFinite(quotient) ? quotient : null;
}

/**
 * Availability, performance, quality and OEE [ISO 22400-2] from totals. Without a parts counter, or where no ideal cycle is known of any
 * part, only availability exists.
 */
export function ratiosOf(totals: OeeTotals): OeeRatios {
  const availability = ratio(totals.runSeconds, totals.busySeconds);
  const hasIdeal = totals.partsKnown && (totals.idealSeconds !== 0 || totals.produced === 0);
  if (!hasIdeal) return { availability, performance: null, quality: null, oee: null };
  return {
    availability,
    performance: ratio(totals.idealSeconds, totals.runSeconds),
    quality: ratio(totals.goodSeconds, totals.idealSeconds),
    oee: ratio(totals.goodSeconds, totals.busySeconds),
  };
}

/** What a figure's warnings need to know of the window beside its totals. */
export interface Coverage {
  /** Minutes that have a tick (of one machine). */
  readonly minutesWithTicks: number;
  /** Minutes of the window that are over. */
  readonly minutesElapsed: number;
}

/** The smallest excess over 1 that is worth a warning: below it is rounding. */
const TOLERANCE = 1e-6;

/** Over fewer ideal cycles than this, one part more or less is more than a tenth of the performance. */
const SETTLED_CYCLES = 10;

/**
 * One ideal cycle of a machine, seconds: that of the parts it made, of what it could make where it made none.
 * @returns 0 where it has none
 */
export function idealCycleOf(totals: OeeTotals, machine: WithIdealCycle): number {
  if (totals.produced > 0 && totals.idealSeconds > 0) return totals.idealSeconds / totals.produced;
  return machine.idealCycleSeconds ?? Math.max(0, ...machine.products.map((product) => product.idealCycleSeconds));
}

/** A machine's ideal cycles as the site file gives them. */
export interface WithIdealCycle {
  readonly idealCycleSeconds?: number | undefined;
  readonly products: readonly { readonly idealCycleSeconds: number }[];
}

/** The parts that may be too many or too few at the edges of a window, in ideal seconds: one of each machine that ran. */
export function cyclesOf(machines: Iterable<readonly [OeeTotals, WithIdealCycle]>): number {
  let seconds = 0;
  for (const [totals, machine] of machines) if (totals.runSeconds > 0) seconds += idealCycleOf(totals, machine);
  return seconds;
}

/**
 * Totals, ratios and warnings.
 * @param coverage leave it out where it means nothing, e.g. for a line.
 * @param cycleSeconds see `cyclesOf`. @default 0, no figure is then too young
 */
export function figuresOf(totals: OeeTotals, coverage?: Coverage, cycleSeconds = 0): OeeFigures {
  const ratios = ratiosOf(totals);
  const settling = ratios.performance !== null && totals.runSeconds < SETTLED_CYCLES * cycleSeconds;
  return { ...totals, ...ratios, settling, warnings: warningsOf(totals, ratios, coverage, settling) };
}

function warningsOf(totals: OeeTotals, ratios: OeeRatios, coverage: Coverage | undefined, settling: boolean): string[] {
  const warnings: string[] = [];
  if (!totals.partsKnown) warnings.push('No parts counter: only availability is known.');
  if (settling) {
    warnings.push(
      `Only ${format(totals.runSeconds)} s of run time, less than ${SETTLED_CYCLES} cycles: too short to judge performance.`,
    );
  } else if (ratios.performance !== null && ratios.performance > 1 + TOLERANCE) {
    const percent = (ratios.performance * 100).toFixed(1);
    warnings.push(
      `Performance is ${percent} %: more parts than the ideal cycle allows. Check idealCycleSeconds of the product, and whether parts are counted twice.`,
    );
  }
  if (totals.idealSeconds > 0 && totals.runSeconds === 0) {
    warnings.push(
      'Parts were counted although the machine never ran: performance has no value. Check its state map and counter.',
    );
  }
  if (totals.produced > 0 && totals.idealSeconds === 0) {
    warnings.push(
      'Parts were counted but no ideal cycle is known for them: performance, quality and OEE have no value. Set idealCycleSeconds of the machine or product.',
    );
  }
  if (totals.rejected > totals.produced + TOLERANCE) {
    warnings.push(
      `More parts rejected (${format(totals.rejected)}) than produced (${format(totals.produced)}): the rejects belong to an earlier window, or a counter is wrong.`,
    );
  }
  if (coverage !== undefined && coverage.minutesWithTicks < coverage.minutesElapsed) {
    const missing = coverage.minutesElapsed - coverage.minutesWithTicks;
    warnings.push(
      `No data for ${format(missing)} of ${format(coverage.minutesElapsed)} minutes: the figure counts the rest.`,
    );
  }
  return warnings;
}

function format(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
