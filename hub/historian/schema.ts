import type { Database } from './database.ts';

/**
 * Versioned migrations: each runs once, in order, in one transaction with the note that it ran. Released ones never change.
 * Times are integer milliseconds since 1970; `time_ms` and `end_ms` are the partition keys, see partitions.ts.
 */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE series (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path text NOT NULL UNIQUE)`,
    `CREATE TABLE sample (
       series_id integer NOT NULL, time_ms bigint NOT NULL,
       value_double double precision, value_string text, value_boolean boolean,
       quality smallint NOT NULL,
       PRIMARY KEY (series_id, time_ms)
     ) PARTITION BY RANGE (time_ms)`,
    `CREATE TABLE rollup_minute (
       series_id integer NOT NULL, end_ms bigint NOT NULL, count integer NOT NULL, average double precision NOT NULL,
       minimum double precision NOT NULL, minimum_ms bigint NOT NULL,
       maximum double precision NOT NULL, maximum_ms bigint NOT NULL,
       first double precision NOT NULL, first_ms bigint NOT NULL,
       last double precision NOT NULL, last_ms bigint NOT NULL,
       PRIMARY KEY (series_id, end_ms)
     ) PARTITION BY RANGE (end_ms)`,
    `CREATE TABLE rollup_due (end_ms bigint PRIMARY KEY)`,
    `CREATE TABLE metric (
       path text NOT NULL, property text NOT NULL, end_ms bigint NOT NULL, value double precision NOT NULL,
       PRIMARY KEY (path, property, end_ms)
     ) PARTITION BY RANGE (end_ms)`,
    `CREATE TABLE outbox_cursor (
       gateway text NOT NULL, outbox text NOT NULL, sequence bigint NOT NULL, changed_ms bigint NOT NULL,
       PRIMARY KEY (gateway, outbox)
     )`,
    `CREATE TABLE simulated_period (
       machine_path text NOT NULL, from_ms bigint NOT NULL, to_ms bigint NOT NULL,
       PRIMARY KEY (machine_path, from_ms)
     )`,
    `CREATE TABLE poison_batch (
       id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, set_aside_ms bigint NOT NULL,
       gateway text NOT NULL, outbox text NOT NULL, sequence bigint NOT NULL, reason text NOT NULL, content text NOT NULL
     )`,
  ],
  [
    `CREATE TABLE tick_hour (
       series_id integer NOT NULL, end_ms bigint NOT NULL, sum double precision NOT NULL, ticks integer NOT NULL,
       PRIMARY KEY (series_id, end_ms)
     ) PARTITION BY RANGE (end_ms)`,
    `CREATE TABLE tick_hour_due (end_ms bigint PRIMARY KEY)`,
    // Whatever there is already is to be summed up; until then it is read tick by tick.
    `INSERT INTO tick_hour_due SELECT DISTINCT (time_ms + 3599999) / 3600000 * 3600000 FROM sample
     WHERE series_id IN (SELECT id FROM series WHERE path ~ '/(run-s|busy-s|produced-unattributed|mes-s|mes-rejected)$')`,
  ],
];

/** Brings the database to the newest version. Two hubs that start at once do it one after the other. */
export async function migrate(database: Database): Promise<void> {
  await database.query('CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)');
  await database.transaction(async ({ query }) => {
    await query('LOCK TABLE schema_version IN EXCLUSIVE MODE');
    const [row] = await query<{ version: number }>(
      'SELECT coalesce(max(version), 0)::integer AS version FROM schema_version',
    );
    for (let version = (row?.version ?? 0) + 1; version <= MIGRATIONS.length; version += 1) {
      for (const statement of MIGRATIONS[version - 1] ?? []) await query(statement);
      await query('INSERT INTO schema_version (version) VALUES ($1)', [version]);
    }
  });
}
