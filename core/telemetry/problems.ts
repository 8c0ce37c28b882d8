/** What a pipeline met and could not take as it was; for logs and health, never an exception. */
export type ProblemKind =
  | 'unknown-signal'
  | 'unknown-state-code'
  | 'unknown-product'
  | 'wrong-type'
  | 'bad-quality'
  | 'bad-timestamp'
  | 'late-reading'
  | 'reordered'
  | 'rate-limited'
  | 'ambiguous-counter'
  | 'implausible-counter'
  | 'gateway-clock-stepped-back'
  | 'checkpoint-refused';

/** How often a kind of problem was met since the start, and the last of them in words. */
export interface Problem {
  readonly count: number;
  /** A sentence for a person: which signal, what was got, what follows from it. */
  readonly lastMessage: string;
  /** Gateway time, ms since 1970. */
  readonly lastMs: number;
}

/** Longest part of a foreign value that a message repeats, in characters. */
const SHOWN_CHARACTERS = 60;

/** Counts problems by kind. */
export class Problems {
  readonly #byKind = new Map<ProblemKind, Problem>();

  /** All kinds met so far. */
  get byKind(): ReadonlyMap<ProblemKind, Problem> {
    return this.#byKind;
  }

  note(kind: ProblemKind, lastMessage: string, lastMs: number): void {
    this.#byKind.set(kind, { count: (this.#byKind.get(kind)?.count ?? 0) + 1, lastMessage, lastMs });
  }
}

/** A foreign value as a message may show it: short, and without calling anything of a foreign object. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}...` : value);
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
