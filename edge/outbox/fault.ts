import { UserFault } from '../../core/process.ts';

// SQLite's primary result codes (https://sqlite.org/rescode.html); extended codes hold them in the low byte.
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** SQLite's primary result code of an error of `node:sqlite`, undefined for other errors. */
function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Whether an error says that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return resultCode(error) === SQLITE_FULL || (error as { code?: unknown } | null)?.code === 'ENOSPC';
}

/** One sentence for a person on why the outbox can't be used; other errors (our own faults) are returned as they are. */
export function toOutboxFault(error: unknown, file: string): unknown {
  const system = (error as { code?: unknown } | null)?.code;
  if (isDiskFull(error)) {
    return new UserFault(
      `The disk that holds the outbox ${file} is full. Free some space and start again; nothing was lost or changed.`,
    );
  }
  if (system === 'EACCES' || system === 'EROFS' || system === 'EPERM' || system === 'ENOTDIR' || system === 'EEXIST') {
    return new UserFault(
      `The outbox ${file} can't be written (${system}). Make its folder a folder that this user may write, or choose another with --data.`,
    );
  }
  switch (resultCode(error)) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new UserFault(
        `The outbox ${file} is damaged and was left as it is. Move it aside (keep it: what the hub has not yet stored may be recovered from it) and start again.`,
      );
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return new UserFault(
        `The outbox ${file} can't be opened for writing. Make its folder writable for this user, or choose another with --data.`,
      );
    case SQLITE_BUSY:
      return new UserFault(`The outbox ${file} is in use by another process. Stop that one first.`);
    default:
      return error;
  }
}
