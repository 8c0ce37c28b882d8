import type { ShiftConfig } from '../../../../core/site/schema.ts';
import { SAMPLES_VIEW } from '../layout.ts';
import {
  instantMs,
  lastWeek,
  machinesSql,
  PATH_COLUMNS,
  partitionsOf,
  type QueriedDays,
  type QueriedSite,
  rows,
  SIGNAL,
  text,
  texts,
} from './sql.ts';

/** What OEE by shift is about. */
export interface OeeByShift extends QueriedSite {
  /** Without any, days take their place. */
  readonly shifts: readonly ShiftConfig[];
  /** Whether the MES corrects quality: `mes-s` and `mes-rejected` count. */
  readonly qualityFeedback: boolean;
  /** @default the last week */
  readonly days?: QueriedDays;
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MINUTES_A_DAY = 1440;

/**
 * Availability, performance, quality and OEE of each machine and line, by shift in the site's time zone: sums of ticks, which are stamped with
 * their minute's end, so a shift is (start, end]. A shift over midnight belongs to the day on which it starts. A line's figure is made of its
 * counted machines. The rules of missing figures are those of core/oee/figures.ts.
 */
export function oeeByShiftSql(query: OeeByShift): string {
  const { timeZone, qualityFeedback } = query;
  const days = query.days ?? lastWeek(timeZone);
  const good = qualityFeedback ? ['good-s', 'mes-s'] : ['good-s'];
  const rejected = qualityFeedback ? ['rejected', 'mes-rejected'] : ['rejected'];
  const signals = ['run-s', 'busy-s', 'planned-s', 'unknown-s', 'ideal-s', ...good, 'produced', ...rejected];
  const counted = query.lines
    .map(({ id, countedMachineIds }) => ({ id, machineIds: countedMachineIds }))
    .filter(({ machineIds }) => machineIds.length > 0);
  const boundary = (minutes: string) =>
    instantMs(`date_add('minute', ${minutes}, CAST(local_day AS timestamp))`, timeZone);
  const sums = ['run_s', 'busy_s', 'planned_s', 'unknown_s', 'ideal_s', 'good_s', 'produced', 'rejected'];
  return `-- OEE by shift, in the time zone ${timeZone}. A machine's row, and a line's of its counted machines.
WITH shift (shift_id, shift_name, start_minute, end_minute, weekdays) AS (
  VALUES
${rows(shiftRows(query.shifts))}
),
shift_instance AS (
  SELECT shift_id, shift_name, local_day AS shift_day,
    ${boundary('start_minute')} AS from_ms,
    ${boundary('end_minute')} AS to_ms
  FROM shift
  CROSS JOIN UNNEST(sequence(${days.first}, ${days.last}, INTERVAL '1' DAY)) AS calendar (local_day)
  WHERE strpos(weekdays, CAST(day_of_week(local_day) AS varchar)) > 0
),
tick AS (
  SELECT ${PATH_COLUMNS}, ${SIGNAL} AS signal, ts, value_double
  FROM ${SAMPLES_VIEW}
  WHERE ${partitionsOf(days)}
    AND quality = 'GOOD'
    AND ${SIGNAL} IN ${texts(signals)}
),
machine_shift AS (
  SELECT shift_day, from_ms, to_ms, shift_id, shift_name, line_id, machine_id,
    count(CASE WHEN signal = 'busy-s' THEN 1 END) AS minutes_with_data,
    count(CASE WHEN signal = 'ideal-s' THEN 1 END) > 0 AS parts_known,
    ${sumOf(['run-s'])} AS run_s,
    ${sumOf(['busy-s'])} AS busy_s,
    ${sumOf(['planned-s'])} AS planned_s,
    ${sumOf(['unknown-s'])} AS unknown_s,
    ${sumOf(['ideal-s'])} AS ideal_s,
    ${sumOf(good)} AS good_s,
    ${sumOf(['produced'])} AS produced,
    ${sumOf(rejected)} AS rejected
  FROM shift_instance
  JOIN tick ON ts > from_ms AND ts <= to_ms
  GROUP BY shift_day, from_ms, to_ms, shift_id, shift_name, line_id, machine_id
),
${counted.length === 0 ? '' : countedSql(counted, sums)}figure AS (
  SELECT shift_day, from_ms, shift_id, shift_name, line_id, machine_id, minutes_with_data, parts_known,
    ${sums.join(', ')}
  FROM machine_shift${
    counted.length === 0
      ? ''
      : `
  UNION ALL
  SELECT shift_day, from_ms, shift_id, shift_name, line_id, CAST(NULL AS varchar), minutes_with_data, parts_known,
    ${sums.join(', ')}
  FROM line_shift`
  }
)
SELECT shift_day, shift_id, shift_name, line_id, machine_id, minutes_with_data,
  run_s / nullif(busy_s, 0) AS availability,
  CASE WHEN parts_known AND (ideal_s <> 0 OR produced = 0) THEN ideal_s / nullif(run_s, 0) END AS performance,
  CASE WHEN parts_known AND (ideal_s <> 0 OR produced = 0) THEN good_s / nullif(ideal_s, 0) END AS quality,
  CASE WHEN parts_known AND (ideal_s <> 0 OR produced = 0) THEN good_s / nullif(busy_s, 0) END AS oee,
  ${sums.join(', ')}
FROM figure
ORDER BY from_ms, line_id, machine_id`;
}

function countedSql(counted: Parameters<typeof machinesSql>[0], sums: readonly string[]): string {
  return `counted AS (
  ${machinesSql(counted)}
),
line_shift AS (
  SELECT shift_day, from_ms, shift_id, shift_name, machine_shift.line_id AS line_id,
    CAST(sum(minutes_with_data) AS bigint) AS minutes_with_data,
    bool_and(parts_known) AS parts_known,
    ${sums.map((name) => `sum(${name}) AS ${name}`).join(', ')}
  FROM machine_shift
  JOIN counted ON counted.line_id = machine_shift.line_id AND counted.machine_id = machine_shift.machine_id
  GROUP BY shift_day, from_ms, shift_id, shift_name, machine_shift.line_id
),
`;
}

function sumOf(signals: readonly string[]): string {
  return `sum(CASE WHEN signal IN ${texts(signals)} THEN value_double ELSE 0 END)`;
}

function shiftRows(shifts: readonly ShiftConfig[]): string[] {
  if (shifts.length === 0) return [`'day', 'Day', 0, ${MINUTES_A_DAY}, '1234567'`];
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
