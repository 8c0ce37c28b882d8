/**
 * Windows as AWS IoT SiteWise has them: tumbling, aligned to UTC, (start, end] and named by their end. A tick stamped
 * 10:15:00 is the minute 10:14-10:15 and so the last one of the window that ends at 10:15.
 */

/** A span of time, (fromMs, toMs] unless said otherwise; ms since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One window, (startMs, endMs]. */
export interface TumblingWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** The hub's windows: SiteWise's three of our models, and 5 minutes on the LAN only. Each divides the next. */
export const HUB_WINDOWS = ['5m', '15m', '1h', '1d'] as const;
export type HubWindow = (typeof HUB_WINDOWS)[number];

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The length of each of the hub's windows in ms. */
export const HUB_WINDOW_MS: Readonly<Record<HubWindow, number>> = {
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '1d': DAY_MS,
};

/**
 * The end of the window that holds an instant: the instant itself where it is a boundary, since windows are (start, end].
 * @param lengthMs the window's length, which must divide a day (or be one).
 */
export function windowEnd(timeMs: number, lengthMs: number): number {
  return Math.ceil(timeMs / lengthMs) * lengthMs;
}

/** The window that holds an instant. */
export function windowOf(timeMs: number, lengthMs: number): TumblingWindow {
  const endMs = windowEnd(timeMs, lengthMs);
  return { startMs: endMs - lengthMs, endMs };
}

/** All windows that hold any instant of (fromMs, toMs], ascending; none for an empty range. */
export function windowsTouching(range: TimeRange, lengthMs: number): TumblingWindow[] {
  const windows: TumblingWindow[] = [];
  if (range.toMs <= range.fromMs) return windows;
  const lastEndMs = windowEnd(range.toMs, lengthMs);
  for (let endMs = (Math.floor(range.fromMs / lengthMs) + 1) * lengthMs; endMs <= lastEndMs; endMs += lengthMs) {
    windows.push({ startMs: endMs - lengthMs, endMs });
  }
  return windows;
}
