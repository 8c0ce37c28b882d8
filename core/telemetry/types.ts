/** The vocabulary that adapters, pipeline, outbox and hub share. */

/** What a signal may hold. DOUBLE and INTEGER are numbers, STRING a string, BOOLEAN a boolean. */
export type Value = number | string | boolean;

/** Data types of signals, as AWS IoT SiteWise names them. */
export type DataType = 'DOUBLE' | 'INTEGER' | 'STRING' | 'BOOLEAN';

/** Quality of a value, as AWS IoT SiteWise names it (OPC UA: Good, Bad, Uncertain). Only GOOD values count in formulas. */
export type Quality = 'GOOD' | 'BAD' | 'UNCERTAIN';

/** One value of one signal at one time. The key everywhere is (path, timeMs). */
export interface Sample {
  /** `<site>/<line>/<machine>/<signal>`, see core/path.ts. */
  readonly path: string;
  /** Integer milliseconds since 1970-01-01T00:00Z. */
  readonly timeMs: number;
  /** null only where the quality is not GOOD and the source gave nothing usable. Numbers are finite. */
  readonly value: Value | null;
  readonly quality: Quality;
}

/** What an adapter read from a machine, before the pipeline: raw, unscaled, in the PLC's own codes. */
export interface Reading {
  /** Machine path `<site>/<line>/<machine>`. */
  readonly machinePath: string;
  /** The id of the signal in the site file: `state`, `reason`, `product`, `produced`, `rejected` or a sensor's id. */
  readonly signal: string;
  /** As the protocol gave it; NaN, wrong types and nulls are the pipeline's to judge. */
  readonly value: unknown;
  readonly quality: Quality;
  /** The source's own time in ms, undefined where the protocol has none (Modbus). */
  readonly sourceTimeMs?: number | undefined;
}

/** Machine states (the subset of PackML states that OEE needs), see docs/oee.md. */
export const MACHINE_STATES = ['RUNNING', 'IDLE', 'FAULT', 'CHANGEOVER', 'PLANNED_STOP', 'UNKNOWN'] as const;
export type MachineState = (typeof MACHINE_STATES)[number];

/** Loss categories: how a state counts (ISO 22400: run = APT, run + down = PBT). */
export const LOSS_CATEGORIES = ['run', 'down', 'planned', 'unknown'] as const;
export type LossCategory = (typeof LOSS_CATEGORIES)[number];

/** The category of each state unless the site file overrides it for a machine. */
export const DEFAULT_LOSS_CATEGORY: Readonly<Record<MachineState, LossCategory>> = {
  RUNNING: 'run',
  IDLE: 'down',
  FAULT: 'down',
  CHANGEOVER: 'down',
  PLANNED_STOP: 'planned',
  UNKNOWN: 'unknown',
};

/** The tick signals that the connector writes for each machine at each full UTC minute: all of them or none (docs/oee.md). */
export const TICK_SIGNALS = [
  'run-s',
  'down-s',
  'planned-s',
  'unknown-s',
  'busy-s',
  'produced',
  'rejected',
  'ideal-s',
  'good-s',
] as const;
export type TickSignal = (typeof TICK_SIGNALS)[number];

/** The part of a tick that needs no parts counter: a machine without one writes these alone. */
export const TIME_TICK_SIGNALS = [
  'run-s',
  'down-s',
  'planned-s',
  'unknown-s',
  'busy-s',
] as const satisfies readonly TickSignal[];

/** The facts of one minute of one machine; seconds and parts. */
export type TickValues = Readonly<Record<TickSignal, number>>;

/** Parts counted over a gap (lost connection, restart): they belong to no minute and are outside OEE. */
export const UNATTRIBUTED_SIGNAL = 'produced-unattributed';

/** Signal ids with a fixed meaning; a sensor may not use them. `mes-*` are written by the hub alone. */
export const RESERVED_SIGNALS: readonly string[] = [
  'state',
  'reason',
  'product',
  'command',
  'minute',
  ...TICK_SIGNALS,
  UNATTRIBUTED_SIGNAL,
  'rejected-unattributed',
  'clock-skew-ms',
  'mes-s',
  'mes-rejected',
];
