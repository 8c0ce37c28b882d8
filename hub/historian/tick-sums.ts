import type { Queries } from './database.ts';
import { pathsById } from './reads.ts';
import { GOOD } from './sample-rows.ts';
import { isMinuteSignal, type SeriesIds } from './series.ts';
import { HOUR_MS } from './tick-hours.ts';

/** What the ticks of one machine add up to in one range. */
export interface TickSums {
  /** The range's index. */
  readonly range: number;
  readonly machinePath: string;
  /** Signal id -> sum. */
  readonly sums: Map<string, number>;
  /** Minutes with a tick. */
  ticks: number;
}

const RANGES = 'unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS r (from_ms, to_ms, range)';
/** The first and the last full hour's boundary of a range. */
const FIRST_HOUR = `(r.from_ms + ${HOUR_MS - 1}) / ${HOUR_MS} * ${HOUR_MS}`;
const LAST_HOUR = `r.to_ms / ${HOUR_MS} * ${HOUR_MS}`;

/**
 * Sums of signals over (from, to] ranges. Full hours come from their sums; what lies before and after them, and hours that are
 * not summed up yet, from the ticks. One statement, so one state of the database: a tick counts once.
 */
export async function tickSums(
  queries: Queries,
  series: SeriesIds,
  machinePaths: readonly string[],
  signals: readonly string[],
  ranges: readonly { readonly fromMs: number; readonly toMs: number }[],
): Promise<TickSums[]> {
  const strange = signals.find((signal) => !isMinuteSignal(`/${signal}`));
  if (strange !== undefined) throw new TypeError(`${strange} is no signal that comes once a minute and adds up`);
  const pathOf = pathsById(
    series,
    machinePaths.flatMap((machinePath) => signals.map((signal) => `${machinePath}/${signal}`)),
  );
  if (pathOf.size === 0 || ranges.length === 0) return [];
  const rows = await queries.query<{ range: number; series_id: number; sum: number; ticks: number }>(
    `WITH part AS MATERIALIZED (
       SELECT r.range, piece.from_ms, piece.to_ms FROM ${RANGES} CROSS JOIN LATERAL (
         SELECT r.from_ms AS from_ms, least(${FIRST_HOUR}, r.to_ms) AS to_ms
         UNION ALL SELECT greatest(${LAST_HOUR}, ${FIRST_HOUR}), r.to_ms
         UNION ALL SELECT d.end_ms - ${HOUR_MS}, d.end_ms FROM tick_hour_due d
           WHERE d.end_ms > ${FIRST_HOUR} AND d.end_ms <= r.to_ms
       ) piece WHERE piece.from_ms < piece.to_ms
     )
     SELECT range::integer AS range, series_id, sum(sum) AS sum, sum(ticks)::integer AS ticks FROM (
       SELECT r.range, hours.series_id, hours.sum, hours.ticks FROM ${RANGES} CROSS JOIN LATERAL (
         SELECT h.series_id, sum(h.sum) AS sum, sum(h.ticks) AS ticks FROM tick_hour h
         WHERE h.series_id = ANY($3::integer[]) AND h.end_ms > ${FIRST_HOUR} AND h.end_ms <= r.to_ms
           AND NOT EXISTS (SELECT 1 FROM tick_hour_due d WHERE d.end_ms = h.end_ms)
         GROUP BY h.series_id
       ) hours
       UNION ALL
       SELECT part.range, minutes.series_id, minutes.sum, minutes.ticks FROM part CROSS JOIN LATERAL (
         SELECT s.series_id, sum(s.value_double) AS sum, count(*) AS ticks FROM sample s
         WHERE s.series_id = ANY($3::integer[]) AND s.time_ms > part.from_ms AND s.time_ms <= part.to_ms
           AND s.quality = ${GOOD} AND s.value_double IS NOT NULL
         GROUP BY s.series_id
       ) minutes
     ) AS summed GROUP BY range, series_id`,
    [ranges.map((range) => range.fromMs), ranges.map((range) => range.toMs), [...pathOf.keys()]],
  );
  const found = new Map<string, TickSums>();
  for (const row of rows) {
    const path = pathOf.get(row.series_id) ?? '';
    const cut = path.lastIndexOf('/');
    const machinePath = path.slice(0, cut);
    const key = `${row.range} ${machinePath}`;
    const entry = found.get(key) ?? { range: row.range - 1, machinePath, sums: new Map<string, number>(), ticks: 0 };
    entry.sums.set(path.slice(cut + 1), row.sum);
    entry.ticks = Math.max(entry.ticks, row.ticks);
    found.set(key, entry);
  }
  return [...found.values()];
}
