/** Civil time in the site's time zone, whatever the browser's is. */

/** A civil date. Months count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, found);
  }
  return found;
}

/** The zone's offset from UTC at an instant, in ms: +3,600,000 for CET. */
export function offsetMs(timeMs: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const part of formatter(timeZone).formatToParts(timeMs)) parts[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(timeMs / 1000) * 1000;
}

/** The civil date of an instant. */
export function civilDate(timeMs: number, timeZone: string): CivilDate {
  const shifted = new Date(timeMs + offsetMs(timeMs, timeZone));
  return { year: shifted.getUTCFullYear(), month: shifted.getUTCMonth() + 1, day: shifted.getUTCDate() };
}

/** `date` and some days more (or fewer). */
export function addDays(date: CivilDate, days: number): CivilDate {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/**
 * The instant of a civil time. One that daylight saving skips is taken with the offset before the change; of one that
 * occurs twice, the first.
 * @param minutes minutes of the clock after midnight
 */
export function instantOf(date: CivilDate, minutes: number, timeZone: string): number {
  const asUtc = Date.UTC(date.year, date.month - 1, date.day, 0, minutes);
  const before = asUtc - offsetMs(asUtc - 86_400_000, timeZone);
  const after = asUtc - offsetMs(asUtc + 86_400_000, timeZone);
  const fits = [Math.min(before, after), Math.max(before, after)].find((t) => t + offsetMs(t, timeZone) === asUtc);
  return fits ?? before;
}

/** Minutes after midnight of `"HH:MM"`. */
export function minutesOfClock(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** An instant as `2026-11-22T06:00` in the zone: the value of a `datetime-local` input. */
export function toLocalInput(timeMs: number, timeZone: string): string {
  return new Date(timeMs + offsetMs(timeMs, timeZone)).toISOString().slice(0, 16);
}

/** The instant of a `datetime-local` input's value in the zone; undefined if it is none. */
export function fromLocalInput(text: string, timeZone: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, clock = ''] = match;
  return instantOf({ year: Number(year), month: Number(month), day: Number(day) }, minutesOfClock(clock), timeZone);
}
