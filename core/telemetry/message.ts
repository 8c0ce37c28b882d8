import type { Quality, Sample, Value } from './types.ts';

/**
 * The message format, version 1 (docs/telemetry.md has an example): readable JSON, columnar by signal.
 * Decoders refuse what they do not know: OT networks carry strange things.
 */
export const MESSAGE_VERSION = 1;

/** The samples of one signal: times relative to the message's base, in ms. */
export interface SignalColumn {
  /** Milliseconds after `base`, ascending; may be negative. */
  readonly t: readonly number[];
  readonly v: readonly (Value | null)[];
  /** Left out if every value is GOOD. `G` good, `B` bad, `U` uncertain: one letter a value. */
  readonly q?: string;
}

/** The samples of one machine. On the LAN it is published as it is to `plant/v1/<site>/<line>/<machine>`. */
export interface MachineMessage {
  readonly version: typeof MESSAGE_VERSION;
  /** `<site>/<line>/<machine>` */
  readonly machine: string;
  /** Milliseconds since 1970. */
  readonly base: number;
  readonly signals: Readonly<Record<string, SignalColumn>>;
}

/** What one outbox entry holds and the hub acknowledges as a whole. */
export interface BatchMessage {
  readonly version: typeof MESSAGE_VERSION;
  /** Identity of the outbox (UUID): a new, empty outbox begins anew at sequence 1 under another identity. */
  readonly outbox: string;
  /** 1, 2, 3, ... without holes. */
  readonly sequence: number;
  /** True where the samples were made by a simulator's virtual clock: shown as such, for ever. */
  readonly simulated?: boolean;
  readonly machines: readonly MachineMessage[];
}

/** Gateway to hub, at each connect: `plant-link/v1/<site>/<gateway>/hello`. */
export interface HelloMessage {
  readonly version: typeof MESSAGE_VERSION;
  readonly outbox: string;
  /** The oldest sequence number still kept, or lastSequence + 1 where nothing is. */
  readonly firstSequence: number;
  /** The newest sequence number, 0 where there is none yet. */
  readonly lastSequence: number;
}

/** Hub to gateway: `ack` (everything up to `sequence` is durable) and `ask` (send what follows `sequence`). */
export interface CursorMessage {
  readonly version: typeof MESSAGE_VERSION;
  readonly outbox: string;
  readonly sequence: number;
}

/** `plant/v1/<site>/<line>/<machine>/state`, one message a change, retained. */
export interface StateMessage {
  /** Milliseconds since 1970. */
  readonly t: number;
  /** A MachineState. */
  readonly v: string;
  readonly q: Quality;
}

/** `plant/v1/<site>/<line>/<machine>/_minute`: the running minute so far, each second, provisional. */
export interface MinuteMessage {
  readonly version: typeof MESSAGE_VERSION;
  readonly machine: string;
  /** The minute's end, ms since 1970. */
  readonly minuteEnd: number;
  /** The time up to which the values count, ms since 1970. */
  readonly asOf: number;
  /** Tick values so far, see TICK_SIGNALS. */
  readonly tick: Readonly<Record<string, number>>;
  /** The state as confirmed now, and why. */
  readonly state: string;
  readonly reason?: string;
  /** Estimated clock skew of the machine's source (source minus gateway), ms. */
  readonly clockSkewMs?: number;
  /** When the machine's connection was last confirmed alive, ms since 1970; left out: never since the start. */
  readonly confirmedAt?: number;
}

/** `plant/v1/<site>/<line>/<machine>/_command`, published by a local rule; who executes it decides for itself. */
export interface CommandMessage {
  readonly version: typeof MESSAGE_VERSION;
  /** Unique, so that nobody executes it twice. */
  readonly id: string;
  readonly machine: string;
  readonly command: string;
  readonly parameters: Readonly<Record<string, Value>>;
  /** Who asks: `rule:<machine path>/<rule id>`. */
  readonly requester: string;
  /** When it was decided and when it lapses, ms since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const QUALITY_LETTER: Readonly<Record<Quality, string>> = { GOOD: 'G', BAD: 'B', UNCERTAIN: 'U' };
const LETTER_QUALITY: Readonly<Record<string, Quality>> = { G: 'GOOD', B: 'BAD', U: 'UNCERTAIN' };

/** Groups samples into one message a machine, keeping each signal's order. */
export function toMachineMessages(samples: readonly Sample[]): MachineMessage[] {
  const machines = new Map<
    string,
    { base: number; signals: Record<string, { t: number[]; v: (Value | null)[]; q: string }> }
  >();
  for (const sample of samples) {
    const cut = sample.path.lastIndexOf('/');
    const machinePath = sample.path.slice(0, cut);
    const signal = sample.path.slice(cut + 1);
    let machine = machines.get(machinePath);
    if (machine === undefined) {
      // No prototype: `constructor` is a valid id.
      machine = { base: sample.timeMs, signals: Object.create(null) };
      machines.set(machinePath, machine);
    }
    let column = machine.signals[signal];
    if (column === undefined) {
      column = { t: [], v: [], q: '' };
      machine.signals[signal] = column;
    }
    column.t.push(sample.timeMs - machine.base);
    column.v.push(sample.value);
    column.q += QUALITY_LETTER[sample.quality];
  }
  return [...machines].map(([machine, { base, signals }]) => ({
    version: MESSAGE_VERSION,
    machine,
    base,
    signals: Object.fromEntries(
      Object.entries(signals).map(([signal, { t, v, q }]) => [signal, /^G*$/.test(q) ? { t, v } : { t, v, q }]),
    ),
  }));
}

/** The samples of a message, signal by signal. The message must have been validated, see decode.ts. */
export function fromMachineMessage(message: MachineMessage): Sample[] {
  const samples: Sample[] = [];
  for (const [signal, column] of Object.entries(message.signals)) {
    const path = `${message.machine}/${signal}`;
    for (let index = 0; index < column.t.length; index += 1) {
      samples.push({
        path,
        timeMs: message.base + (column.t[index] ?? 0),
        value: column.v[index] ?? null,
        quality: LETTER_QUALITY[column.q?.[index] ?? 'G'] ?? 'BAD',
      });
    }
  }
  return samples;
}
