/**
 * Tumbling windows as AWS IoT SiteWise's metrics have them (API: TumblingWindow): aligned to UTC, the start exclusive, the
 * end inclusive, a window's value stamped with its end. Weeks end on Sunday at midnight UTC.
 */

/** One window: (start, end], in milliseconds. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** A series of windows. */
export interface WindowSpecification {
  readonly lengthMs: number;
  /** A moment at which a window ends; the others follow from it. */
  readonly anchorMs: number;
}

/** What is wrong with a window's text. The message says what is allowed. */
export class WindowError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WindowError';
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SHORTEST = 60_000;
const LONGEST = 604_800_000;
/** 1970-01-05, the first Monday of Unix time. */
const FIRST_MONDAY_MS = 4 * 86_400_000;

/**
 * Reads a window such as `15m`, `1h`, `1d` or `1w`.
 * @param offset shifts the windows: `18h`, `PT18H`, `00:03:00`, or a moment such as `2021-07-23T18:30:30-08` at which one
 *   ends. @default no shift
 * @throws WindowError saying what is allowed.
 */
export function parseWindow(interval: string, offset?: string): WindowSpecification {
  const parts = /^(\d+)([mhdw])$/.exec(interval);
  const lengthMs = Number(parts?.[1]) * (UNITS[parts?.[2] ?? ''] ?? Number.NaN);
  if (Number.isNaN(lengthMs)) {
    throw new WindowError(
      `The window '${interval}' must be a whole number and a unit: m (minutes), h (hours), d (days) or w (weeks), from 1m to 1w, such as 15m.`,
    );
  }
  if (lengthMs < SHORTEST || lengthMs > LONGEST) {
    throw new WindowError(`The window '${interval}' must be from 1m to 1w long.`);
  }
  const anchorMs = lengthMs === LONGEST ? FIRST_MONDAY_MS : 0;
  return { lengthMs, anchorMs: offset === undefined ? anchorMs : shiftedAnchor(anchorMs, offset) };
}

function shiftedAnchor(anchorMs: number, offset: string): number {
  const clock = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$/.exec(offset);
  if (clock !== null)
    return anchorMs + (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0)) * 1000;
  const duration = /^(?:P(?=[\dT]))?(?:(\d+)w)?(?:(\d+)d)?t?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i.exec(offset);
  if (duration !== null && /\d/.test(offset)) {
    const shift = ['w', 'd', 'h', 'm', 's'].reduce(
      (total, unit, index) => total + Number(duration[index + 1] ?? 0) * (UNITS[unit] ?? 0),
      0,
    );
    return anchorMs + shift;
  }
  const zoned = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:(Z)|([+-]\d\d):?(\d\d)?)$/.exec(offset.trim());
  const moment = zoned ? Date.parse(`${zoned[1]}${zoned[2] ?? `${zoned[3]}:${zoned[4] ?? '00'}`}`) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new WindowError(
    `The window's offset '${offset}' must be a duration (18h or PT18H), a time of the day (06:30:00) or a moment with its zone (2021-07-23T18:30:30-08).`,
  );
}

/** The window that holds a moment: a moment on a border belongs to the window that ends there. */
export function windowOf({ lengthMs, anchorMs }: WindowSpecification, timeMs: number): TimeWindow {
  const endMs = anchorMs + Math.ceil((timeMs - anchorMs) / lengthMs) * lengthMs;
  return { startMs: endMs - lengthMs, endMs };
}

/** The windows from the one that holds `fromMs` to the one that holds `toMs`, both included. */
export function* windowsBetween(
  specification: WindowSpecification,
  fromMs: number,
  toMs: number,
): Generator<TimeWindow> {
  const last = windowOf(specification, toMs).endMs;
  for (let { startMs, endMs } = windowOf(specification, fromMs); endMs <= last; ) {
    yield { startMs, endMs };
    startMs = endMs;
    endMs += specification.lengthMs;
  }
}
