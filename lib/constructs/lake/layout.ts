/** How the lake's bucket is laid out, and what its table is called. */

/** Prefixes in the lake's bucket. */
export const LAKE_PREFIX = {
  /** `samples/dt=2026-03-29/...parquet`: rows by event day (UTC). */
  samples: 'samples/',
  /** Records that Firehose could not convert or partition, by kind of error and day of arrival. */
  failed: 'failed/',
} as const;

/** The table of rows as they came, duplicates included. */
export const RAW_TABLE = 'samples_raw';
/** The view to ask: one row a path and time. */
export const SAMPLES_VIEW = 'samples';

/** The first day that the lake knows: before the project there was none. */
export const FIRST_DAY = '2024-01-01';

/** A column, in the words of Hive (the table) and of Trino (the view). */
export interface LakeColumn {
  readonly name: string;
  readonly hive: 'string' | 'bigint' | 'double';
  readonly trino: 'varchar' | 'bigint' | 'double';
  readonly comment: string;
}

/** The partition's column: it is in the objects' keys, not in the files. */
export const PARTITION_COLUMN: LakeColumn = {
  name: 'dt',
  hive: 'string',
  trino: 'varchar',
  comment: "The event's day in UTC, e.g. 2026-03-29",
};

/** The files' columns: the fields of `LakeRow` (lambda/normalize/contract.ts) but for the partition. */
export const LAKE_COLUMNS: readonly LakeColumn[] = [
  { name: 'path', hive: 'string', trino: 'varchar', comment: '<site>/<line>/<machine>/<signal>' },
  { name: 'ts', hive: 'bigint', trino: 'bigint', comment: 'Event time, ms since 1970' },
  { name: 'quality', hive: 'string', trino: 'varchar', comment: 'GOOD, BAD or UNCERTAIN' },
  { name: 'value_double', hive: 'double', trino: 'double', comment: 'A number, or 1 and 0 for true and false' },
  { name: 'value_string', hive: 'string', trino: 'varchar', comment: 'A text' },
  { name: 'ingested_at', hive: 'bigint', trino: 'bigint', comment: 'Arrival in the cloud, ms since 1970' },
];
