import { DatabaseSync } from 'node:sqlite';
import { UserFault } from '../../core/process.ts';

/**
 * Holds the data folder for this process. PGlite takes no lock of its own, and two engines on one folder destroy it. An
 * exclusive lock on a small SQLite file is the operating system's, so it ends with the process however that ends.
 */
export class FolderLock {
  readonly #file: DatabaseSync;

  /** @throws {UserFault} where another process holds it. */
  constructor(lockFile: string) {
    this.#file = new DatabaseSync(lockFile);
    try {
      this.#file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    } catch (error) {
      this.#file.close();
      throw new UserFault(
        `The historian's data beside ${lockFile} is in use by another process: stop that one, or use another data folder (${error instanceof Error ? error.message : String(error)}).`,
      );
    }
  }

  release(): void {
    this.#file.close();
  }
}
