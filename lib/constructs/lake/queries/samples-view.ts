import { type LakeColumn, RAW_TABLE } from '../layout.ts';

/**
 * The view without duplicates. A value may arrive twice (QoS 1, a repeated record, a backlog that overlaps): of rows with the same path and time
 * the one that arrived last counts. The day is among the keys so that a filter by day reaches the table beneath the window.
 */
export function samplesViewSql(): string {
  return `SELECT path, ts, quality, value_double, value_string, ingested_at, dt
FROM (
  SELECT *, row_number() OVER (PARTITION BY dt, path, ts ORDER BY ingested_at DESC) AS nth
  FROM ${RAW_TABLE}
) AS numbered
WHERE nth = 1`;
}

/** A view as Athena reads it from the Glue catalog: Trino's JSON, base64, in a comment. */
export function prestoView(sql: string, columns: readonly LakeColumn[], database: string): string {
  const view = {
    originalSql: sql,
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map(({ name, trino }) => ({ name, type: trino })),
  };
  return `/* Presto View: ${Buffer.from(JSON.stringify(view)).toString('base64')} */`;
}
