/** `mktime`, `localtime` and its parts (guide: "Date and time functions"). Unix times are in seconds. */
import { LocalTime, type Value } from '../value.ts';
import type { TimeZone } from './time-zone.ts';

/** The largest Unix time that the guide allows, in seconds: the end of the year 2250. */
const MAX_UNIX_TIME = Date.UTC(2251, 0, 1) / 1000;

/** The bounds of mktime's arguments, in their order. */
export const MKTIME_FIELDS = [
  { name: 'year', minimum: 1970, maximum: 2250 },
  { name: 'month', minimum: 1, maximum: 12 },
  { name: 'day_of_month', minimum: 1, maximum: 31 },
  { name: 'hour', minimum: 0, maximum: 23 },
  { name: 'minute', minimum: 0, maximum: 59 },
  { name: 'second', minimum: 0, maximum: 60 },
] as const;

/** The Unix time of a local date and time; none if a part is outside its bounds or the month has no such day. */
export function mktime(zone: TimeZone, parts: readonly Value[]): Value {
  const fields: number[] = [];
  for (const [index, { name, minimum, maximum }] of MKTIME_FIELDS.entries()) {
    const value = index < parts.length ? parts[index] : minimum;
    if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) return undefined;
    if (name !== 'second' && !Number.isInteger(value)) return undefined;
    fields.push(value);
  }
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields;
  const localMs = Date.UTC(year, month - 1, day, hour, minute);
  if (new Date(localMs).getUTCDate() !== day) return undefined;
  return toUtc(zone, localMs) / 1000 + second;
}

/** As java.time: of two moments with one local time the earlier; a local time that is skipped is moved behind the gap. */
function toUtc(zone: TimeZone, localMs: number): number {
  const dayMs = 86_400_000;
  const before = zone.offsetAtMs(localMs - dayMs);
  const after = zone.offsetAtMs(localMs + dayMs);
  const fits = [before, after].find((offset) => zone.offsetAtMs(localMs - offset) === offset);
  return localMs - (fits ?? before);
}

/** The local date and time of a Unix time; none outside 1970 to 2250. */
export function localtime(zone: TimeZone, unixTime: Value): Value {
  if (typeof unixTime !== 'number' || !(unixTime >= 0 && unixTime < MAX_UNIX_TIME)) return undefined;
  const utcMs = Math.floor(unixTime * 1000);
  return new LocalTime(new Date(utcMs + zone.offsetAtMs(utcMs)));
}

/** The parts of a local time. `mon` is 1 to 12, `wday` 0 (Sunday) to 6, `yday` 1 to 366. */
export const TIME_PARTS: ReadonlyMap<string, (local: Date) => number> = new Map<string, (local: Date) => number>([
  ['year', (local) => local.getUTCFullYear()],
  ['mon', (local) => local.getUTCMonth() + 1],
  ['mday', (local) => local.getUTCDate()],
  ['wday', (local) => local.getUTCDay()],
  ['yday', (local) => Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000) + 1],
  ['hour', (local) => local.getUTCHours()],
  ['minute', (local) => local.getUTCMinutes()],
  ['sec', (local) => local.getUTCSeconds()],
]);
