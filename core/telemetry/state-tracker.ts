import type { Machine } from '../site/site.ts';
import { codeText, reasonOfCode, stateOfCode } from './codes.ts';
import { type SampleOutput, SignalWriter, type SignalWriterCheckpoint } from './limiter.ts';
import { type Problems, shown } from './problems.ts';
import type { MinuteBook } from './ticks.ts';
import type { LossCategory, MachineState } from './types.ts';

/** How long a change of state waits for its reason where the PLC sends it a moment later, ms. */
export const REASON_WAIT_MS = 1_000;

interface Known {
  readonly state: MachineState;
  readonly category: LossCategory;
}

export interface StateCheckpoint {
  readonly stateWriter: SignalWriterCheckpoint;
  readonly reasonWriter: SignalWriterCheckpoint;
  readonly confirmedMs: number | null;
  readonly known: Known | null;
  readonly live: boolean;
  readonly liveSinceMs?: number;
  readonly startMs: number;
  readonly published: MachineState | null;
  readonly publishedMs: number;
  readonly reason: string;
  readonly publishedReason: string;
  readonly reasonDueMs: number | null;
}

const UNKNOWN: Known = { state: 'UNKNOWN', category: 'unknown' };

/**
 * A machine's state as confirmed: from one confirmation to the next. Time after the last confirmation counts only
 * once another one follows within the staleness limit; otherwise all of it is unknown.
 */
export class StateTracker {
  readonly #machine: Machine;
  readonly #minutes: MinuteBook;
  readonly #problems: Problems;
  readonly #stalenessMs: number;
  readonly #stateWriter: SignalWriter;
  readonly #reasonWriter: SignalWriter;
  #confirmedMs: number | undefined;
  /** What the PLC said last, as long as nothing could have been missed since. */
  #known: Known | undefined;
  /** Whether the connection is confirmed within the staleness limit. */
  #live: boolean;
  /** Since when it is live: what the PLC says of the time before was confirmed by nobody. */
  #liveSinceMs: number;
  #startMs: number;
  #published: MachineState | undefined;
  #publishedMs: number;
  #reason: string;
  #publishedReason: string;
  #reasonDueMs: number | undefined;

  constructor(
    machine: Machine,
    nowMs: number,
    minutes: MinuteBook,
    output: SampleOutput,
    problems: Problems,
    saved?: StateCheckpoint,
  ) {
    this.#machine = machine;
    this.#minutes = minutes;
    this.#problems = problems;
    this.#stalenessMs = machine.stalenessSeconds * 1000;
    this.#stateWriter = new SignalWriter(`${machine.path}/state`, output, 'last', saved?.stateWriter);
    this.#reasonWriter = new SignalWriter(`${machine.path}/reason`, output, 'last', saved?.reasonWriter);
    this.#confirmedMs = saved?.confirmedMs ?? undefined;
    this.#known = saved?.known ?? undefined;
    this.#live = saved?.live ?? false;
    this.#liveSinceMs = saved?.liveSinceMs ?? nowMs;
    this.#startMs = saved?.startMs ?? nowMs;
    this.#published = saved?.published ?? undefined;
    this.#publishedMs = saved?.publishedMs ?? Number.NEGATIVE_INFINITY;
    this.#reason = saved?.reason ?? '';
    this.#publishedReason = saved?.publishedReason ?? '';
    this.#reasonDueMs = saved?.reasonDueMs ?? undefined;
  }

  get live(): boolean {
    return this.#live;
  }

  get confirmedMs(): number | undefined {
    return this.#confirmedMs;
  }

  /** The state as confirmed now. */
  get state(): MachineState {
    return this.#current.state;
  }

  /** Why it stands, '' where there is no reason. */
  get reason(): string {
    return this.#explains(this.state) ? this.#reason : '';
  }

  get #current(): Known {
    return this.#live ? (this.#known ?? UNKNOWN) : UNKNOWN;
  }

  /**
   * Applies the staleness limit; call it before anything else that happens at `nowMs`.
   * @returns true if the connection has just become unconfirmed
   */
  expire(nowMs: number): boolean {
    const silent = this.#published === undefined && nowMs - this.#startMs > this.#stalenessMs;
    if (silent) this.#publish('UNKNOWN', nowMs, nowMs);
    if (!this.#live) {
      this.#minutes.decide(nowMs);
      return false;
    }
    if (nowMs - (this.#confirmedMs ?? nowMs) <= this.#stalenessMs) return false;
    this.#die(nowMs, nowMs);
    return true;
  }

  /** The connection lives. What it last said of the state holds again after a mere pause, see `resume`. */
  confirm(nowMs: number): void {
    this.#confirmedMs = nowMs;
    this.#minutes.decide(nowMs);
  }

  /** Ends a pause in which the connection was not confirmed: what the PLC said last holds from now on, if it was never lost. */
  resume(nowMs: number): void {
    if (this.#live) return;
    this.#live = true;
    this.#liveSinceMs = nowMs;
    if (this.#known !== undefined) this.#enter(this.#known, nowMs, nowMs);
  }

  /** The connection is gone: what happens from here on is not seen, so the state has to be read anew. */
  lose(nowMs: number): void {
    if (this.#live) this.#die(nowMs, nowMs);
    this.#known = undefined;
    this.#minutes.decide(nowMs);
    if (this.#published === undefined) this.#publish('UNKNOWN', nowMs, nowMs);
  }

  /** Nobody watched from the last confirmation until `nowMs` (a restart): UNKNOWN from the staleness limit on, on the timeline. */
  restart(nowMs: number): void {
    if (this.#live) this.#die(Math.min((this.#confirmedMs ?? nowMs) + this.#stalenessMs, nowMs), nowMs);
    this.#known = undefined;
    this.#minutes.decide(nowMs);
    this.#startMs = nowMs;
  }

  /** Takes a state code that is good, read at `timeMs` and arrived at `nowMs`. */
  readState(raw: unknown, timeMs: number, nowMs: number): void {
    const code = codeText(raw);
    const state = code === undefined ? undefined : stateOfCode(this.#machine.state?.map ?? {}, code);
    if (state === undefined) {
      const kind = code === undefined ? 'wrong-type' : 'unknown-state-code';
      this.#problems.note(kind, `state: the map has no entry for ${shown(raw)}, so the state is UNKNOWN`, nowMs);
    }
    this.#take(
      state === undefined ? UNKNOWN : { state, category: this.#machine.categoryOfState[state] },
      timeMs,
      nowMs,
    );
  }

  /** The source says that it does not know the state (quality not GOOD). */
  readNoState(timeMs: number, nowMs: number): void {
    this.#take(UNKNOWN, timeMs, nowMs);
  }

  /** Takes a reason code that is good. */
  readReason(raw: unknown, timeMs: number, nowMs: number): void {
    const code = codeText(raw);
    if (code === undefined) {
      this.#problems.note('wrong-type', `reason should be a code or a text, got ${shown(raw)}: ignored`, nowMs);
      return;
    }
    this.#reason = reasonOfCode(this.#machine.reason?.map ?? {}, code);
    if (this.#reasonDueMs !== undefined) return;
    if (this.reason !== this.#publishedReason && this.#published === this.state) {
      this.#writeReason(timeMs > this.#publishedMs ? timeMs : nowMs);
    }
  }

  /** Publishes what waits: the reason once its time is up (or `reasonsAreIn`), values that the limiter held. */
  flush(nowMs: number, reasonsAreIn: boolean): void {
    if (this.#reasonDueMs !== undefined && (reasonsAreIn || nowMs >= this.#reasonDueMs)) this.#explain();
    this.#stateWriter.flush(nowMs);
    this.#reasonWriter.flush(nowMs);
  }

  /**
   * The gateway's clock was far ahead and was put right: its times begin anew. The connection was never lost, so what the PLC said last
   * holds again with the next confirmation; a source that reports changes only would not repeat it.
   */
  rewind(nowMs: number): void {
    this.#stateWriter.rewind(nowMs);
    this.#reasonWriter.rewind(nowMs);
    this.#live = false;
    this.#confirmedMs = undefined;
    this.#reasonDueMs = undefined;
    this.#startMs = nowMs;
    this.#publishedMs = Math.min(this.#publishedMs, nowMs);
    this.#publish('UNKNOWN', nowMs, nowMs);
  }

  save(): StateCheckpoint {
    return {
      stateWriter: this.#stateWriter.save(),
      reasonWriter: this.#reasonWriter.save(),
      confirmedMs: this.#confirmedMs ?? null,
      known: this.#known ?? null,
      live: this.#live,
      liveSinceMs: this.#liveSinceMs,
      startMs: this.#startMs,
      published: this.#published ?? null,
      publishedMs: Number.isFinite(this.#publishedMs) ? this.#publishedMs : 0,
      reason: this.#reason,
      publishedReason: this.#publishedReason,
      reasonDueMs: this.#reasonDueMs ?? null,
    };
  }

  /** A new word of the PLC on its state. While nothing was known, it holds from its arrival on: when it began nobody saw. */
  #take(next: Known, timeMs: number, nowMs: number): void {
    const fresh = !this.#live || this.#known === undefined;
    const known = this.#known;
    if (!this.#live) this.#liveSinceMs = nowMs;
    this.#live = true;
    this.#known = next;
    if (!fresh && known?.state === next.state) return;
    if (fresh || timeMs > nowMs || timeMs < Math.max(this.#publishedMs, this.#liveSinceMs)) {
      this.#enter(next, nowMs, nowMs);
      return;
    }
    if (timeMs <= this.#minutes.floorMs) {
      const message = `state ${next.state} came after its minute was written: it counts from that minute's end on`;
      this.#problems.note('late-reading', message, nowMs);
    }
    this.#enter(next, timeMs, nowMs);
  }

  #enter(next: Known, timeMs: number, nowMs: number): void {
    this.#minutes.change(timeMs, next.category);
    if (next.state !== this.#published) this.#publish(next.state, timeMs, nowMs);
  }

  /** Nothing confirmed the time since the last confirmation. */
  #die(publishedAtMs: number, nowMs: number): void {
    this.#live = false;
    this.#minutes.change(this.#confirmedMs ?? nowMs, 'unknown');
    this.#minutes.decide(nowMs);
    if (this.#published !== 'UNKNOWN') this.#publish('UNKNOWN', publishedAtMs, nowMs);
  }

  #publish(state: MachineState, timeMs: number, nowMs: number): void {
    if (this.#machine.state === undefined) return;
    this.#explain();
    const atMs = Math.max(timeMs, this.#publishedMs + 1);
    this.#published = state;
    this.#publishedMs = atMs;
    if (!this.#stateWriter.write(atMs, state, 'GOOD')) {
      this.#problems.note('rate-limited', 'state changes more than 10 times a second', nowMs);
    }
    if (this.#machine.reason === undefined) return;
    this.#reasonDueMs = nowMs + REASON_WAIT_MS;
    if (!this.#explains(state)) this.#explain();
  }

  /** A machine that runs, or of which nothing is known, has no reason to stand; PLCs leave the last one in the register. */
  #explains(state: MachineState | undefined): boolean {
    return state !== undefined && state !== 'RUNNING' && state !== 'UNKNOWN';
  }

  /** Gives the last published state its reason, with the state's own time. */
  #explain(): void {
    if (this.#reasonDueMs === undefined) return;
    this.#reasonDueMs = undefined;
    this.#writeReason(this.#publishedMs);
  }

  #writeReason(timeMs: number): void {
    this.#publishedReason = this.#explains(this.#published) ? this.#reason : '';
    this.#reasonWriter.write(timeMs, this.#publishedReason, 'GOOD');
  }
}
