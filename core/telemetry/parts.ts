import type { CounterSignal } from '../site/schema.ts';
import type { Machine } from '../site/site.ts';
import { Counter, type CounterCheckpoint } from './counter.ts';
import { type SampleOutput, SignalWriter, type SignalWriterCheckpoint } from './limiter.ts';
import { type Problems, shown } from './problems.ts';
import { tidy } from './scaling.ts';
import type { MinuteBook } from './ticks.ts';

/** A machine's two totalisers. */
export type CounterId = 'produced' | 'rejected';

export interface PartsCheckpoint {
  readonly counter: CounterCheckpoint | null;
  readonly badSinceMs: number | null;
  readonly writer: SignalWriterCheckpoint;
}

/** Turns one totaliser into parts of minutes, or, over gaps and in unknown time, into `<id>-unattributed`. */
export class PartsCounter {
  readonly #id: CounterId;
  readonly #scale: number;
  readonly #stalenessMs: number;
  readonly #counter: Counter;
  readonly #hasState: boolean;
  readonly #minutes: MinuteBook;
  readonly #problems: Problems;
  readonly #unattributed: SignalWriter;
  #badSinceMs: number | undefined;

  constructor(
    id: CounterId,
    signal: CounterSignal,
    machine: Machine,
    minutes: MinuteBook,
    output: SampleOutput,
    problems: Problems,
    saved?: PartsCheckpoint,
  ) {
    this.#id = id;
    this.#scale = signal.scale;
    this.#stalenessMs = machine.stalenessSeconds * 1000;
    this.#hasState = machine.state !== undefined;
    this.#minutes = minutes;
    this.#problems = problems;
    const { modulus, maxRatePerSecond } = signal.counter;
    const rule = { modulus, maxCountsPerSecond: maxRatePerSecond / signal.scale };
    this.#counter = new Counter(rule, saved?.counter ?? undefined);
    this.#unattributed = new SignalWriter(`${machine.path}/${id}-unattributed`, output, 'sum', saved?.writer);
    this.#badSinceMs = saved?.badSinceMs ?? undefined;
  }

  /** Nobody watches for a while: the next delta belongs to no minute. */
  interrupt(): void {
    this.#counter.interrupt();
  }

  /**
   * Takes a good value.
   * @param timeMs when the totaliser got this value, on the gateway's clock
   * @param idealCycleSeconds of the product that runs at that time; 0 where nobody knows it
   */
  read(raw: unknown, timeMs: number, nowMs: number, idealCycleSeconds: number): void {
    const value = typeof raw === 'bigint' ? Number(raw) : raw;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      this.#problems.note('wrong-type', `${this.#id} should be a count from 0 on, got ${shown(raw)}: ignored`, nowMs);
      this.readBad(nowMs);
      return;
    }
    if (this.#badSinceMs !== undefined && nowMs - this.#badSinceMs > this.#stalenessMs) this.#counter.interrupt();
    this.#badSinceMs = undefined;
    // The first value, and the first after a gap, holds as of its arrival; its source time is that of its last change.
    const atMs = this.#counter.gap || this.#counter.lastMs === undefined ? nowMs : timeMs;
    const step = this.#counter.read(value, atMs);
    if (step === undefined) return;
    if (step.kind === 'outdated') {
      const message = `${this.#id}: ${value} came after the newer ${step.from}, though its time is earlier: ignored`;
      this.#problems.note('late-reading', message, nowMs);
      return;
    }
    if (step.kind === 'ambiguous' || step.kind === 'implausible') {
      const why =
        step.kind === 'ambiguous'
          ? 'a rollover, a reset or a missed turn would fit'
          : 'more than the machine can make in that time (maxRatePerSecond)';
      const message = `${this.#id} went from ${step.from} to ${value}: ${why}; nothing is counted for this step`;
      this.#problems.note(`${step.kind}-counter`, message, nowMs);
      return;
    }
    const parts = tidy(step.counts * this.#scale);
    if (parts === 0) return;
    if (step.overGap || !this.#hasState || this.#minutes.categoryAt(atMs) === 'unknown') {
      this.#unattributed.write(nowMs, parts, 'GOOD');
      return;
    }
    this.#attribute(parts, atMs, nowMs, idealCycleSeconds);
  }

  /** The source says that it does not know the count: after more than the staleness limit of it, the delta is one over a gap. */
  readBad(nowMs: number): void {
    this.#badSinceMs ??= nowMs;
  }

  flush(nowMs: number): void {
    this.#unattributed.flush(nowMs);
  }

  rewind(nowMs: number): void {
    this.#counter.interrupt();
    this.#counter.rewind(nowMs);
    this.#badSinceMs = undefined;
    this.#unattributed.rewind(nowMs);
  }

  save(): PartsCheckpoint {
    return {
      counter: this.#counter.save(),
      badSinceMs: this.#badSinceMs ?? null,
      writer: this.#unattributed.save(),
    };
  }

  #attribute(parts: number, timeMs: number, nowMs: number, idealCycleSeconds: number): void {
    const seconds = parts * idealCycleSeconds;
    const inTime = this.#minutes.add(
      timeMs,
      this.#id === 'produced'
        ? { produced: parts, rejected: 0, idealSeconds: seconds, goodSeconds: seconds }
        : { produced: 0, rejected: parts, idealSeconds: 0, goodSeconds: -seconds },
    );
    if (inTime) return;
    const message = `${this.#id}: ${parts} parts came after their minute was written: they count in the running minute`;
    this.#problems.note('late-reading', message, nowMs);
  }
}
