import type { Machine, Site } from '../../core/site/site.ts';
import { machinesOf } from '../../core/site/site.ts';
import {
  fromMachineMessage,
  type MachineMessage,
  type MinuteMessage,
  type StateMessage,
} from '../../core/telemetry/message.ts';
import { MACHINE_STATES, type MachineState } from '../../core/telemetry/types.ts';
import type { Historian, StoredPoint } from '../historian/historian.ts';

/** A machine as the hub sees it now; times in ms since 1970. */
export interface MachineNow {
  readonly machine: Machine;
  readonly state: MachineState;
  readonly sinceMs: number;
  readonly reason: string | null;
  readonly product: string | null;
  /** When it was last confirmed alive, by the hub's clock; undefined if never since the hub started. */
  readonly confirmedAtMs: number | undefined;
  readonly stale: boolean;
  readonly clockSkewMs: number | null;
}

/** What changed, for those who look at it. */
export interface LiveListener {
  machine(now: MachineNow): void;
  value(path: string, point: StoredPoint): void;
  minute(message: MinuteMessage): void;
}

interface Entry {
  readonly machine: Machine;
  /** As last reported; `state` may say UNKNOWN instead, see `shown`. */
  state: MachineState;
  sinceMs: number;
  /** Whether `sinceMs` is the time of the change, or only when the hub first heard of the state. */
  sinceKnown: boolean;
  reason: string | null;
  product: string | null;
  confirmedAtMs: number | undefined;
  /** The last confirmation by the gateway's clock: the same one again confirms nothing. */
  gatewayConfirmedMs: number;
  stale: boolean;
  staleSinceMs: number;
  clockSkewMs: number | null;
}

/**
 * The factory as it is now: from the LAN copy (state changes and values at once) and the running minutes (a confirmation each
 * second). What nobody confirmed within the staleness limit is UNKNOWN here, whatever was said before.
 */
export class LiveView {
  readonly #machines = new Map<string, Entry>();
  /** Newest value of each sensor, by path. */
  readonly #values = new Map<string, StoredPoint | undefined>();
  readonly #listener: LiveListener;

  constructor(site: Site, listener: LiveListener, nowMs: number) {
    this.#listener = listener;
    for (const machine of machinesOf(site)) {
      this.#machines.set(machine.path, {
        machine,
        state: 'UNKNOWN',
        sinceMs: nowMs,
        sinceKnown: false,
        reason: null,
        product: null,
        confirmedAtMs: undefined,
        gatewayConfirmedMs: Number.NEGATIVE_INFINITY,
        stale: true,
        staleSinceMs: nowMs,
        clockSkewMs: null,
      });
      for (const sensor of machine.sensors) this.#values.set(`${machine.path}/${sensor.id}`, undefined);
    }
  }

  /** Starts with what the historian knows: values as they were, states as not confirmed. */
  async load(historian: Pick<Historian, 'latestBefore'>, nowMs: number): Promise<void> {
    const facts = [...this.#machines.keys()].flatMap((path) => [`${path}/reason`, `${path}/product`, `${path}/run-s`]);
    const latest = await historian.latestBefore([...this.#values.keys(), ...facts], nowMs);
    for (const [path, point] of latest) {
      if (this.#values.has(path)) this.#values.set(path, point);
    }
    for (const [path, entry] of this.#machines) {
      entry.product = textOf(latest.get(`${path}/product`)?.value);
      entry.staleSinceMs = latest.get(`${path}/run-s`)?.timeMs ?? nowMs;
    }
  }

  machine(path: string): MachineNow | undefined {
    const entry = this.#machines.get(path);
    return entry === undefined ? undefined : shown(entry);
  }

  machines(): MachineNow[] {
    return [...this.#machines.values()].map(shown);
  }

  /** Newest known values of the sensors. */
  values(): [string, StoredPoint][] {
    return [...this.#values].flatMap(([path, point]) => (point === undefined ? [] : [[path, point]]));
  }

  /** A machine's samples from the LAN copy. */
  samples(message: MachineMessage, nowMs: number): void {
    const entry = this.#machines.get(message.machine);
    if (entry === undefined) return;
    let changed = false;
    for (const { path, timeMs, value, quality } of fromMachineMessage(message)) {
      if (this.#values.has(path)) {
        this.#takeValue(path, { timeMs, value, quality });
        changed = confirm(entry, nowMs) || changed;
      } else if (path.endsWith('/state') && isState(value)) {
        if (value !== 'UNKNOWN') changed = confirm(entry, nowMs) || changed;
        changed = takeState(entry, value, timeMs, true) || changed;
      } else if (path.endsWith('/reason')) {
        changed = setIfOther(entry, 'reason', textOf(value)) || changed;
      } else if (path.endsWith('/product')) {
        changed = setIfOther(entry, 'product', textOf(value)) || changed;
      }
    }
    if (changed) this.#listener.machine(shown(entry));
  }

  /** The retained state: what a hub that has just started learns first. It confirms nothing, since it may be old. */
  state(machinePath: string, message: StateMessage): void {
    const entry = this.#machines.get(machinePath);
    if (entry === undefined || entry.sinceKnown || !isState(message.v)) return;
    if (takeState(entry, message.v, message.t, true)) this.#listener.machine(shown(entry));
  }

  /** The running minute: what the gateway has confirmed of the machine, and its state. */
  minute(message: MinuteMessage, nowMs: number): void {
    const entry = this.#machines.get(message.machine);
    if (entry === undefined) return;
    this.#listener.minute(message);
    let changed = setIfOther(entry, 'clockSkewMs', message.clockSkewMs ?? null);
    if (message.confirmedAt !== undefined && message.confirmedAt > entry.gatewayConfirmedMs) {
      entry.gatewayConfirmedMs = message.confirmedAt;
      changed = confirm(entry, nowMs) || changed;
    }
    if (isState(message.state) && message.state !== entry.state) {
      changed = takeState(entry, message.state, message.asOf, false) || changed;
    }
    changed = setIfOther(entry, 'reason', message.reason ?? null) || changed;
    if (changed) this.#listener.machine(shown(entry));
  }

  /** To be called each second: nothing heard for the staleness limit makes a machine's state UNKNOWN. */
  advance(nowMs: number): void {
    for (const entry of this.#machines.values()) {
      if (entry.stale || entry.confirmedAtMs === undefined) continue;
      const limitMs = entry.confirmedAtMs + entry.machine.stalenessSeconds * 1000;
      if (nowMs <= limitMs) continue;
      entry.stale = true;
      entry.staleSinceMs = limitMs;
      this.#listener.machine(shown(entry));
    }
  }

  #takeValue(path: string, point: StoredPoint): void {
    const before = this.#values.get(path);
    if (before !== undefined && before.timeMs > point.timeMs) return;
    this.#values.set(path, point);
    this.#listener.value(path, point);
  }
}

/** @returns whether that changes what is shown. */
function takeState(entry: Entry, state: MachineState, sinceMs: number, sinceKnown: boolean): boolean {
  if (state === entry.state && entry.sinceKnown) return false;
  entry.state = state;
  entry.sinceMs = sinceMs;
  entry.sinceKnown = sinceKnown;
  return true;
}

/** @returns whether that changes what is shown. */
function confirm(entry: Entry, nowMs: number): boolean {
  entry.confirmedAtMs = nowMs;
  if (!entry.stale) return false;
  entry.stale = false;
  return true;
}

/** The state as it may be shown: UNKNOWN while nobody confirms it. */
function shown(entry: Entry): MachineNow {
  const { machine, product, confirmedAtMs, stale, clockSkewMs } = entry;
  const common = { machine, product, confirmedAtMs, stale, clockSkewMs };
  if (stale) return { ...common, state: 'UNKNOWN', sinceMs: entry.staleSinceMs, reason: null };
  return { ...common, state: entry.state, sinceMs: entry.sinceMs, reason: entry.reason };
}

function setIfOther<Key extends 'reason' | 'product' | 'clockSkewMs'>(
  entry: Entry,
  key: Key,
  value: Entry[Key],
): boolean {
  if (entry[key] === value) return false;
  entry[key] = value;
  return true;
}

function isState(value: unknown): value is MachineState {
  return MACHINE_STATES.some((state) => state === value);
}

/** '' says that there is none. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}
