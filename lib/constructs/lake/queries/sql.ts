import type { Line } from '../../../../core/site/site.ts';

/** Pieces of the lake's SQL: Trino's, as Athena engine version 3 speaks it. */

/** The site as queries need it. */
export interface QueriedSite {
  readonly timeZone: string;
  /** The lines that are deployed. */
  readonly lines: readonly Line[];
}

/** The local days that a query is about, both included, as SQL expressions of type date. */
export interface QueriedDays {
  readonly first: string;
  readonly last: string;
}

/** The last seven local days and today. */
export function lastWeek(timeZone: string): QueriedDays {
  const today = `CAST(current_timestamp AT TIME ZONE ${text(timeZone)} AS date)`;
  return { first: daysLater(today, -7), last: today };
}

/** A text as a literal. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A list of texts, for IN. */
export function texts(values: readonly string[]): string {
  return `(${values.map(text).join(', ')})`;
}

/** The date some days later or earlier. */
export function daysLater(date: string, days: number): string {
  return `date_add('day', ${days}, ${date})`;
}

/**
 * The instant, in ms since 1970, at which the zone's clocks show a timestamp. What daylight saving repeats means its first occurrence and what it
 * skips as much after the change, as `instantOf` of core/oee/time-zone.ts.
 */
export function instantMs(timestamp: string, timeZone: string): string {
  return `to_unixtime(with_timezone(${timestamp}, ${text(timeZone)})) * 1000`;
}

/**
 * A filter by partition, wide enough for any time zone and for a shift that ends on the next day. It must not come from another table: only
 * what is constant keeps Athena from reading every day there is.
 */
export function partitionsOf({ first, last }: QueriedDays, lookBackDays = 1): string {
  return `dt BETWEEN CAST(${daysLater(first, -lookBackDays)} AS varchar) AND CAST(${daysLater(last, 2)} AS varchar)`;
}

/** Columns that take a path apart. */
export const PATH_COLUMNS = "split_part(path, '/', 2) AS line_id, split_part(path, '/', 3) AS machine_id";
/** The path's signal. */
export const SIGNAL = "split_part(path, '/', 4)";

/** Rows of a VALUES list, one a line. */
export function rows(values: readonly string[]): string {
  return values.map((value) => `    (${value})`).join(',\n');
}

/**
 * A query that gives `line_id, machine_id` of some machines. A row a line, not a machine: Athena keeps 262,144 characters of a query, and a
 * factory may have thousands of machines. Ids have no comma.
 */
export function machinesSql(lines: readonly { readonly id: string; readonly machineIds: readonly string[] }[]): string {
  return `SELECT line_id, machine_id
  FROM (
  VALUES
${rows(lines.map(({ id, machineIds }) => `${text(id)}, ${text(machineIds.join(','))}`))}
  ) AS line (line_id, machine_ids)
  CROSS JOIN UNNEST(split(machine_ids, ',')) AS machine_of_line (machine_id)`;
}
