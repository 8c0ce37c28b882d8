import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { toOutboxFault } from './fault.ts';

/** One commit group: the machine messages of one short span of time, as the JSON text of an array. */
export interface OutboxEntry {
  readonly sequence: number;
  /** JSON text of `MachineMessage[]`. */
  readonly machines: string;
}

/** What {@link Outbox.open} needs to know. */
export interface OutboxOptions {
  /** The folder of the outbox; made where it is missing. */
  readonly folder: string;
  /** How long acknowledged entries are kept, for a hub that comes back older. @default one hour */
  readonly retainMs?: number;
}

/** The outbox file's name in its folder. */
export const OUTBOX_FILE = 'outbox.sqlite';
const HOUR_MS = 3_600_000;

/**
 * The gateway's durable queue: SQLite with a write-ahead log, synced at every commit, so what {@link Outbox.append} returned survives
 * kill -9 and power loss. Each consumer (hub, later the cloud) has a cursor of its own, moved only by its durable
 * acknowledgement. Pipelines' checkpoints live in the same transactions: a restart never counts a part twice.
 */
export class Outbox implements Disposable {
  /** Identity of this outbox: another one after its file was lost, so that the hub does not take new entries for old ones. */
  readonly id: string;
  readonly #database: DatabaseSync;
  readonly #retainMs: number;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #putCheckpoint: StatementSync;
  readonly #putCursor: StatementSync;
  readonly #cursors = new Map<string, number>();
  #lastSequence: number;

  private constructor(database: DatabaseSync, retainMs: number) {
    this.#database = database;
    this.#retainMs = retainMs;
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA busy_timeout = 2000;
      CREATE TABLE IF NOT EXISTS identity (id TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS entry (sequence INTEGER PRIMARY KEY, created_ms INTEGER NOT NULL, machines TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS cursor (consumer TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS checkpoint (machine TEXT PRIMARY KEY, content TEXT NOT NULL);
    `);
    database.exec(`INSERT INTO identity SELECT '${randomUUID()}' WHERE NOT EXISTS (SELECT 1 FROM identity)`);
    this.id = String(database.prepare('SELECT id FROM identity').get()?.id);
    this.#insert = database.prepare('INSERT INTO entry VALUES (?, ?, ?)');
    this.#select = database.prepare(
      'SELECT sequence, machines FROM entry WHERE sequence > ? ORDER BY sequence LIMIT ?',
    );
    this.#putCheckpoint = database.prepare('INSERT OR REPLACE INTO checkpoint VALUES (?, ?)');
    this.#putCursor = database.prepare('INSERT OR REPLACE INTO cursor VALUES (?, ?)');
    for (const row of database.prepare('SELECT consumer, sequence FROM cursor').all()) {
      this.#cursors.set(String(row.consumer), Number(row.sequence));
    }
    // The newest entry is never deleted, so its number is known even after everything else has expired.
    this.#lastSequence = Number(database.prepare('SELECT coalesce(max(sequence), 0) AS last FROM entry').get()?.last);
  }

  /**
   * Opens the outbox of a folder, making it where there is none.
   * @throws UserFault with one sentence where the folder is not writable, the disk is full or the file is damaged; nothing is changed then.
   */
  static open(options: OutboxOptions): Outbox {
    const file = join(options.folder, OUTBOX_FILE);
    let database: DatabaseSync | undefined;
    try {
      mkdirSync(options.folder, { recursive: true });
      database = new DatabaseSync(file);
      return new Outbox(database, options.retainMs ?? HOUR_MS);
    } catch (error) {
      database?.close();
      throw toOutboxFault(error, file);
    }
  }

  /** The newest sequence number, 0 where there is none yet. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** The oldest sequence number still kept, or `lastSequence + 1` where nothing is. */
  get firstSequence(): number {
    const first = this.#database.prepare('SELECT min(sequence) AS first FROM entry').get()?.first;
    return typeof first === 'number' ? first : this.#lastSequence + 1;
  }

  /**
   * Stores entries and the checkpoints that go with them, durably, in one transaction: after a crash either all of it is there or nothing, so a
   * restarted pipeline never repeats or skips what it had already handed over.
   * @param entries - each the JSON text of `MachineMessage[]`.
   * @param checkpoints - JSON text by machine path.
   * @returns the sequence number of the last entry.
   * @throws the database's own error, e.g. on a full disk; nothing is stored then, and the same call may be tried again.
   */
  append(entries: readonly string[], checkpoints: ReadonlyMap<string, string>, nowMs: number): number {
    this.#transaction(() => {
      for (const [index, machines] of entries.entries()) {
        this.#insert.run(this.#lastSequence + 1 + index, nowMs, machines);
      }
      for (const [machine, content] of checkpoints) this.#putCheckpoint.run(machine, content);
    });
    this.#lastSequence += entries.length;
    return this.#lastSequence;
  }

  /** The checkpoint that was stored last for each machine: JSON text by machine path. */
  checkpoints(): Map<string, string> {
    const rows = this.#database.prepare('SELECT machine, content FROM checkpoint').all();
    return new Map(rows.map(({ machine, content }) => [String(machine), String(content)]));
  }

  /** Up to `limit` entries that follow a sequence number, ascending. */
  read(afterSequence: number, limit: number): OutboxEntry[] {
    return this.#select
      .all(afterSequence, limit)
      .map((row) => ({ sequence: Number(row.sequence), machines: String(row.machines) }));
  }

  /** Up to where a consumer has acknowledged; 0 where it never has. */
  cursor(consumer: string): number {
    return this.#cursors.get(consumer) ?? 0;
  }

  /**
   * Notes a consumer's durable acknowledgement; numbers beyond the newest entry, and steps back, are ignored. It reaches the disk with the next
   * {@link expire}: losing one merely sends entries again, which the consumer knows.
   */
  acknowledge(consumer: string, sequence: number): void {
    if (sequence > this.cursor(consumer) && sequence <= this.#lastSequence) this.#cursors.set(consumer, sequence);
  }

  /**
   * Deletes what every one of `consumers` has acknowledged and is older than the retention time, and stores the cursors.
   * @returns how many entries were deleted.
   */
  expire(consumers: readonly string[], nowMs: number): number {
    const acknowledged = Math.min(...consumers.map((consumer) => this.cursor(consumer)), this.#lastSequence - 1);
    return this.#transaction(() => {
      for (const [consumer, sequence] of this.#cursors) this.#putCursor.run(consumer, sequence);
      const { changes } = this.#database
        .prepare('DELETE FROM entry WHERE sequence <= ? AND created_ms < ?')
        .run(acknowledged, nowMs - this.#retainMs);
      return Number(changes);
    });
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #transaction<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
