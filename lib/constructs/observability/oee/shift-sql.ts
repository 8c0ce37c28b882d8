import type { ShiftConfig } from '../../../../core/site/schema.ts';

const ISO_WEEKDAY = { mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6, sun: 7 } as const;
const DAYS_A_WEEK = 7;

/** What stands for a time outside of all shifts. */
export const NO_SHIFT = 'none';

/**
 * The id of the shift that an instant is in, as an expression of Athena.
 * @param local an expression for the instant by the site's clocks (timestamp with time zone). Across daylight saving a shift goes by the clock.
 */
export function shiftIdSql(shifts: readonly ShiftConfig[], local: string): string {
  const cases = shifts.flatMap((shift) => partsOf(shift, local).map(({ when }) => `WHEN ${when} THEN '${shift.id}'`));
  return cases.length === 0 ? `'${NO_SHIFT}'` : `CASE ${cases.join(' ')} ELSE '${NO_SHIFT}' END`;
}

/** The day to which that shift belongs: the one on which it starts. */
export function shiftDateSql(shifts: readonly ShiftConfig[], local: string): string {
  const dayBefore = shifts.flatMap((shift) =>
    partsOf(shift, local)
      .filter(({ startedDayBefore }) => startedDayBefore)
      .map(({ when }) => `WHEN ${when} THEN date_add('day', -1, date(${local}))`),
  );
  return dayBefore.length === 0 ? `date(${local})` : `CASE ${dayBefore.join(' ')} ELSE date(${local}) END`;
}

interface ShiftPart {
  readonly when: string;
  readonly startedDayBefore: boolean;
}

/** A shift as ranges within one day: over midnight it is two. */
function partsOf({ start, end, days }: ShiftConfig, local: string): ShiftPart[] {
  const minute = `(hour(${local}) * 60 + minute(${local}))`;
  const [from, to] = [minutesOf(start), minutesOf(end)];
  const numbers = days?.map((day) => ISO_WEEKDAY[day]);
  const on = (weekdays: readonly number[] | undefined) =>
    weekdays === undefined ? '' : ` AND day_of_week(${local}) IN (${weekdays.toSorted().join(', ')})`;
  if (from < to) return [{ when: `${minute} >= ${from} AND ${minute} < ${to}${on(numbers)}`, startedDayBefore: false }];
  const nextDays = numbers?.map((day) => (day % DAYS_A_WEEK) + 1);
  const parts = [{ when: `${minute} >= ${from}${on(numbers)}`, startedDayBefore: false }];
  return to === 0 ? parts : [...parts, { when: `${minute} < ${to}${on(nextDays)}`, startedDayBefore: true }];
}

function minutesOf(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':');
  return Number(hours) * 60 + Number(minutes);
}
