/**
 * The one interface between the historian's SQL and the two engines that run it: PGlite in a thread of its own, and
 * PostgreSQL by connection string. Rows come back as plain objects; cast `bigint` to `float8` in the SQL, since the
 * engines disagree on how to show it in JavaScript.
 */

/** Runs SQL; inside of a transaction, in that transaction. */
export interface Queries {
  /** @throws {DatabaseError} */
  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

export interface Database extends Queries {
  /** Commits what `work` did, or nothing of it if it throws. @throws {DatabaseError} or whatever `work` throws */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** What an embedded engine leaves to its user (checkpoints, vacuum); a server looks after itself. */
  tidy(): Promise<void>;
  /** Waits for what runs, then releases files and connections. */
  close(): Promise<void>;
}

/**
 * Why a statement failed: `data`: the engine refuses these values and always will; `unavailable`: the same statement may
 * succeed later (disk full, connection lost, server restarting); `statement`: the statement itself is wrong (a defect of ours).
 */
export type DatabaseErrorKind = 'data' | 'unavailable' | 'statement';

/** An engine's error in our terms. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: DatabaseErrorKind;
  /** SQLSTATE or the operating system's code, where there is one. */
  readonly code: string | undefined;

  constructor(message: string, kind: DatabaseErrorKind, code?: string) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}

/**
 * The kind of an error by its SQLSTATE class (PostgreSQL, appendix A): 22 data exception, 23 integrity violation, 42 syntax
 * error or access rule violation; everything else, also an error without a code, may pass.
 */
export function databaseErrorKind(code: string | undefined): DatabaseErrorKind {
  if (code === undefined || code.length !== 5) return 'unavailable';
  if (code.startsWith('22') || code.startsWith('23')) return 'data';
  return code.startsWith('42') ? 'statement' : 'unavailable';
}

/** Wraps whatever an engine threw. */
export function toDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const code =
    typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
      ? error.code
      : undefined;
  return new DatabaseError(error instanceof Error ? error.message : String(error), databaseErrorKind(code), code);
}
