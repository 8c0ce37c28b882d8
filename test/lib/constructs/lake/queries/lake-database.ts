import { PGlite } from '@electric-sql/pglite';
import type { Sample } from '../../../../../core/telemetry/types.ts';
import { lakeRow } from '../../../../../lambda/normalize/rows.ts';
import { LAKE_COLUMNS, PARTITION_COLUMN, RAW_TABLE, SAMPLES_VIEW } from '../../../../../lib/constructs/lake/layout.ts';
import { samplesViewSql } from '../../../../../lib/constructs/lake/queries/samples-view.ts';

/** Functions of Trino that the queries use and PostgreSQL does not have, by those that it has. */
export const TRINO_FUNCTIONS = `
  CREATE FUNCTION with_timezone(timestamp, text) RETURNS timestamptz LANGUAGE sql AS 'SELECT $1 AT TIME ZONE $2';
  CREATE FUNCTION to_unixtime(timestamptz) RETURNS float8 LANGUAGE sql AS 'SELECT extract(epoch FROM $1)::float8';
  CREATE FUNCTION from_unixtime(bigint) RETURNS timestamptz LANGUAGE sql AS 'SELECT to_timestamp($1)';
  CREATE FUNCTION date_add(text, integer, date) RETURNS date LANGUAGE sql AS 'SELECT $3 + $2';
  CREATE FUNCTION date_add(text, integer, timestamp) RETURNS timestamp LANGUAGE sql
    AS 'SELECT $3 + make_interval(mins => $2)';
  CREATE FUNCTION sequence(date, date, interval) RETURNS date[] LANGUAGE sql
    AS 'SELECT array_agg(day::date) FROM generate_series($1::timestamp, $2::timestamp, $3) AS day';
  CREATE FUNCTION split(text, text) RETURNS text[] LANGUAGE sql AS 'SELECT string_to_array($1, $2)';
  CREATE FUNCTION day_of_week(date) RETURNS bigint LANGUAGE sql AS 'SELECT extract(isodow FROM $1)::bigint';
`;

const POSTGRES_TYPES = { varchar: 'text', bigint: 'bigint', double: 'float8' } as const;

/**
 * The lake's table and view in PostgreSQL, so that queries are run and not only read. It stands in for Trino: both have the same windows, joins and
 * aggregates; what they have not in common is above.
 */
export class LakeDatabase {
  readonly #database = new PGlite();

  async open(): Promise<void> {
    const columns = [...LAKE_COLUMNS, PARTITION_COLUMN].map(({ name, trino }) => `${name} ${POSTGRES_TYPES[trino]}`);
    await this.#database.exec(`
      SET TIME ZONE 'UTC';
      ${TRINO_FUNCTIONS}
      CREATE TABLE ${RAW_TABLE} (${columns.join(', ')});
      CREATE VIEW ${SAMPLES_VIEW} AS ${samplesViewSql()};
    `);
  }

  async clear(): Promise<void> {
    await this.#database.exec(`TRUNCATE ${RAW_TABLE}`);
  }

  /** Adds rows as the function that normalizes makes them. @param ingestedAtMs @default a second after the event */
  async add(samples: readonly Sample[], ingestedAtMs?: number): Promise<void> {
    const rows = samples.map((sample) => lakeRow(sample, ingestedAtMs ?? sample.timeMs + 1000));
    await this.#database.query(
      `INSERT INTO ${RAW_TABLE} (path, ts, dt, quality, value_double, value_string, ingested_at)
       SELECT path, ts, dt, quality, value_double, value_string, ingested_at
       FROM json_to_recordset($1::json) AS row (path text, ts bigint, dt text, quality text, value_double float8,
         value_string text, ingested_at bigint)`,
      [JSON.stringify(rows)],
    );
  }

  /** What a query answers; whole numbers as numbers. */
  async ask(sql: string): Promise<Record<string, unknown>[]> {
    const { rows } = await this.#database.query<Record<string, unknown>>(sql);
    return rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'bigint' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
            ? Number(value)
            : value instanceof Date && name.endsWith('day')
              ? value.toISOString().slice(0, 10)
              : value,
        ]),
      ),
    );
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
