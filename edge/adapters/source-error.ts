/**
 * Why a source can't be read: its message is one or two sentences for a person, without secrets.
 * Adapters hand it to their sink; it never leaves them as an exception.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  /**
   * True where only a person can mend it and insisting does harm: a refused password locks accounts on many PLCs,
   * so the next attempt waits long.
   */
  readonly needsPerson: boolean;

  constructor(message: string, options: { readonly needsPerson?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.needsPerson = options.needsPerson ?? false;
  }
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** The operating system's code of an error (`ENOENT`), undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
