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
  /** True where no machine that ran did so for 10 of its ideal cycles: a part that was begun before makes performance and OEE jump. */
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

/** How much of a window a machine has told. */
export interface Coverage {
  /** Minutes that have a tick. */
  readonly minutesWithTicks: number;
  /** Minutes of the window that are over. */
  readonly minutesElapsed: number;
}

/** One of the machines that make a figure: each is judged by itself, since sums hide who is short of run time or data. */
export interface FigureMachine {
  readonly machine: MachinePace;
  /** Left out where it has no tick in the window. */
  readonly totals?: OeeTotals | undefined;
  /** Left out where missing minutes are no news, e.g. in the running hour. */
  readonly coverage?: Coverage | undefined;
}

/** The smallest excess over 1 that is worth a warning: below it is rounding. */
const TOLERANCE = 1e-6;

/** Over fewer ideal cycles than this, one part more or less is more than a tenth of the performance. */
const SETTLED_CYCLES = 10;

/**
 * One ideal cycle of a machine, seconds: that of the parts it made, of what it could make where it made none.
 * @returns 0 where it has none
 */
export function idealCycleOf(totals: OeeTotals, machine: Omit<MachinePace, 'name'>): number {
  if (totals.produced > 0 && totals.idealSeconds > 0) return totals.idealSeconds / totals.produced;
  return machine.idealCycleSeconds ?? Math.max(0, ...machine.products.map((product) => product.idealCycleSeconds));
}

/** A machine's name and ideal cycles as the site file gives them. */
export interface MachinePace {
  /** As people call it. */
  readonly name: string;
  readonly idealCycleSeconds?: number | undefined;
  readonly products: readonly { readonly idealCycleSeconds: number }[];
}

/** Whether a machine ran for so short a time that one part more or less decides its performance. */
function isSettling({ machine, totals }: FigureMachine): boolean {
  return totals !== undefined && totals.runSeconds < SETTLED_CYCLES * idealCycleOf(totals, machine);
}

/**
 * Totals, ratios and warnings.
 * @param machines whose totals add up to these. @default none: no figure is then too young, and no data is missed
 */
export function figuresOf(totals: OeeTotals, machines: readonly FigureMachine[] = []): OeeFigures {
  const ratios = ratiosOf(totals);
  const ran = machines.filter((each) => (each.totals?.runSeconds ?? 0) > 0);
  const settling = ratios.performance !== null && ran.length > 0 && ran.every(isSettling);
  const warnings = [
    ...(totals.partsKnown ? [] : ['No parts counter: only availability is known.']),
    ...(settling ? [settlingWarning(totals.runSeconds, ran.length)] : paceWarning(totals, ran)),
    ...countWarnings(totals),
    ...coverageWarning(machines),
  ];
  return { ...totals, ...ratios, settling, warnings };
}

function settlingWarning(runSeconds: number, machinesThatRan: number): string {
  // Rounded down: 599.7 s are no ten cycles of 60 s.
  const seconds = runSeconds < 1 ? 'Less than 1 s' : `Only ${Math.floor(runSeconds)} s`;
  const cycles =
    machinesThatRan === 1 ? `less than ${SETTLED_CYCLES} cycles` : `less than ${SETTLED_CYCLES} cycles on each machine`;
  return `${seconds} of run time, ${cycles}: too short to judge performance.`;
}

/** The ideal cycle is to blame only if machines that ran long enough to tell were too fast. */
function paceWarning(totals: OeeTotals, ran: readonly FigureMachine[]): string[] {
  const { performance } = ratiosOf(totals);
  if (performance === null || performance <= 1 + TOLERANCE) return [];
  const settled = ran.flatMap((each) => (each.totals === undefined || isSettling(each) ? [] : [each.totals]));
  const { idealSeconds, runSeconds } = ran.length === 0 ? totals : addTotals(settled);
  if (idealSeconds <= runSeconds * (1 + TOLERANCE)) return [];
  const percent = (performance * 100).toFixed(1);
  return [
    `Performance is ${percent} %: more parts than the ideal cycle allows. Check idealCycleSeconds of the product, and whether parts are counted twice.`,
  ];
}

function countWarnings(totals: OeeTotals): string[] {
  const warnings: string[] = [];
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
  return warnings;
}

/** Says how much is missing of the machine that lacks most; of several it is named, and the others are counted. */
function coverageWarning(machines: readonly FigureMachine[]): string[] {
  const lacking = machines.flatMap(({ machine, coverage }) => {
    if (coverage === undefined || coverage.minutesWithTicks >= coverage.minutesElapsed) return [];
    return [{ name: machine.name, missing: coverage.minutesElapsed - coverage.minutesWithTicks, coverage }];
  });
  const [worst] = lacking.sort((one, other) => other.missing - one.missing);
  if (worst === undefined) return [];
  const others = lacking.length - 1;
  const whose = machines.length === 1 ? '' : ` of ${worst.name}`;
  const more = others === 0 ? '' : ` and some of ${others} other ${others === 1 ? 'machine' : 'machines'}`;
  const minutes = `${format(worst.missing)} of ${format(worst.coverage.minutesElapsed)} minutes`;
  return [`No data for ${minutes}${whose}${more}: the figure counts the rest.`];
}

function format(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
