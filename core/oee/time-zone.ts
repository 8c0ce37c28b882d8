import { DAY_MS, MINUTE_MS } from './windows.ts';

/** A date on a calendar, as in `2026-03-29`. */
export interface CalendarDate {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  readonly day: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** The wall clock of a zone at an instant, written as if it were UTC: its difference to the instant is the zone's offset. */
function wallClockMs(instantMs: number, timeZone: string): number {
  const parts = new Map<string, string>();
  for (const { type, value } of formatterOf(timeZone).formatToParts(instantMs)) parts.set(type, value);
  const field = (name: string) => Number(parts.get(name));
  const year = parts.get('era') === 'BC' ? 1 - field('year') : field('year');
  return Date.UTC(year, field('month') - 1, field('day'), field('hour'), field('minute'), field('second'));
}

/** Offset of a zone from UTC at an instant, in ms: +1 h for Berlin in winter. @throws RangeError for an unknown zone. */
export function utcOffsetMs(instantMs: number, timeZone: string): number {
  const wholeSecond = Math.floor(instantMs / 1000) * 1000;
  return wallClockMs(wholeSecond, timeZone) - wholeSecond;
}

/** The calendar date of an instant in a zone. */
export function localDateOf(instantMs: number, timeZone: string): CalendarDate {
  const wall = new Date(instantMs + utcOffsetMs(instantMs, timeZone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
}

/**
 * The instant at which a zone's clocks show a date and time. A time that daylight saving repeats means its first occurrence;
 * one that it skips means as much after the change (02:30 becomes 03:30). So adjoining shifts stay adjoining on such days.
 * @param minutes minutes since midnight by the clock on the wall; 1440 is midnight of the next day.
 */
export function instantOf(date: CalendarDate, minutes: number, timeZone: string): number {
  const wallMs = Date.UTC(date.year, date.month - 1, date.day) + minutes * MINUTE_MS;
  const offsetBefore = utcOffsetMs(wallMs - DAY_MS, timeZone);
  const offsetAfter = utcOffsetMs(wallMs + DAY_MS, timeZone);
  const first = wallMs - offsetBefore;
  if (utcOffsetMs(first, timeZone) === offsetBefore) return first;
  const second = wallMs - offsetAfter;
  return utcOffsetMs(second, timeZone) === offsetAfter ? second : first;
}

/** The date some days later (or earlier). */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** `2026-03-29` */
export function formatDate(date: CalendarDate): string {
  return new Date(Date.UTC(date.year, date.month - 1, date.day)).toISOString().slice(0, 10);
}

/** 0 is Sunday, as in JavaScript. */
export function weekdayOf(date: CalendarDate): number {
  return new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
}
