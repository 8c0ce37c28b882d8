import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserFault } from '../../core/process.ts';
import { type Database, DatabaseError, databaseErrorKind, type Queries, toDatabaseError } from './database.ts';
import { FolderLock } from './folder-lock.ts';
import type { PgliteAnswer, PgliteRequest } from './pglite-thread.ts';
import { Serial } from './serial.ts';

/** PGlite has no background process that would write checkpoints: without them its log grows for ever. */
const TIDY_STATEMENTS = ['CHECKPOINT'];
/**
 * Nothing is written with less than this free: where its log cannot grow by a file of 16 MB, PGlite stops for ever in the
 * middle of a statement, without a word.
 */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
/** An engine that says nothing for this long is taken for dead. */
const PATIENCE_MS = 120_000;

/** How many bytes are free on the disk of a folder. */
export type FreeSpace = (folder: string) => Promise<number>;

const freeSpaceOf: FreeSpace = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** PGlite in a worker thread. One statement at a time; a transaction holds the queue until it ends. */
export class PgliteDatabase implements Database {
  readonly #folder: string | undefined;
  readonly #lock: FolderLock | undefined;
  readonly #freeSpace: FreeSpace;
  readonly #queue = new Serial();
  #worker: Worker | undefined;
  #closed = false;

  private constructor(folder: string | undefined, lock: FolderLock | undefined, freeSpace: FreeSpace) {
    this.#folder = folder;
    this.#lock = lock;
    this.#freeSpace = freeSpace;
  }

  /**
   * Opens the folder, or makes it. Left out, the data live in memory (tests).
   * @param freeSpace @default what the file system says
   * @throws {UserFault} when the folder is locked, not writable or damaged. Nothing in it is changed then.
   */
  static async open(folder?: string, freeSpace: FreeSpace = freeSpaceOf): Promise<PgliteDatabase> {
    if (folder === undefined) {
      const database = new PgliteDatabase(undefined, undefined, freeSpace);
      database.#worker = await startThread(undefined);
      return database;
    }
    const lock = prepareFolder(folder);
    const database = new PgliteDatabase(folder, lock, freeSpace);
    try {
      await checkFreeSpace(folder, freeSpace);
    } catch (error) {
      lock.release();
      throw new UserFault(`The historian cannot start: ${messageOf(error)}.`);
    }
    try {
      database.#worker = await startThread(folder);
      writeState(folder, 'ready');
      return database;
    } catch (error) {
      lock.release();
      throw new UserFault(
        `The historian's data in ${folder} is damaged or cannot be read${engineReason(error)}. Nothing was changed: move the folder aside and start again, and the gateways send what their outboxes still hold.`,
      );
    }
  }

  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return this.#queue.run(() => this.#execute<Row>(sql, parameters));
  }

  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    return this.#queue.run(async () => {
      if (this.#folder !== undefined) await checkFreeSpace(this.#folder, this.#freeSpace);
      await this.#execute('BEGIN');
      try {
        const result = await work({ query: (sql, parameters) => this.#execute(sql, parameters) });
        await this.#execute('COMMIT');
        return result;
      } catch (error) {
        await this.#execute('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  async tidy(): Promise<void> {
    for (const statement of TIDY_STATEMENTS) await this.query(statement);
  }

  close(): Promise<void> {
    return this.#queue.run(async () => {
      const worker = this.#worker;
      this.#worker = undefined;
      this.#closed = true;
      if (worker !== undefined) {
        await ask(worker, {}).catch(() => undefined);
        await worker.terminate();
      }
      this.#lock?.release();
    });
  }

  /** One statement; where the engine died (disk full in the middle of its log), it is started anew first. */
  async #execute<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    if (this.#worker === undefined) {
      if (this.#closed) throw new DatabaseError('the database is closed', 'unavailable');
      if (sql === 'COMMIT' || sql === 'ROLLBACK') throw new DatabaseError('the engine was restarted', 'unavailable');
      this.#worker = await startThread(this.#folder).catch((error: unknown) => {
        throw new DatabaseError(messageOf(error), 'unavailable');
      });
    }
    const worker = this.#worker;
    try {
      return (await ask(worker, parameters === undefined ? { sql } : { sql, parameters })) as Row[];
    } catch (error) {
      const wrapped = toDatabaseError(error);
      // With an SQLSTATE the engine lives and has said no; without one it died.
      if (wrapped.code?.length !== 5) {
        this.#worker = undefined;
        await worker.terminate();
      }
      throw wrapped;
    }
  }
}

/** Takes the lock and moves aside what an interrupted first start left half made. */
function prepareFolder(folder: string): FolderLock {
  try {
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserFault(`The historian's folder ${folder} cannot be made: ${messageOf(error)}.`);
  }
  const lock = new FolderLock(`${folder}.lock`);
  try {
    const files = readdirSync(folder);
    const state = readState(folder);
    if (state === 'creating' && files.length > 0) {
      renameSync(folder, `${folder}.unfinished-${Date.now()}`);
      mkdirSync(folder, { mode: 0o700 });
    } else if (files.length > 0 && !files.includes('PG_VERSION')) {
      throw new UserFault(
        `The historian's folder ${folder} holds other files or is damaged (no PG_VERSION in it). Nothing was changed: move it aside, or use another data folder.`,
      );
    } else if (files.length === 0) {
      writeState(folder, 'creating');
    }
    return lock;
  } catch (error) {
    lock.release();
    throw error instanceof UserFault
      ? error
      : new UserFault(`The historian's folder ${folder} is not writable: ${messageOf(error)}.`);
  }
}

/** `creating` while PGlite makes the folder the first time, which a kill may interrupt; `ready` from then on. */
function writeState(folder: string, state: 'creating' | 'ready'): void {
  writeFileSync(`${folder}.state`, state);
}

function readState(folder: string): string | undefined {
  try {
    return readFileSync(`${folder}.state`, 'utf8');
  } catch {
    return undefined;
  }
}

/** @throws {DatabaseError} that may pass, with what is free and what is needed. */
async function checkFreeSpace(folder: string, freeSpace: FreeSpace): Promise<void> {
  const freeBytes = await freeSpace(folder);
  if (freeBytes >= LEAST_FREE_BYTES) return;
  const mb = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`;
  const message = `the disk of ${folder} is full: ${mb(freeBytes)} are free, ${mb(LEAST_FREE_BYTES)} are needed`;
  throw new DatabaseError(message, 'unavailable', 'ENOSPC');
}

async function startThread(folder: string | undefined): Promise<Worker> {
  const worker = new Worker(new URL('./pglite-thread.ts', import.meta.url), { workerData: { folder } });
  try {
    await answer(worker);
    return worker;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

function ask(worker: Worker, request: PgliteRequest): Promise<readonly object[]> {
  const answered = answer(worker);
  worker.postMessage(request);
  return answered;
}

/** The next message of the thread; rejects where the thread dies instead. */
function answer(worker: Worker): Promise<readonly object[]> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      act();
    };
    const onMessage = (message: PgliteAnswer) =>
      settle(() =>
        'rows' in message
          ? resolve(message.rows)
          : reject(new DatabaseError(message.message, databaseErrorKind(message.code), message.code)),
      );
    const onError = (error: Error) => settle(() => reject(new DatabaseError(error.message, 'unavailable')));
    const onExit = () => settle(() => reject(new DatabaseError('the engine ended', 'unavailable')));
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(new DatabaseError(`the engine does not answer for ${PATIENCE_MS / 1000} s`, 'unavailable')),
        ),
      PATIENCE_MS,
    );
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}

/** What PostgreSQL itself says, in brackets; where the engine broke off without a word, nothing that a person could use is known. */
function engineReason(error: unknown): string {
  return error instanceof DatabaseError && error.code?.length === 5 ? ` (${error.message})` : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
