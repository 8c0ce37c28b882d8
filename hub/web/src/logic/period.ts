import { addDays, instantOf, localDateOf } from '../../../../core/oee/time-zone.ts';
import type { OeeWindow } from '../../../api/contract.ts';
import type { WindowChoice } from './route.ts';
import { minutesOfClock } from './zone.ts';

/** A shift as `/tree` gives it. */
export interface ShiftTimes {
  readonly id: string;
  readonly name: string;
  /** `HH:MM` in the site's time zone; an end at or before the start lies on the next day. */
  readonly start: string;
  readonly end: string;
}

/** The stretch of time that a page is about. */
export interface ChosenPeriod {
  readonly window: WindowChoice;
  readonly fromMs: number;
  /** The end, which lies in the future while the window runs. */
  readonly endMs: number;
  /** Only for shifts. */
  readonly shift: ShiftTimes | undefined;
  readonly running: boolean;
}

const HOUR_MS = 3_600_000;

/** The hub adds up losses and states over 32 days at most: a month of any length, with the hour that a change of clocks adds. */
export const LONGEST_RANGE_DAYS = 31;
const LONGEST_RANGE_MS = LONGEST_RANGE_DAYS * 24 * HOUR_MS + HOUR_MS;

/** Whether a range is longer than the hub answers for. */
export function isTooLong(fromMs: number, endMs: number): boolean {
  return endMs - fromMs > LONGEST_RANGE_MS;
}

function shiftsAround(atMs: number, timeZone: string, shifts: readonly ShiftTimes[]) {
  const today = localDateOf(atMs, timeZone);
  return [-2, -1, 0, 1].flatMap((days) =>
    shifts.map((shift) => {
      const date = addDays(today, days);
      const start = minutesOfClock(shift.start);
      const end = minutesOfClock(shift.end);
      const endDate = end <= start ? addDays(date, 1) : date;
      return { shift, fromMs: instantOf(date, start, timeZone), endMs: instantOf(endDate, end, timeZone) };
    }),
  );
}

function boundsOf(window: WindowChoice, atMs: number, timeZone: string, shifts: readonly ShiftTimes[]) {
  if (window === 'shift') {
    const around = shiftsAround(atMs, timeZone, shifts).sort((a, b) => a.fromMs - b.fromMs);
    // Between two shifts, the one that ended last is what people still talk about.
    const found =
      around.find((each) => each.fromMs <= atMs && atMs < each.endMs) ?? around.findLast((each) => each.endMs <= atMs);
    if (found !== undefined) return found;
  }
  if (window === 'day' || window === 'shift') {
    const date = localDateOf(atMs, timeZone);
    const fromMs = instantOf(date, 0, timeZone);
    return { shift: undefined, fromMs, endMs: instantOf(addDays(date, 1), 0, timeZone) };
  }
  const fromMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
  return { shift: undefined, fromMs, endMs: fromMs + HOUR_MS };
}

/**
 * The period that a choice means. Hours are UTC-aligned, as OEE windows are; shifts and days are the site's own.
 * @param choice `from` picks the window that holds that instant, without it the window is the running one
 */
export function resolvePeriod(
  choice: { readonly window: WindowChoice; readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
  timeZone: string,
  shifts: readonly ShiftTimes[],
): ChosenPeriod {
  if (choice.window === 'range' && choice.from !== undefined && choice.to !== undefined) {
    const endMs = Date.parse(choice.to);
    // Of too long a range its last part, which the page says.
    const fromMs = Math.max(Date.parse(choice.from), endMs - LONGEST_RANGE_MS);
    return { window: 'range', fromMs, endMs, shift: undefined, running: fromMs <= nowMs && nowMs < endMs };
  }
  const atMs = choice.from === undefined ? nowMs : Math.min(Date.parse(choice.from), nowMs);
  const bounds = boundsOf(choice.window, atMs, timeZone, shifts);
  return { ...bounds, window: choice.window, running: bounds.fromMs <= nowMs && nowMs < bounds.endMs };
}

/** The trend beside a period: which windows, over what. An hour or a shift gets what came before it as context. */
export interface TrendPlan {
  readonly window: OeeWindow;
  readonly windowMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** As people say it: `5-minute`. */
  readonly label: string;
}

const FIVE_MINUTES = { window: '5m', windowMs: 300_000, label: '5-minute' } as const;
const QUARTERS = { window: '15m', windowMs: 900_000, label: '15-minute' } as const;
const HOURS = { window: '1h', windowMs: HOUR_MS, label: 'hourly' } as const;
const DAYS = { window: '1d', windowMs: 24 * HOUR_MS, label: 'daily (UTC)' } as const;

function planOf({ window, fromMs, endMs }: ChosenPeriod) {
  if (window === 'hour') return { ...FIVE_MINUTES, fromMs: fromMs - 3 * HOUR_MS };
  if (window === 'shift') return { ...QUARTERS, fromMs: fromMs - 8 * HOUR_MS };
  if (window === 'day') return { ...HOURS, fromMs: fromMs - 24 * HOUR_MS };
  const hours = (endMs - fromMs) / HOUR_MS;
  return { ...(hours <= 6 ? FIVE_MINUTES : hours <= 36 ? QUARTERS : hours <= 192 ? HOURS : DAYS), fromMs };
}

/** The trend that suits a period: never more than about 200 bars for anything up to half a year. Starts UTC-aligned. */
export function trendPlan(period: ChosenPeriod): TrendPlan {
  const plan = planOf(period);
  return { ...plan, fromMs: Math.floor(plan.fromMs / plan.windowMs) * plan.windowMs, toMs: period.endMs };
}
