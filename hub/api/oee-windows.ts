import { localDays, shiftInstances } from '../../core/oee/shifts.ts';
import { HUB_WINDOW_MS, type TimeRange, windowsTouching } from '../../core/oee/windows.ts';
import type { Site } from '../../core/site/site.ts';
import type { OeeWindow } from './contract.ts';

/** One window of a request, (fromMs, toMs]. */
export interface RequestedWindow extends TimeRange {
  readonly shift?: { readonly id: string; readonly name: string };
  /** Times within it in which standing is planned by the shift calendar, whatever the PLC says. */
  readonly breaks: readonly TimeRange[];
}

const DAY_MS = 24 * 3_600_000;

/** The longest range of each window: enough for a screen, few enough to add up at once. */
export const LONGEST_RANGE_MS: Readonly<Record<OeeWindow, number>> = {
  '5m': 2 * DAY_MS,
  '15m': 8 * DAY_MS,
  '1h': 32 * DAY_MS,
  '1d': 100 * DAY_MS,
  shift: 35 * DAY_MS,
  day: 100 * DAY_MS,
};

/** The windows that hold any instant of (fromMs, toMs]. UTC-aligned, or shifts and days by the site's clocks. */
export function requestedWindows(window: OeeWindow, range: TimeRange, site: Site): RequestedWindow[] {
  if (window === 'shift') {
    return shiftInstances(site.shifts, range, site.timeZone).map(({ id, name, fromMs, toMs, breaks }) => {
      return { fromMs, toMs, breaks, shift: { id, name } };
    });
  }
  if (window === 'day') {
    return localDays(range, site.timeZone).map(({ fromMs, toMs }) => ({ fromMs, toMs, breaks: [] }));
  }
  return windowsTouching(range, HUB_WINDOW_MS[window]).map(({ startMs, endMs }) => {
    return { fromMs: startMs, toMs: endMs, breaks: [] };
  });
}

/** A window as adjoining parts, in and outside of its breaks. Breaks ascend. */
export function partsOf({ fromMs, toMs, breaks }: RequestedWindow): (TimeRange & { readonly isBreak: boolean })[] {
  const parts: (TimeRange & { readonly isBreak: boolean })[] = [];
  let reachedMs = fromMs;
  for (const pause of breaks) {
    const startMs = Math.max(pause.fromMs, reachedMs);
    const endMs = Math.min(pause.toMs, toMs);
    if (endMs <= startMs) continue;
    if (startMs > reachedMs) parts.push({ fromMs: reachedMs, toMs: startMs, isBreak: false });
    parts.push({ fromMs: startMs, toMs: endMs, isBreak: true });
    reachedMs = endMs;
  }
  if (toMs > reachedMs) parts.push({ fromMs: reachedMs, toMs, isBreak: false });
  return parts;
}
