import { Pool, type PoolClient } from 'pg';
import { UserFault } from '../../core/process.ts';
import { type Database, type Queries, toDatabaseError } from './database.ts';

/** PostgreSQL by connection string, through a small pool: one connection writes, the others read. */
export class PostgresDatabase implements Database {
  readonly #pool: Pool;

  private constructor(pool: Pool) {
    this.#pool = pool;
  }

  /**
   * Connects once, to say at the start what is wrong.
   * @throws {UserFault} without the connection string's password.
   */
  static async open(connectionString: string): Promise<PostgresDatabase> {
    const pool = new Pool({ connectionString, max: 4, connectionTimeoutMillis: 5000 });
    // An idle connection that the server closes must not end the process: the next query opens another.
    pool.on('error', () => undefined);
    try {
      await pool.query('SELECT 1');
      return new PostgresDatabase(pool);
    } catch (error) {
      await pool.end();
      throw new UserFault(
        `The historian's PostgreSQL at ${withoutPassword(connectionString)} cannot be reached: ${toDatabaseError(error).message}. Check the address, user and password, and that the server runs.`,
      );
    }
  }

  async query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>(sql, [...parameters])).rows;
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  async transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result> {
    const client = await this.#connect();
    let broken = false;
    // A connection that the server ends between two statements says so here; unheard, it would end the hub.
    const onError = () => {
      broken = true;
    };
    client.on('error', onError);
    const queries: Queries = {
      query: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) => {
        try {
          return (await client.query<Row>(sql, [...parameters])).rows;
        } catch (error) {
          throw toDatabaseError(error);
        }
      },
    };
    try {
      await queries.query('BEGIN');
      const result = await work(queries);
      await queries.query('COMMIT');
      return result;
    } catch (error) {
      await queries.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async tidy(): Promise<void> {
    // A server has its own checkpoints and autovacuum.
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw toDatabaseError(error);
    }
  }
}

/** A connection string as it may be shown. */
export function withoutPassword(connectionString: string): string {
  try {
    const url = new URL(connectionString);
    return `${url.host}${url.pathname}`;
  } catch {
    return 'the given connection string';
  }
}
