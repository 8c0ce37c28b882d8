import type { BatchMessage } from '../../core/telemetry/message.ts';
import type { PoisonBatch } from '../historian/poison.ts';

/** The most that waits in memory for the database; what comes beyond is left to the gateway's outbox and asked for again. */
const MAX_PENDING_BATCHES = 256;
const MAX_PENDING_VALUES = 200_000;
/** The most of one transaction: long enough to be efficient, short enough that readers get their turn. */
const MAX_COMMIT_BATCHES = 64;
const MAX_COMMIT_VALUES = 20_000;
/** How often the same place may turn out unreadable before it is given up. */
const MAX_UNREADABLE = 3;

/** A batch in its place in the order, or what cannot be one. */
export type Incoming =
  | { readonly sequence: number; readonly values: number; readonly batch: BatchMessage }
  | { readonly sequence: number; readonly values: 0; readonly poison: PoisonBatch };

/** What to do after a batch came. */
export type Verdict =
  /** In order: it waits for the database. */
  | 'queued'
  /** Already committed: acknowledge again. */
  | 'committed'
  /** Already waiting: nothing. */
  | 'waiting'
  /** Something is missing before it: ask. */
  | 'hole'
  /** No room: it is asked for when there is. */
  | 'full';

/** The order of one outbox: which batch comes next, what waits, what is committed. No I/O. */
export class GatewayStream {
  readonly gateway: string;
  readonly outbox: string;
  #committed: number;
  #received: number;
  #pending: Incoming[] = [];
  #pendingValues = 0;
  /** The oldest number that the gateway still has, where that is beyond the cursor. */
  #firstKept: number | undefined;
  #overflowed = false;
  #oneByOne = 0;
  #unreadable = 0;

  constructor(gateway: string, outbox: string, committed: number) {
    this.gateway = gateway;
    this.outbox = outbox;
    this.#committed = committed;
    this.#received = committed;
  }

  /** Everything up to here is durable. */
  get committed(): number {
    return this.#committed;
  }

  /** The number that is to come next. */
  get expected(): number {
    return this.#received + 1;
  }

  get pendingBatches(): number {
    return this.#pending.length;
  }

  /**
   * The gateway said what it holds.
   * @returns a sentence where the two do not fit together.
   */
  greeted(firstSequence: number, lastSequence: number): string | undefined {
    this.#firstKept = undefined;
    if (lastSequence < this.#committed) {
      const message = `outbox ${this.outbox} ends at ${lastSequence}, but ${this.#committed} is committed: it came back older, its next batches are taken as new`;
      this.#pending = [];
      this.#pendingValues = 0;
      this.#committed = lastSequence;
      this.#received = lastSequence;
      return message;
    }
    if (firstSequence > this.#received + 1) {
      this.#firstKept = firstSequence;
      return `batches ${this.#received + 1} to ${firstSequence - 1} of outbox ${this.outbox} have expired on the gateway: their values are lost`;
    }
    return undefined;
  }

  accept(incoming: Incoming): Verdict {
    const { sequence } = incoming;
    if (sequence <= this.#committed) return 'committed';
    if (sequence <= this.#received) return 'waiting';
    if (sequence !== this.#received + 1 && sequence !== this.#firstKept) return 'hole';
    if (this.#pending.length >= MAX_PENDING_BATCHES || this.#pendingValues >= MAX_PENDING_VALUES) {
      this.#overflowed = true;
      return 'full';
    }
    this.#pending.push(incoming);
    this.#pendingValues += incoming.values;
    this.#received = sequence;
    this.#firstKept = undefined;
    this.#unreadable = 0;
    return 'queued';
  }

  /**
   * A message came of which not even the number can be read; it stands at the expected place, or the transport garbled it.
   * @returns true when that happened so often that the place is to be given up.
   */
  unreadable(): boolean {
    this.#unreadable += 1;
    return this.#unreadable >= MAX_UNREADABLE;
  }

  /** What the next transaction takes: batches only, or one poison. Stays pending until done. */
  next(): readonly Incoming[] {
    const taken: Incoming[] = [];
    let values = 0;
    for (const incoming of this.#pending) {
      if ('poison' in incoming && taken.length > 0) break;
      taken.push(incoming);
      values += incoming.values;
      if ('poison' in incoming || this.#oneByOne > 0) break;
      if (taken.length >= MAX_COMMIT_BATCHES || values >= MAX_COMMIT_VALUES) break;
    }
    return taken;
  }

  /** One of several batches was refused: they are tried one by one, to find which. */
  isolate(count: number): void {
    this.#oneByOne = count;
  }

  /** Replaces the first batch that waits by its reason. */
  poisonFirst(poison: PoisonBatch): void {
    const [first] = this.#pending;
    if (first === undefined) return;
    this.#pendingValues -= first.values;
    this.#pending[0] = { sequence: first.sequence, values: 0, poison };
  }

  /** The first `count` that wait are durable. @returns whether batches were left out for want of room, and are to be asked for. */
  done(count: number): boolean {
    const last = this.#pending[count - 1];
    if (last === undefined) return false;
    for (const { values } of this.#pending.splice(0, count)) this.#pendingValues -= values;
    this.#committed = last.sequence;
    this.#oneByOne = Math.max(0, this.#oneByOne - count);
    const ask = this.#overflowed && this.#pending.length === 0;
    if (ask) this.#overflowed = false;
    return ask;
  }
}
