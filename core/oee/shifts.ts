import type { ShiftConfig } from '../site/schema.ts';
import { addDays, type CalendarDate, formatDate, instantOf, localDateOf, weekdayOf } from './time-zone.ts';
import type { TimeRange } from './windows.ts';

/** A day by the site's clocks: 23 or 25 hours long where daylight saving changes. (fromMs, toMs] */
export interface LocalDay extends TimeRange {
  /** `2026-03-29` */
  readonly date: string;
}

/** One shift on one day. (fromMs, toMs] */
export interface ShiftInstance extends TimeRange {
  readonly id: string;
  readonly name: string;
  /** The day to which it belongs: the one on which it starts, also if it ends on the next. */
  readonly date: string;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MINUTES_A_DAY = 1440;

/** The days by the site's clocks that hold any instant of (fromMs, toMs], ascending. */
export function localDays(range: TimeRange, timeZone: string): LocalDay[] {
  const days: LocalDay[] = [];
  for (const date of datesAround(range, timeZone)) {
    const fromMs = instantOf(date, 0, timeZone);
    const toMs = instantOf(addDays(date, 1), 0, timeZone);
    if (toMs > range.fromMs && fromMs < range.toMs) days.push({ date: formatDate(date), fromMs, toMs });
  }
  return days;
}

/** The shifts that hold any instant of (fromMs, toMs], ascending by start. */
export function shiftInstances(shifts: readonly ShiftConfig[], range: TimeRange, timeZone: string): ShiftInstance[] {
  const instances: ShiftInstance[] = [];
  for (const date of datesAround(range, timeZone)) {
    for (const shift of shifts) {
      const weekday = WEEKDAYS[weekdayOf(date)];
      if (shift.days !== undefined && (weekday === undefined || !shift.days.includes(weekday))) continue;
      const instance = instanceOn(shift, date, timeZone);
      if (instance.toMs > range.fromMs && instance.fromMs < range.toMs) instances.push(instance);
    }
  }
  return instances.sort((one, other) => one.fromMs - other.fromMs || one.toMs - other.toMs);
}

function instanceOn(shift: ShiftConfig, date: CalendarDate, timeZone: string): ShiftInstance {
  const start = minutesOf(shift.start);
  const end = minutesOf(shift.end) <= start ? minutesOf(shift.end) + MINUTES_A_DAY : minutesOf(shift.end);
  const instant = (minutes: number) =>
    instantOf(addDays(date, Math.floor(minutes / MINUTES_A_DAY)), minutes % MINUTES_A_DAY, timeZone);
  return {
    id: shift.id,
    name: shift.name ?? shift.id,
    date: formatDate(date),
    fromMs: instant(start),
    toMs: instant(end),
  };
}

/** The calendar dates whose days or shifts may touch a range: one more before it, for shifts over midnight. */
function datesAround(range: TimeRange, timeZone: string): CalendarDate[] {
  const dates: CalendarDate[] = [];
  if (range.toMs <= range.fromMs) return dates;
  const last = formatDate(localDateOf(range.toMs, timeZone));
  for (let date = addDays(localDateOf(range.fromMs, timeZone), -1); formatDate(date) <= last; date = addDays(date, 1)) {
    dates.push(date);
  }
  return dates;
}

/** Minutes since midnight of `06:30`, as the site file's schema has checked it. */
function minutesOf(timeOfDay: string): number {
  const [hours, minutes] = timeOfDay.split(':');
  return Number(hours) * 60 + Number(minutes);
}
