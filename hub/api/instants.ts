import { utcOffsetMs } from '../../core/oee/time-zone.ts';

const QUARTER_MS = 15 * 60_000;

/** Writes instants with the site's offset: `2026-11-22T06:00:00.000+01:00`. Zones change their offset on quarter hours only. */
export function instantWriter(timeZone: string): (timeMs: number) => string {
  let quarter = Number.NaN;
  let offsetMs = 0;
  let suffix = '';
  return (timeMs) => {
    const now = Math.floor(timeMs / QUARTER_MS);
    if (now !== quarter) {
      quarter = now;
      offsetMs = utcOffsetMs(now * QUARTER_MS, timeZone);
      suffix = offsetText(offsetMs);
    }
    return new Date(timeMs + offsetMs).toISOString().slice(0, -1) + suffix;
  };
}

function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads an ISO 8601 instant with offset; finer than a millisecond is cut off.
 * @returns ms since 1970, or undefined if it is none (`2026-02-30` and 25 o'clock are none either).
 */
export function readInstant(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset = 'Z'] = match;
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`;
  const wallMs = Date.parse(`${wall}Z`);
  // Date.parse takes February 30 as March 2.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString() !== `${wall}Z`) return undefined;
  const offsetMinutes = offset === 'Z' ? 0 : Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  if (offsetMinutes > 14 * 60 || Number(offset.slice(4, 6)) > 59) return undefined;
  return wallMs - (offset.startsWith('-') ? -offsetMinutes : offsetMinutes) * 60_000;
}
