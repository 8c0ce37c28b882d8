import { UserFault } from '../../core/process.ts';
import { errorCode } from './error-code.ts';

const CLAUSES: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  ENOENT: "it can't be made there",
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder, not a file',
  EIO: 'the disk is failing',
};

/** What went wrong with a file or folder, as a clause without error numbers. */
export function clauseOf(error: unknown): string {
  return CLAUSES[errorCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
}

/** One sentence for what the operating system says of a file, if that is what an error is about; else the error itself. */
export function toDiskFault(error: unknown): unknown {
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  if (typeof path !== 'string' || CLAUSES[errorCode(error) ?? ''] === undefined) return error;
  return new UserFault(
    `${path} can't be read or written: ${clauseOf(error)}. Mend that, or choose another folder with --data.`,
  );
}
