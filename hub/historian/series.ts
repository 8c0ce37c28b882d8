import { TICK_SIGNALS, UNATTRIBUTED_SIGNAL } from '../../core/telemetry/types.ts';
import type { Database } from './database.ts';

/** Signals that come once a minute by themselves: a roll-up by minute would only repeat them; they are summed by hour instead. */
export const MINUTE_SIGNALS: ReadonlySet<string> = new Set([
  ...TICK_SIGNALS,
  UNATTRIBUTED_SIGNAL,
  'rejected-unattributed',
  'mes-s',
  'mes-rejected',
]);

/** The short ids of the paths; the whole table is in memory, since every value needs one. */
export class SeriesIds {
  readonly #database: Database;
  readonly #ids = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  async load(): Promise<void> {
    this.#ids.clear();
    const rows = await this.#database.query<{ id: number; path: string }>('SELECT id, path FROM series');
    for (const { id, path } of rows) this.#ids.set(path, id);
  }

  /** undefined for a path that never had a value. */
  get(path: string): number | undefined {
    return this.#ids.get(path);
  }

  /** Gives every path an id. In a transaction of its own, so that a failing commit cannot leave ids that do not exist. */
  async ensure(paths: Iterable<string>): Promise<void> {
    const missing = [...new Set(paths)].filter((path) => !this.#ids.has(path));
    if (missing.length === 0) return;
    await this.#database.query('INSERT INTO series (path) SELECT unnest($1::text[]) ON CONFLICT (path) DO NOTHING', [
      missing,
    ]);
    const rows = await this.#database.query<{ id: number; path: string }>(
      'SELECT id, path FROM series WHERE path = ANY($1::text[])',
      [missing],
    );
    for (const { id, path } of rows) this.#ids.set(path, id);
  }

  /** Ids of the series whose path is wanted. */
  idsWhere(isWanted: (path: string) => boolean): number[] {
    return [...this.#ids].filter(([path]) => isWanted(path)).map(([, id]) => id);
  }
}

/** Whether a path's values come once a minute and add up (ticks). */
export function isMinuteSignal(path: string): boolean {
  return MINUTE_SIGNALS.has(path.slice(path.lastIndexOf('/') + 1));
}
