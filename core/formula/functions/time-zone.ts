/** The time zones of `mktime` and `localtime` (guide: "Supported time zone formats"). */

/** A time zone: what it is ahead of UTC. */
export interface TimeZone {
  /** Milliseconds that local time is ahead of UTC at a moment, given in milliseconds since 1970 UTC. */
  offsetAtMs(utcMs: number): number;
}

/** The guide's three-letter abbreviations: fixed offsets, or the region that they stand for. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  EST: '-05:00',
  HST: '-10:00',
  MST: '-07:00',
  ACT: 'Australia/Darwin',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo',
  AST: 'America/Anchorage',
  BET: 'America/Sao_Paulo',
  BST: 'Asia/Dhaka',
  CAT: 'Africa/Harare',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Addis_Ababa',
  ECT: 'Europe/Paris',
  CET: 'Europe/Paris',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  NET: 'Asia/Yerevan',
  NST: 'Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles',
  SST: 'Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
};

/** Java's SystemV zones that keep daylight saving, by their region. */
const SYSTEM_V: Readonly<Record<string, string>> = {
  AST4ADT: 'America/Halifax',
  EST5EDT: 'America/New_York',
  CST6CDT: 'America/Chicago',
  MST7MDT: 'America/Denver',
  PST8PDT: 'America/Los_Angeles',
  YST9YDT: 'America/Anchorage',
};

const OFFSET = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?([0-5]\d))?$/;
const UTC: TimeZone = { offsetAtMs: () => 0 };
const zones = new Map<string, TimeZone | undefined>();

/** The zone of that name: `Z`, `+2`, `UTC-01:00`, `PST`, `Europe/Berlin`; undefined if there is none. */
export function findTimeZone(name: string): TimeZone | undefined {
  if (!zones.has(name)) zones.set(name, resolve(name));
  return zones.get(name);
}

function resolve(name: string): TimeZone | undefined {
  if (name === 'Z' || name === 'UTC' || name === 'GMT' || name === 'UT') return UTC;
  const alias = ABBREVIATIONS[name];
  if (alias !== undefined) return resolve(alias);
  const offset = OFFSET.exec(name);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    // The widest offset that java.time takes.
    return minutes > 18 * 60 ? undefined : fixedOffset((offset[1] === '-' ? -1 : 1) * minutes);
  }
  if (name.startsWith('SystemV/')) {
    const zone = name.slice('SystemV/'.length);
    const region = SYSTEM_V[zone];
    if (region !== undefined) return resolve(region);
    const hours = /^[A-Z]{3}(\d{1,2})$/.exec(zone)?.[1];
    return hours === undefined ? undefined : fixedOffset(-60 * Number(hours));
  }
  if (name === 'US/Pacific-New') return resolve('America/Los_Angeles');
  return region(name);
}

function fixedOffset(minutes: number): TimeZone {
  const offsetMs = minutes * 60_000;
  return { offsetAtMs: () => offsetMs };
}

function region(name: string): TimeZone | undefined {
  let formatter: Intl.DateTimeFormat;
  try {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  return {
    offsetAtMs: (utcMs) => {
      const fields = new Map(formatter.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
      const field = (type: Intl.DateTimeFormatPartTypes): number => fields.get(type) ?? 0;
      const local = Date.UTC(
        field('year'),
        field('month') - 1,
        field('day'),
        field('hour'),
        field('minute'),
        field('second'),
      );
      return local - Math.floor(utcMs / 1000) * 1000;
    },
  };
}
