import type { ShiftConfig } from '../../../../core/site/schema.ts';
import { instantMs, type QueriedDays, rows, text } from './sql.ts';

/** Shifts by the clocks of the site's time zone, as spans of time: what ticks and states are counted in. */

/** What stands for a time outside of all shifts. */
export const NO_SHIFT = 'none';
/** What stands for the whole day where a site has no shifts. */
export const WHOLE_DAY = { id: 'day', name: 'Day' } as const;

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTES_A_DAY = 1440;

/** Where shifts are laid out. */
export interface ShiftCalendar {
  readonly timeZone: string;
  /** Without any, days take their place. */
  readonly shifts: readonly ShiftConfig[];
  readonly days: QueriedDays;
}

/**
 * Two tables for WITH: `shift`, and `shift_instance` with `shift_id, shift_name, shift_day, from_ms, to_ms`. A shift over midnight belongs to the
 * day on which it starts. A tick is stamped with its minute's end, so of ticks a shift is (start, end].
 */
export function shiftInstancesSql({ timeZone, shifts, days }: ShiftCalendar): string {
  const boundary = (minutes: string) =>
    instantMs(`date_add('minute', ${minutes}, CAST(local_day AS timestamp))`, timeZone);
  return `shift (shift_id, shift_name, start_minute, end_minute, weekdays) AS (
  VALUES
${rows(shiftRows(shifts))}
),
shift_instance AS (
  SELECT shift_id, shift_name, local_day AS shift_day,
    ${boundary('start_minute')} AS from_ms,
    ${boundary('end_minute')} AS to_ms
  FROM shift
  CROSS JOIN UNNEST(${calendarOf(days)}) AS calendar (local_day)
  WHERE strpos(weekdays, CAST(day_of_week(local_day) AS varchar)) > 0
)`;
}

/**
 * As {@link shiftInstancesSql}, with a further table `shift_span`: the shifts' spans and, with the id {@link NO_SHIFT}, those outside of all. A
 * midnight cuts the latter, so that each belongs to one local day.
 */
export function shiftSpansSql(calendar: ShiftCalendar): string {
  const before = 'OVER (ORDER BY from_ms, to_ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)';
  return `${shiftInstancesSql(calendar)},
mark AS (
  SELECT CAST(NULL AS date) AS midnight_of, from_ms, to_ms
  FROM shift_instance
  UNION ALL
  SELECT local_day, ${instantMs('CAST(local_day AS timestamp)', calendar.timeZone)},
    ${instantMs('CAST(local_day AS timestamp)', calendar.timeZone)}
  FROM UNNEST(${calendarOf(calendar.days)}) AS calendar (local_day)
),
between_shifts AS (
  SELECT max(midnight_of) ${before} AS shift_day,
    max(to_ms) ${before} AS from_ms,
    from_ms AS to_ms
  FROM mark
),
shift_span AS (
  SELECT shift_id, shift_day, from_ms, to_ms
  FROM shift_instance
  UNION ALL
  SELECT '${NO_SHIFT}', shift_day, from_ms, to_ms
  FROM between_shifts
  WHERE from_ms < to_ms AND shift_day IS NOT NULL
)`;
}

/** A table for WITH, after {@link shiftSpansSql}: `chosen_span` with `from_ms, to_ms`, no instant twice where chosen shifts overlap. */
export function chosenSpansSql(shiftIds: string): string {
  const told = 'max(to_ms) OVER (ORDER BY from_ms, to_ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)';
  return `distinct_span AS (
  SELECT greatest(from_ms, coalesce(${told}, from_ms)) AS from_ms, to_ms
  FROM shift_span
  WHERE shift_id IN (${shiftIds})
),
chosen_span AS (
  SELECT from_ms, to_ms FROM distinct_span WHERE from_ms < to_ms
)`;
}

function calendarOf({ first, last }: QueriedDays): string {
  return `sequence(${first}, ${last}, INTERVAL '1' DAY)`;
}

function shiftRows(shifts: readonly ShiftConfig[]): string[] {
  if (shifts.length === 0) return [`${text(WHOLE_DAY.id)}, ${text(WHOLE_DAY.name)}, 0, ${MINUTES_A_DAY}, '1234567'`];
  return shifts.map(({ id, name, start, end, days }) => {
    const startMinute = minutesOf(start);
    const endMinute = minutesOf(end) <= startMinute ? minutesOf(end) + MINUTES_A_DAY : minutesOf(end);
    const weekdays = WEEKDAYS.flatMap((day, index) => (days === undefined || days.includes(day) ? [index + 1] : []));
    return `${text(id)}, ${text(name ?? id)}, ${startMinute}, ${endMinute}, '${weekdays.join('')}'`;
  });
}

/** Minutes since midnight of `06:30`, as the site file's schema has checked it. */
function minutesOf(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':');
  return Number(hours) * 60 + Number(minutes);
}
