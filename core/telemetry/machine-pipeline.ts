import { countsParts, type Machine } from '../site/site.ts';
import { ClockBase, type ClockBaseCheckpoint } from './clock-base.ts';
import { codeText } from './codes.ts';
import { type SampleOutput, SignalWriter, type SignalWriterCheckpoint } from './limiter.ts';
import { MESSAGE_VERSION, type MinuteMessage } from './message.ts';
import { type CounterId, type PartsCheckpoint, PartsCounter } from './parts.ts';
import { type Problem, type ProblemKind, Problems, shown } from './problems.ts';
import { believableTime } from './quality.ts';
import { Sensor, type SensorCheckpoint } from './sensor.ts';
import { type StateCheckpoint, StateTracker } from './state-tracker.ts';
import { MINUTE_MS, MinuteBook, type MinuteBookCheckpoint } from './ticks.ts';
import { type Reading, type Sample, TICK_SIGNALS, TIME_TICK_SIGNALS, type TickSignal } from './types.ts';

/** A gateway clock that steps back by less stands still until it is right again; by more, it was wrong before: all begins anew. */
export const CLOCK_STANDS_STILL_MS = 60 * MINUTE_MS;
/** While time stands still for longer, parts go on: they would all come together in the minute in which it stands, ms. */
const CLOCK_BLUR_MS = 1_000;

export interface PipelineOptions {
  /**
   * How long after its end a minute waits for readings that are still on their way, ms: more than the source's
   * publishing or polling interval, less than a minute. @default 1500
   */
  readonly graceMs?: number;
  /** A sensor that reported nothing for so long, though its source is alive, repeats its value, ms; 0: never. @default 600000 */
  readonly repeatMs?: number;
}

/**
 * All that a pipeline remembers, as JSON: kept with the samples of the same `drain()` in one transaction, it lets the next
 * process go on where this one ended.
 */
export interface PipelineCheckpoint {
  readonly version: 1;
  readonly machine: string;
  /** The gateway's time of the last call. */
  readonly lastMs: number;
  readonly clock: ClockBaseCheckpoint;
  readonly clockWriter: SignalWriterCheckpoint;
  readonly minutes: MinuteBookCheckpoint;
  readonly state: StateCheckpoint;
  readonly product: string | null;
  readonly productWriter: SignalWriterCheckpoint;
  readonly counters: Readonly<Partial<Record<CounterId, PartsCheckpoint>>>;
  readonly sensors: Readonly<Record<string, SensorCheckpoint>>;
}

/** A reading that OEE depends on, with its time; of the same time, the product goes before its parts and the state before its reason. */
interface OeeReading {
  readonly reading: Reading;
  readonly timeMs: number;
  readonly rank: number;
}

const RANKS: ReadonlyMap<string, number> = new Map([
  ['product', 0],
  ['state', 1],
  ['reason', 2],
  ['produced', 3],
  ['rejected', 4],
]);

/**
 * The pipeline of one machine: raw readings in, samples out. Pure: the gateway's time is handed in with each call, so the same
 * class runs live and on a virtual clock. It never throws, whatever the readings are.
 */
export class MachinePipeline {
  readonly #machine: Machine;
  readonly #graceMs: number;
  readonly #repeatMs: number;
  readonly #problems = new Problems();
  readonly #output: SampleOutput = { samples: [] };
  readonly #clock: ClockBase;
  readonly #clockWriter: SignalWriter;
  readonly #minutes: MinuteBook;
  readonly #state: StateTracker;
  readonly #productWriter: SignalWriter;
  readonly #counters = new Map<string, PartsCounter>();
  readonly #sensors = new Map<string, Sensor>();
  readonly #idealCycleOfProduct: ReadonlyMap<string, number>;
  /** What its ticks hold: nothing for a machine without a state, no parts where nobody counts them. */
  readonly #tickSignals: readonly TickSignal[];
  #product: string | undefined;
  #lastMs: number;

  /**
   * @param nowMs the gateway's time
   * @param checkpoint of the process before: the time in between is unknown, and its parts belong to no minute. Where no time
   *   passed (`nowMs` is that of the last call), it goes on as if nothing had happened
   */
  constructor(machine: Machine, nowMs: number, checkpoint?: PipelineCheckpoint, options: PipelineOptions = {}) {
    const usable = checkpoint?.version === 1 && checkpoint.machine === machine.path;
    const saved = usable ? checkpoint : undefined;
    const { path } = machine;
    this.#machine = machine;
    this.#tickSignals = machine.state === undefined ? [] : countsParts(machine) ? TICK_SIGNALS : TIME_TICK_SIGNALS;
    this.#graceMs = options.graceMs ?? 1_500;
    this.#repeatMs = options.repeatMs ?? 600_000;
    this.#lastMs = saved?.lastMs ?? nowMs;
    this.#clock = new ClockBase(saved?.clock);
    this.#clockWriter = new SignalWriter(`${path}/clock-skew-ms`, this.#output, 'last', saved?.clockWriter);
    this.#minutes = new MinuteBook(nowMs, saved?.minutes);
    this.#state = new StateTracker(machine, nowMs, this.#minutes, this.#output, this.#problems, saved?.state);
    this.#product = saved?.product ?? undefined;
    this.#productWriter = new SignalWriter(`${path}/product`, this.#output, 'last', saved?.productWriter);
    for (const id of ['produced', 'rejected'] as const) {
      const signal = machine[id];
      if (signal === undefined) continue;
      const before = saved?.counters[id];
      this.#counters.set(
        id,
        new PartsCounter(id, signal, machine, this.#minutes, this.#output, this.#problems, before),
      );
    }
    for (const sensor of machine.sensors) {
      const before =
        saved !== undefined && Object.hasOwn(saved.sensors, sensor.id) ? saved.sensors[sensor.id] : undefined;
      this.#sensors.set(sensor.id, new Sensor(path, sensor, this.#output, this.#problems, before));
    }
    this.#idealCycleOfProduct = new Map(
      machine.products.map(({ code, idealCycleSeconds }) => [String(code).trim(), idealCycleSeconds]),
    );
    if (checkpoint !== undefined && saved === undefined) {
      this.#problems.note('checkpoint-refused', 'the checkpoint is of another machine or version: begun anew', nowMs);
    }
    if (saved !== undefined && nowMs !== saved.lastMs) {
      const now = this.#observe(nowMs);
      this.#state.restart(now);
      this.#interrupt();
    }
  }

  /** The machine whose readings it takes. */
  get machine(): Machine {
    return this.#machine;
  }

  /** What could not be taken as it was, by kind, since this process started. */
  get problems(): ReadonlyMap<ProblemKind, Problem> {
    return this.#problems.byKind;
  }

  /**
   * Takes readings of this machine, in the source's order. They confirm that the connection lives.
   * @param nowMs the gateway's arrival time
   */
  readings(readings: readonly Reading[], nowMs: number): void {
    if (readings.length === 0) return;
    const now = this.#observe(nowMs);
    this.#expire(now);
    this.#state.confirm(now);
    const oee: OeeReading[] = [];
    for (const reading of readings) this.#sort(reading, now, oee);
    for (const sensor of this.#sensors.values()) sensor.settle(now);
    if (oee.length > 1) oee.sort((a, b) => a.timeMs - b.timeMs || a.rank - b.rank);
    for (const { reading, timeMs } of oee) this.#readOee(reading, timeMs, now);
    this.#state.resume(now);
    this.#state.flush(
      now,
      oee.some(({ rank }) => rank === RANKS.get('reason')),
    );
  }

  /** The connection lives, though no value changed. */
  confirmed(nowMs: number): void {
    const now = this.#observe(nowMs);
    this.#expire(now);
    this.#state.confirm(now);
    this.#state.resume(now);
  }

  /** The connection is gone. When it is back, the adapter hands all signals' values anew; until then the state is UNKNOWN. */
  lost(nowMs: number): void {
    const now = this.#observe(nowMs);
    this.#state.lose(now);
    this.#interrupt();
  }

  /** The source's own current time as read just now. */
  clock(sourceNowMs: number, nowMs: number): void {
    const now = this.#observe(nowMs);
    const skewMs = this.#clock.observe(sourceNowMs, now);
    if (skewMs !== undefined) this.#clockWriter.write(now, skewMs, 'GOOD');
  }

  /** Lets time pass: staleness, minutes, waiting values. Call it at least once a second. */
  advance(nowMs: number): void {
    const now = this.#observe(nowMs);
    this.#expire(now);
    this.#state.flush(now, false);
    for (const counter of this.#counters.values()) counter.flush(now);
    const confirmedMs = this.#state.live ? this.#state.confirmedMs : undefined;
    for (const sensor of this.#sensors.values()) {
      sensor.flush(now);
      if (confirmedMs !== undefined && this.#repeatMs > 0) sensor.repeat(confirmedMs, this.#repeatMs);
    }
    this.#productWriter.flush(now);
    this.#clockWriter.flush(now);
    const closed = this.#minutes.close(now, this.#graceMs);
    for (const { endMs, tick } of closed) {
      for (const signal of this.#tickSignals) {
        const path = `${this.#machine.path}/${signal}`;
        this.#output.samples.push({ path, timeMs: endMs, value: tick[signal], quality: 'GOOD' });
      }
    }
  }

  /** The samples since the last call, in the order in which they arose; times strictly ascending for each path. */
  drain(): Sample[] {
    const { samples } = this.#output;
    this.#output.samples = [];
    return samples;
  }

  /** The oldest minute whose tick is not yet written, so far; without tick values for a machine without a state. */
  minute(nowMs: number): MinuteMessage {
    this.#expire(this.#observe(nowMs));
    const { endMs, asOfMs, tick } = this.#minutes.running();
    const skewMs = this.#clock.skewMs;
    const { state, reason, confirmedMs } = this.#state;
    return {
      version: MESSAGE_VERSION,
      machine: this.#machine.path,
      minuteEnd: endMs,
      asOf: asOfMs,
      tick: Object.fromEntries(this.#tickSignals.map((signal) => [signal, tick[signal]])),
      state,
      ...(reason !== '' && { reason }),
      ...(skewMs !== undefined && { clockSkewMs: skewMs }),
      ...(confirmedMs !== undefined && { confirmedAt: confirmedMs }),
    };
  }

  /** All that is remembered. What `drain()` has not handed out is not in it: drain first, keep both in one transaction. */
  checkpoint(): PipelineCheckpoint {
    const counters: Partial<Record<CounterId, PartsCheckpoint>> = {};
    for (const id of ['produced', 'rejected'] as const) {
      const counter = this.#counters.get(id);
      if (counter !== undefined) counters[id] = counter.save();
    }
    return {
      version: 1,
      machine: this.#machine.path,
      lastMs: this.#lastMs,
      clock: this.#clock.save(),
      clockWriter: this.#clockWriter.save(),
      minutes: this.#minutes.save(),
      state: this.#state.save(),
      product: this.#product ?? null,
      productWriter: this.#productWriter.save(),
      counters,
      sensors: Object.fromEntries([...this.#sensors].map(([id, sensor]) => [id, sensor.save()])),
    };
  }

  /** The gateway's time, which never runs backward here. */
  #observe(wholeOrNotMs: number): number {
    const nowMs = Math.round(wholeOrNotMs);
    if (nowMs < this.#lastMs) {
      const message = `the gateway's clock stepped back by ${this.#lastMs - nowMs} ms`;
      this.#problems.note('gateway-clock-stepped-back', message, nowMs);
      if (this.#lastMs - nowMs > CLOCK_STANDS_STILL_MS) this.#rewind(nowMs);
      else if (this.#lastMs - nowMs > CLOCK_BLUR_MS) for (const counter of this.#counters.values()) counter.interrupt();
    }
    const now = nowMs > this.#lastMs ? nowMs : this.#lastMs;
    this.#minutes.unwatched(this.#lastMs, now);
    this.#lastMs = now;
    return now;
  }

  #rewind(nowMs: number): void {
    this.#lastMs = nowMs;
    this.#minutes.rewind(nowMs);
    this.#state.rewind(nowMs);
    for (const counter of this.#counters.values()) counter.rewind(nowMs);
    for (const sensor of this.#sensors.values()) sensor.rewind(nowMs);
    this.#productWriter.rewind(nowMs);
    this.#clockWriter.rewind(nowMs);
  }

  #expire(nowMs: number): void {
    if (this.#state.expire(nowMs)) this.#interrupt();
  }

  #interrupt(): void {
    for (const counter of this.#counters.values()) counter.interrupt();
    for (const sensor of this.#sensors.values()) sensor.interrupt();
  }

  /** Sensors are done at once; what OEE depends on is put into the order of its times first. */
  #sort(reading: Reading, nowMs: number, oee: OeeReading[]): void {
    const { sourceTimeMs, signal } = reading;
    const corrected = sourceTimeMs === undefined ? undefined : this.#clock.toGatewayTime(sourceTimeMs);
    const believable = believableTime(corrected, nowMs);
    if (believable === undefined) {
      const message = `${signal}: source time ${shown(sourceTimeMs)} is before 2000 or more than 10 minutes ahead; the arrival time is taken`;
      this.#problems.note('bad-timestamp', message, nowMs);
    }
    const timeMs = believable ?? nowMs;
    if (reading.quality !== 'GOOD') {
      this.#problems.note('bad-quality', `${signal}: the source gives quality ${shown(reading.quality)}`, nowMs);
    }
    const sensor = this.#sensors.get(signal);
    if (sensor !== undefined && reading.machinePath === this.#machine.path) {
      sensor.read(reading.value, reading.quality, timeMs, believable === undefined, nowMs);
      return;
    }
    const rank = RANKS.get(signal);
    const known = rank !== undefined && this.#machine[signal as 'state'] !== undefined;
    if (known && reading.machinePath === this.#machine.path) oee.push({ reading, timeMs, rank });
    else
      this.#problems.note('unknown-signal', `no signal ${shown(signal)} of ${shown(reading.machinePath)} here`, nowMs);
  }

  #readOee({ signal, value, quality }: Reading, timeMs: number, nowMs: number): void {
    const good = quality === 'GOOD';
    if (signal === 'state') {
      if (good) this.#state.readState(value, timeMs, nowMs);
      else this.#state.readNoState(timeMs, nowMs);
      return;
    }
    const counter = this.#counters.get(signal);
    if (counter !== undefined) {
      if (good) counter.read(value, timeMs, nowMs, this.#idealCycleSeconds(nowMs));
      else counter.readBad(nowMs);
      return;
    }
    if (!good) return;
    if (signal === 'reason') this.#state.readReason(value, timeMs, nowMs);
    else this.#readProduct(value, timeMs, nowMs);
  }

  #readProduct(value: unknown, timeMs: number, nowMs: number): void {
    const code = codeText(value);
    if (code === undefined) {
      this.#problems.note('wrong-type', `product should be a code, got ${shown(value)}: ignored`, nowMs);
      return;
    }
    if (code === this.#product) return;
    this.#product = code;
    this.#productWriter.write(timeMs, code, 'GOOD');
  }

  /** The ideal cycle of the product that runs; of the machine, where the product has none of its own. */
  #idealCycleSeconds(nowMs: number): number {
    const ofProduct = this.#product === undefined ? undefined : this.#idealCycleOfProduct.get(this.#product);
    const seconds = ofProduct ?? this.#machine.idealCycleSeconds;
    if (seconds !== undefined) return seconds;
    const message = `product ${shown(this.#product ?? null)} has no ideal cycle, nor has the machine: its parts count 0 ideal seconds`;
    this.#problems.note('unknown-product', message, nowMs);
    return 0;
  }
}
