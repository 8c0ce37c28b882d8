import type { ShiftConfig } from '../../../../core/site/schema.ts';
import { SAMPLES_VIEW } from '../layout.ts';
import { addedSumsSql, machineSumsSql, RATIOS, tickSums, ticksSql } from './shift-ticks.ts';
import { shiftInstancesSql } from './shifts.ts';
import { lastWeek, machinesSql, partitionsOf, type QueriedDays, type QueriedSite } from './sql.ts';

/** What OEE by shift is about. */
export interface OeeByShift extends QueriedSite {
  /** Without any, days take their place. */
  readonly shifts: readonly ShiftConfig[];
  /** Whether the MES corrects quality: `mes-s` and `mes-rejected` count. */
  readonly qualityFeedback: boolean;
  /** @default the last week */
  readonly days?: QueriedDays;
}

/**
 * Availability, performance, quality and OEE of each machine and line, by shift in the site's time zone: sums of ticks, which are stamped with
 * their minute's end, so a shift is (start, end]. A shift over midnight belongs to the day on which it starts. A line's figure is made of its
 * counted machines. The rules of missing figures are those of core/oee/figures.ts.
 */
export function oeeByShiftSql(query: OeeByShift): string {
  const { timeZone, shifts, qualityFeedback } = query;
  const days = query.days ?? lastWeek(timeZone);
  const counted = query.lines
    .map(({ id, countedMachineIds }) => ({ id, machineIds: countedMachineIds }))
    .filter(({ machineIds }) => machineIds.length > 0);
  const sums = Object.keys(tickSums(qualityFeedback)).filter((name) => name !== 'down_s');
  return `-- OEE by shift, in the time zone ${timeZone}. A machine's row, and a line's of its counted machines.
WITH ${shiftInstancesSql({ timeZone, shifts, days })},
${ticksSql({ view: SAMPLES_VIEW, where: partitionsOf(days), qualityFeedback })},
machine_shift AS (
  SELECT shift_day, from_ms, to_ms, shift_id, shift_name, line_id, machine_id,
    ${machineSumsSql(qualityFeedback)}
  FROM shift_instance
  JOIN tick ON ts > from_ms AND ts <= to_ms
  GROUP BY shift_day, from_ms, to_ms, shift_id, shift_name, line_id, machine_id
),
${counted.length === 0 ? '' : countedSql(counted)}figure AS (
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
  ${RATIOS},
  ${sums.join(', ')}
FROM figure
ORDER BY from_ms, line_id, machine_id`;
}

function countedSql(counted: Parameters<typeof machinesSql>[0]): string {
  return `counted AS (
  ${machinesSql(counted)}
),
line_shift AS (
  SELECT shift_day, from_ms, shift_id, shift_name, machine_shift.line_id AS line_id,
    ${addedSumsSql()}
  FROM machine_shift
  JOIN counted ON counted.line_id = machine_shift.line_id AND counted.machine_id = machine_shift.machine_id
  GROUP BY shift_day, from_ms, shift_id, shift_name, machine_shift.line_id
),
`;
}
