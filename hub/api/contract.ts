/**
 * What `/api/v1` answers: the contract between hub and dashboard (and anyone else on the LAN). Times are ISO 8601 with offset,
 * paths as in core/path.ts, seconds and parts are numbers; a figure that does not exist is null, never 0 and never NaN.
 * Errors are RFC 9457 problem documents (`application/problem+json`).
 */
import type { DataType, LossCategory, MachineState, Quality, Value } from '../../core/telemetry/types.ts';

/** Windows of `/oee`. */
export const OEE_WINDOWS = ['5m', '15m', '1h', '1d', 'shift', 'day'] as const;
export type OeeWindow = (typeof OEE_WINDOWS)[number];

/** An instant: `2026-11-22T06:00:00.000+01:00`. */
export type Instant = string;

export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The query parameter or field at fault. */
  readonly parameter?: string;
}

export interface HealthResponse {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

export interface SiteSummary {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly timeZone: string;
}

export interface SignalNode {
  readonly path: string;
  readonly id: string;
  readonly name: string;
  readonly type: DataType;
  readonly unit: string | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
}

export interface MachineNode {
  readonly path: string;
  readonly id: string;
  readonly name: string;
  /** Asset model id. */
  readonly model: string;
  /** `opcua` or `modbus-tcp`, with the address as a person would write it. */
  readonly protocol: string;
  readonly endpoint: string;
  /** False for machines without a state: values, but no OEE. */
  readonly hasOee: boolean;
  /** Whether it makes the line's figure. */
  readonly counted: boolean;
  readonly idealCycleSeconds: number | null;
  readonly stalenessSeconds: number;
  readonly products: readonly { readonly code: string; readonly name: string; readonly idealCycleSeconds: number }[];
  readonly sensors: readonly SignalNode[];
}

export interface LineNode {
  readonly path: string;
  readonly id: string;
  readonly name: string;
  readonly machines: readonly MachineNode[];
}

/** `GET /tree` */
export interface TreeResponse extends SiteSummary {
  readonly shifts: readonly {
    readonly id: string;
    readonly name: string;
    readonly start: string;
    readonly end: string;
  }[];
  readonly lines: readonly LineNode[];
  /** Whether this is the demo, with simulated machines and the panel of `/demo`. */
  readonly demo: boolean;
}

/** A stored value of a signal. */
export interface SamplePoint {
  readonly t: Instant;
  readonly value: Value | null;
  readonly quality: Quality;
}

/** `GET /samples`: `maxPoints` (default 2,000; the extremes are kept where points are left out). */
export interface SamplesResponse {
  readonly path: string;
  readonly unit: string | null;
  /** The newest value at or before `from`, of any quality: a value holds until the next one. null if there is none. */
  readonly before: SamplePoint | null;
  readonly points: readonly SamplePoint[];
  /** True where points were left out to keep within maxPoints. */
  readonly reduced: boolean;
  /** Pass it as `cursor` for what follows, null at the end. */
  readonly nextCursor: string | null;
  /** Times without a confirmed source: to be drawn as gaps. */
  readonly gaps: readonly Period[];
  /** Times whose values were made by the simulator's virtual clock. */
  readonly simulated: readonly Period[];
}

/** OEE of one window, ISO 22400-2 terms in brackets; see docs/oee.md. */
export interface OeeFigure {
  readonly start: Instant;
  readonly end: Instant;
  /** For `shift`: its id and name. */
  readonly shift?: { readonly id: string; readonly name: string };
  readonly availability: number | null;
  readonly performance: number | null;
  readonly quality: number | null;
  readonly oee: number | null;
  /** [APT] */
  readonly runSeconds: number;
  readonly downSeconds: number;
  readonly plannedSeconds: number;
  readonly unknownSeconds: number;
  /** [PBT] */
  readonly busySeconds: number;
  readonly idealSeconds: number;
  readonly goodSeconds: number;
  readonly produced: number;
  readonly rejected: number;
  /** Parts counted over gaps: outside of OEE, shown beside it. */
  readonly producedUnattributed: number;
  /** False while the window still runs. */
  readonly complete: boolean;
  /** Whether simulated history is in it. */
  readonly simulated: boolean;
  /** Up to when MES feedback on quality is in. */
  readonly confirmedUntil: Instant | null;
  /** False where no parts counter is: only availability exists; parts, ideal and good seconds are 0 and say nothing. */
  readonly partsKnown: boolean;
  /**
   * True while the run time is shorter than 10 ideal cycles (for lines and sites: of each machine that ran): performance and OEE exist
   * but still jump with each part, so they are to be shown muted.
   */
  readonly settling: boolean;
  /** Sentences on what is doubtful, e.g. performance above 1. */
  readonly warnings: readonly string[];
}

/** `GET /oee`. Windows without any tick are left out of `figures`: they are gaps. */
export interface OeeResponse {
  readonly path: string;
  readonly window: OeeWindow;
  readonly figures: readonly OeeFigure[];
  /** All of from..to in one figure; null without any tick. */
  readonly total: OeeFigure | null;
}

export interface StateSpan extends Period {
  readonly state: MachineState;
  readonly category: LossCategory;
  readonly reason: string | null;
  readonly simulated: boolean;
}

/** `GET /states` of a machine; adjoining, ascending, without holes: unknown time is UNKNOWN. */
export interface StatesResponse extends Period {
  readonly path: string;
  readonly states: readonly StateSpan[];
}

/** One bar of the Pareto of losses. Sums of machines for a line or site (counted machines only). */
export interface Loss {
  /** `downtime` by state and reason, `speed` (run time - ideal time), `quality` (rejected parts). */
  readonly kind: 'downtime' | 'speed' | 'quality';
  /** As a person reads it: the reason, or the state's name where none was given. */
  readonly label: string;
  readonly state: MachineState | null;
  readonly reason: string | null;
  readonly minutes: number;
  /** The same at the ideal cycle, or the parts themselves for quality; null where no ideal cycle is known. */
  readonly parts: number | null;
  readonly occurrences: number;
}

/** `GET /losses?path=&from=&to=`, largest first. */
export interface LossesResponse extends Period {
  readonly path: string;
  readonly losses: readonly Loss[];
}

/** A machine as it is now; in the `snapshot` and `machine` events of `/live`. */
export interface LiveMachine {
  readonly path: string;
  readonly state: MachineState;
  readonly category: LossCategory;
  readonly reason: string | null;
  readonly product: string | null;
  /** Since when the state holds. */
  readonly since: Instant;
  /** When the machine was last confirmed alive; null if never since the hub started. */
  readonly confirmedAt: Instant | null;
  /** True when nothing confirmed it within the staleness limit. */
  readonly stale: boolean;
  readonly clockSkewMs: number | null;
  /** Produced parts in the current hour, including the running minute. */
  readonly producedThisHour: number;
}

/** A signal's newest value; in the `snapshot` and `values` events of `/live`. */
export interface LiveValue {
  readonly path: string;
  readonly t: Instant;
  readonly value: Value | null;
  readonly quality: Quality;
}

/** OEE of the running hour, including the running minute: `now`. In the `snapshot` and `oee` events. */
export interface LiveOee {
  /** Site, line or machine. */
  readonly path: string;
  readonly figure: OeeFigure;
}

/** Making the first 24 hours of history, 0..1; null when there is nothing to do. */
export interface LiveProgress {
  readonly label: string;
  readonly done: number;
}

/**
 * `GET /live?path=` (server-sent events; `path` narrows to a site, line or machine). The first event is `snapshot`;
 * then `values` (LiveValue[]), `machine` (LiveMachine), `oee` (LiveOee[]), `progress` (LiveProgress | null) as they happen,
 * and `heartbeat` ({at}) each 2 s, so that a browser knows within seconds that it is looking at old figures.
 */
export interface LiveSnapshot {
  readonly at: Instant;
  readonly machines: readonly LiveMachine[];
  readonly values: readonly LiveValue[];
  readonly oee: readonly LiveOee[];
  readonly progress: LiveProgress | null;
}

/** `POST /demo/actions`, only in the demo. */
export interface DemoActionRequest {
  /** Machine path. */
  readonly machine: string;
  /**
   * stop: the operator stops it (toggle with `on`) · scrap: the next minute's parts are rejects · wear: vibration and temperature of a bearing rise
   * until a fault · disconnect: the PLC's server goes away.
   */
  readonly action: 'stop' | 'scrap' | 'wear' | 'disconnect';
  readonly on: boolean;
}

/** `GET /demo`: which actions are on. */
export interface DemoResponse {
  readonly machines: readonly { readonly path: string; readonly active: readonly DemoActionRequest['action'][] }[];
}
