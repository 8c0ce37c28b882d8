/** What a browser's inputs need beyond core's time zones: everything is shown in the site's zone, whatever the browser's is. */
import { instantOf, utcOffsetMs } from '../../../../core/oee/time-zone.ts';

/** Minutes after midnight of `"HH:MM"`. */
export function minutesOfClock(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** An instant as `2026-11-22T06:00` in the zone: the value of a `datetime-local` input. */
export function toLocalInput(timeMs: number, timeZone: string): string {
  return new Date(timeMs + utcOffsetMs(timeMs, timeZone)).toISOString().slice(0, 16);
}

/** The instant of a `datetime-local` input's value in the zone; undefined if it is none. */
export function fromLocalInput(text: string, timeZone: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, clock = ''] = match;
  return instantOf({ year: Number(year), month: Number(month), day: Number(day) }, minutesOfClock(clock), timeZone);
}
