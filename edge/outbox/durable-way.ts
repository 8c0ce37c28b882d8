import { Worker } from 'node:worker_threads';
import type { IClientOptions } from 'mqtt';
import { UserFault } from '../../core/process.ts';
import type { ThreadReply, ThreadRequest } from './outbox-thread.ts';

/** Where a gateway's samples become durable, and how they get to the hub. */
export interface DurableWay {
  /** The checkpoint that was stored last for each machine, as JSON text by machine path. */
  readonly checkpoints: ReadonlyMap<string, string>;
  /**
   * Stores entries (each the JSON text of `MachineMessage[]`) and checkpoints in one transaction, see Outbox.append.
   * @returns when they are synced to the disk.
   * @throws CommitRefused where the disk does not take them; nothing is stored then.
   */
  append(entries: readonly string[], checkpoints: ReadonlyMap<string, string>): Promise<void>;
  /** Closes the outbox in good order; what the hub has not yet acknowledged goes on with the next start. */
  stop(): Promise<void>;
}

/** The outbox did not take a commit. */
export class CommitRefused extends Error {
  override readonly name = 'CommitRefused';
  readonly diskFull: boolean;

  constructor(reason: string, diskFull: boolean) {
    super(reason);
    this.diskFull = diskFull;
  }
}

/** What the outbox's thread is started with. */
export interface OutboxThreadData {
  readonly folder: string;
  readonly site: string;
  readonly gateway: string;
  readonly brokerUrl: string;
  readonly brokerOptions: IClientOptions;
  readonly logLevel: string;
}

/**
 * Outbox and hub link in a thread of their own, with an MQTT connection of their own: a sync of a slow disk may take longer than a local decision
 * may. Nothing that has to be quick waits for it.
 */
export class OutboxThread implements DurableWay {
  readonly checkpoints: ReadonlyMap<string, string>;
  readonly #thread: Worker;
  readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  #lastId = 0;

  private constructor(thread: Worker, checkpoints: ReadonlyMap<string, string>) {
    this.#thread = thread;
    this.checkpoints = checkpoints;
    thread.on('message', (reply: ThreadReply) => this.#hear(reply));
  }

  /**
   * Opens the outbox and starts to bring it to the hub; the broker need not be there yet.
   * @throws UserFault with one sentence where the outbox can't be used.
   */
  static async start(data: OutboxThreadData): Promise<OutboxThread> {
    const thread = new Worker(new URL('./outbox-thread.ts', import.meta.url), { workerData: data });
    const checkpoints = await new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
      thread.once('error', reject);
      thread.once('message', (reply: ThreadReply) => {
        if (reply.type === 'opened') resolve(reply.checkpoints);
        else if (reply.type === 'fault') reject(new UserFault(reply.message));
      });
    });
    // From here on a failure of the thread is one of the whole gateway: it ends, and is started again by whoever supervises it.
    thread.removeAllListeners('error');
    thread.on('error', (error) => {
      throw error;
    });
    return new OutboxThread(thread, checkpoints);
  }

  append(entries: readonly string[], checkpoints: ReadonlyMap<string, string>): Promise<void> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#say({ type: 'append', id, entries, checkpoints });
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#thread.once('exit', () => resolve()));
    this.#say({ type: 'stop' });
    await ended;
  }

  #say(request: ThreadRequest): void {
    this.#thread.postMessage(request);
  }

  #hear(reply: ThreadReply): void {
    if (reply.type !== 'appended' && reply.type !== 'refused') return;
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === 'appended') waiting?.resolve();
    else waiting?.reject(new CommitRefused(reply.reason, reply.diskFull));
  }
}
