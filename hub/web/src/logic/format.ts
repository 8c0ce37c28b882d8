import type { Value } from '../../../../core/telemetry/types.ts';

/** What stands for a figure that does not exist. It is never a 0. */
export const NO_FIGURE = '–';

/** Numbers in the browser's language; words and dates in English; times in the site's time zone. */
export interface Formats {
  /** 0.684 -> `68.4 %`; null -> an en dash. */
  percent(ratio: number | null | undefined, digits?: number): string;
  /** Only the digits of a percentage, for where the sign is set apart. */
  percentDigits(ratio: number | null | undefined, digits?: number): string;
  /** 1234 -> `1,234`. */
  count(parts: number | null | undefined): string;
  /** 3.4213 -> `3.42 s`. */
  cycle(seconds: number | null | undefined): string;
  /** A number with so many digits after the point. */
  fixed(value: number | null | undefined, digits: number): string;
  /** A number with as many digits as it deserves: about four significant ones. */
  measure(value: Value | null | undefined): string;
  /** `10:42` */
  clock(timeMs: number): string;
  /** `10:42:07` */
  clockSeconds(timeMs: number): string;
  /** `Sun 22 Nov` */
  day(timeMs: number): string;
  /** `Sun 22 Nov, 10:42` */
  dayClock(timeMs: number): string;
  /** `GMT+1`, `CET`: how the zone is called at that time. */
  zone(timeMs: number): string;
}

/** 65 -> `1 min 05 s`; 3,700 -> `1 h 01 min`; 200,000 -> `2 d 7 h`. Whole units, rounded down. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${two(total % 60)} s`;
  if (total < 86_400) return `${Math.floor(total / 3600)} h ${two(Math.floor((total % 3600) / 60))} min`;
  return `${Math.floor(total / 86_400)} d ${Math.floor((total % 86_400) / 3600)} h`;
}

/** 2.4 -> `2 s ago`; below a second, and for clocks that differ a little, `just now`. */
export function ago(seconds: number): string {
  return seconds < 1
    ? 'just now'
    : `${seconds < 3600 && seconds >= 60 ? `${Math.floor(seconds / 60)} min` : duration(seconds)} ago`;
}

/**
 * @param locale the browser's language, e.g. `de-DE`
 * @param timeZone the site's, e.g. `Europe/Berlin`
 */
export function createFormats(locale: string, timeZone: string): Formats {
  const words = locale.toLowerCase().startsWith('en') ? locale : 'en-GB';
  const time = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(words, { timeZone, ...options });
  const hm = time({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const hms = time({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const date = time({ weekday: 'short', day: 'numeric', month: 'short' });
  const zoned = time({ timeZoneName: 'short' });
  const numbers = new Map<number, Intl.NumberFormat>();
  const fixed = (value: number, digits: number) => {
    let format = numbers.get(digits);
    if (format === undefined) {
      format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      numbers.set(digits, format);
    }
    return format.format(value);
  };
  const known = (value: number | null | undefined): value is number =>
    typeof value === 'number' && Number.isFinite(value);
  const percentDigits = (ratio: number | null | undefined, digits = 1) =>
    known(ratio) ? fixed(ratio * 100, digits) : NO_FIGURE;
  return {
    percentDigits,
    fixed: (value, digits) => (known(value) ? fixed(value, digits) : NO_FIGURE),
    percent: (ratio, digits = 1) => (known(ratio) ? `${percentDigits(ratio, digits)}\u202f%` : NO_FIGURE),
    count: (parts) => (known(parts) ? fixed(parts, Number.isInteger(parts) ? 0 : 1) : NO_FIGURE),
    cycle: (seconds) => (known(seconds) ? `${fixed(seconds, seconds < 10 ? 2 : 1)}\u202fs` : NO_FIGURE),
    measure: (value) => {
      if (value === null || value === undefined) return NO_FIGURE;
      if (typeof value === 'boolean') return value ? 'on' : 'off';
      if (typeof value === 'string') return value;
      if (!Number.isFinite(value)) return NO_FIGURE;
      const size = Math.abs(value);
      return fixed(
        value,
        Number.isInteger(value) && size >= 100 ? 0 : size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3,
      );
    },
    clock: (timeMs) => hm.format(timeMs),
    clockSeconds: (timeMs) => hms.format(timeMs),
    day: (timeMs) => date.format(timeMs).replace(',', ''),
    dayClock: (timeMs) => `${date.format(timeMs).replace(',', '')}, ${hm.format(timeMs)}`,
    zone: (timeMs) => zoned.formatToParts(timeMs).find((part) => part.type === 'timeZoneName')?.value ?? timeZone,
  };
}
