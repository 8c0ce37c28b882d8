import { localDays, shiftInstances } from '../../core/oee/shifts.ts';
import { HUB_WINDOW_MS, type TimeRange, windowsTouching } from '../../core/oee/windows.ts';
import type { Site } from '../../core/site/site.ts';
import type { OeeWindow } from './contract.ts';

/** One window of a request, (fromMs, toMs]. */
export interface RequestedWindow extends TimeRange {
  readonly shift?: { readonly id: string; readonly name: string };
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
    return shiftInstances(site.shifts, range, site.timeZone).map(({ id, name, fromMs, toMs }) => {
      return { fromMs, toMs, shift: { id, name } };
    });
  }
  if (window === 'day') {
    return localDays(range, site.timeZone).map(({ fromMs, toMs }) => ({ fromMs, toMs }));
  }
  return windowsTouching(range, HUB_WINDOW_MS[window]).map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs }));
}
