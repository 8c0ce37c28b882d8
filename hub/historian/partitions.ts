import type { Database } from './database.ts';
import { DatabaseError } from './database.ts';

/** A partition holds a week: few enough to plan quickly over a year, small enough to drop exactly what is too old. */
export const WEEK_MS = 7 * 24 * 3_600_000;

/** The tables that are partitioned by time, and how long each is kept relative to the retention. */
export const PARTITIONED = ['sample', 'rollup_minute', 'tick_hour', 'metric'] as const;
export type PartitionedTable = (typeof PARTITIONED)[number];

/** Times outside of 2000..2100 are no plant's: refused, since each would cost a partition. */
const EARLIEST_MS = Date.UTC(2000, 0);
const LATEST_MS = Date.UTC(2100, 0);

/** Makes partitions when a value needs them, late and future ones too, and drops the ones that are too old. */
export class Partitions {
  readonly #database: Database;
  readonly #known = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Reads which partitions exist. */
  async load(): Promise<void> {
    this.#known.clear();
    for (const { name } of await this.#list()) this.#known.add(name);
  }

  /** @throws {DatabaseError} of kind `data` for a time outside of 2000..2100. */
  async ensure(table: PartitionedTable, timesMs: Iterable<number>): Promise<void> {
    for (const timeMs of timesMs) {
      const week = Math.floor(timeMs / WEEK_MS);
      const name = `${table}_w${week}`;
      if (this.#known.has(name)) continue;
      if (!(timeMs >= EARLIEST_MS && timeMs < LATEST_MS)) {
        throw new DatabaseError(`the time ${timeMs} ms is outside of the years 2000 to 2100`, 'data');
      }
      await this.#database.query(
        `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${table} FOR VALUES FROM (${week * WEEK_MS}) TO (${(week + 1) * WEEK_MS})`,
      );
      this.#known.add(name);
    }
  }

  /** Drops every partition that ends at or before `beforeMs`. @returns their names. */
  async dropBefore(beforeMs: number): Promise<string[]> {
    const dropped: string[] = [];
    for (const { name } of await this.#list()) {
      const week = Number(name.slice(name.lastIndexOf('_w') + 2));
      if ((week + 1) * WEEK_MS > beforeMs) continue;
      await this.#database.query(`DROP TABLE ${name}`);
      this.#known.delete(name);
      dropped.push(name);
    }
    return dropped;
  }

  #list(): Promise<{ name: string }[]> {
    return this.#database.query<{ name: string }>(
      `SELECT child.relname AS name FROM pg_inherits
         JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent
       WHERE parent.relname = ANY($1) AND child.relkind = 'r'`,
      [PARTITIONED],
    );
  }
}
