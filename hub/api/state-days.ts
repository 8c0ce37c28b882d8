import { setTimeout } from 'node:timers/promises';
import { addStateTimes, type StateTime, stateTimes } from '../../core/oee/state-times.ts';
import type { StateSpan } from '../../core/oee/states.ts';
import { DAY_MS, type TimeRange } from '../../core/oee/windows.ts';
import type { Machine } from '../../core/site/site.ts';
import type { BatchMessage } from '../../core/telemetry/message.ts';
import { readStateSpans, type StateSource } from './state-spans.ts';

/** A stretch of a machine's states, summed up. */
interface Piece {
  /** Occurrences are those that began in it. */
  readonly times: readonly StateTime[];
  /** What went on from before, not counted among the occurrences. */
  readonly continued: StateTime | undefined;
}

interface MachineDays {
  /** By the day's end; UTC. */
  readonly pieces: Map<number, Piece>;
  /** Changes with each commit that may change a day. */
  generation: number;
}

/** More days than the longest range has are not kept. */
const KEPT_DAYS = 40;
/** So that others get their turn at the database. */
const DAYS_PER_READ = 7;
/** How far back `warm` reads: the longest range of `/losses`. */
const WARM_DAYS = 32;

/**
 * How long machines were in which state and why, over long ranges: full UTC days are remembered once they are over, so that a month of
 * stops is not read again and again. A state or reason that is committed late makes its day and those after it be read anew.
 */
export class StateDays {
  readonly #source: StateSource;
  readonly #machines = new Map<string, MachineDays>();

  constructor(source: StateSource) {
    this.#source = source;
  }

  /** Sums of the state spans in a range: the same as `stateTimes(readStateSpans(...))`. */
  async times(machine: Machine, range: TimeRange): Promise<StateTime[]> {
    const firstDayMs = Math.ceil(range.fromMs / DAY_MS) * DAY_MS;
    const lastDayMs = Math.floor(range.toMs / DAY_MS) * DAY_MS;
    if (firstDayMs >= lastDayMs) return stateTimes(await readStateSpans(this.#source, machine, range));
    const pieces = [
      ...(range.fromMs < firstDayMs ? [await this.#read(machine, { fromMs: range.fromMs, toMs: firstDayMs })] : []),
      ...(await this.#days(machine, firstDayMs, lastDayMs)),
      ...(lastDayMs < range.toMs ? [await this.#read(machine, { fromMs: lastDayMs, toMs: range.toMs })] : []),
    ];
    const continued = pieces[0]?.continued;
    const began = continued === undefined ? [] : [{ ...continued, seconds: 0, occurrences: 1 }];
    return addStateTimes([...pieces.map(({ times }) => times), began]);
  }

  /** Reads what long ranges will ask for, resting as long as it works. */
  async warm(machines: readonly Machine[], signal: AbortSignal): Promise<void> {
    for (const machine of machines) {
      if (signal.aborted) return;
      const startedMs = performance.now();
      const toMs = Math.floor(this.#source.now() / DAY_MS) * DAY_MS;
      await this.times(machine, { fromMs: toMs - WARM_DAYS * DAY_MS, toMs });
      await setTimeout(performance.now() - startedMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Tells which batches were committed. */
  committed(batches: readonly BatchMessage[]): void {
    for (const { machines } of batches) {
      for (const { machine, base, signals } of machines) {
        const offsets = [...(signals.state?.t ?? []), ...(signals.reason?.t ?? [])];
        if (offsets.length > 0) this.#changed(machine, base + Math.min(...offsets));
      }
    }
  }

  #changed(machinePath: string, timeMs: number): void {
    const days = this.#machines.get(machinePath);
    if (days === undefined) return;
    days.generation += 1;
    for (const endMs of days.pieces.keys()) if (endMs > timeMs) days.pieces.delete(endMs);
  }

  async #days(machine: Machine, fromMs: number, toMs: number): Promise<Piece[]> {
    const days = this.#machines.get(machine.path) ?? { pieces: new Map<number, Piece>(), generation: 0 };
    this.#machines.set(machine.path, days);
    const { generation } = days;
    const confirmedMs = await this.#confirmedUntil(machine);
    const pieces: Piece[] = [];
    for (let startMs = fromMs; startMs < toMs; ) {
      const known = days.pieces.get(startMs + DAY_MS);
      const missing = known === undefined ? missingFrom(days.pieces, startMs, toMs) : 0;
      const read = known === undefined ? await this.#readDays(machine, startMs, missing) : [known];
      for (const piece of read) {
        pieces.push(piece);
        startMs += DAY_MS;
        // Without a later confirmation the day's end may yet turn out to be unknown.
        if (startMs <= confirmedMs && days.generation === generation) days.pieces.set(startMs, piece);
      }
    }
    const oldest = [...days.pieces.keys()].sort((one, other) => other - one).slice(KEPT_DAYS);
    for (const endMs of oldest) days.pieces.delete(endMs);
    return pieces;
  }

  async #confirmedUntil({ path }: Machine): Promise<number> {
    const nowMs = this.#source.now();
    const newest = await this.#source.historian.latestBefore([`${path}/state`, `${path}/run-s`], nowMs);
    return Math.max(Number.NEGATIVE_INFINITY, ...[...newest.values()].map(({ timeMs }) => timeMs));
  }

  async #read(machine: Machine, range: TimeRange): Promise<Piece> {
    // One millisecond before shows what goes on from there.
    return pieceOf(await readStateSpans(this.#source, machine, { ...range, fromMs: range.fromMs - 1 }), range);
  }

  /** Several days at once. */
  async #readDays(machine: Machine, startMs: number, count: number): Promise<Piece[]> {
    const range = { fromMs: startMs - 1, toMs: startMs + count * DAY_MS };
    const spans = await readStateSpans(this.#source, machine, range);
    return Array.from({ length: count }, (_, day) => {
      const fromMs = startMs + day * DAY_MS;
      return pieceOf(spans, { fromMs, toMs: fromMs + DAY_MS });
    });
  }
}

/** How many days from a time on are not known, up to the end and to what is read at once. */
function missingFrom(pieces: ReadonlyMap<number, Piece>, fromMs: number, toMs: number): number {
  let count = 0;
  for (let endMs = fromMs + DAY_MS; endMs <= toMs && count < DAYS_PER_READ && !pieces.has(endMs); endMs += DAY_MS) {
    count += 1;
  }
  return count;
}

/** Sums up what of the spans lies in a range. */
function pieceOf(spans: readonly StateSpan[], { fromMs, toMs }: TimeRange): Piece {
  const within = spans.filter((span) => span.fromMs < toMs && span.toMs > fromMs);
  const clipped = within.map((span) => {
    return { ...span, fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) };
  });
  const [first] = clipped;
  const goesOn = (within[0]?.fromMs ?? fromMs) < fromMs;
  if (first === undefined || !goesOn) return { times: stateTimes(clipped), continued: undefined };
  const { state, category, reason } = first;
  const continued = { state, category, reason, seconds: (first.toMs - fromMs) / 1000, occurrences: 0 };
  return { times: addStateTimes([[continued], stateTimes(clipped.slice(1))]), continued };
}
