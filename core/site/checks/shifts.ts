import { showValue } from '../fault.ts';
import type { ShiftConfig } from '../schema.ts';
import { didYouMean } from '../suggest.ts';
import type { CheckContext } from './context.ts';

const MINUTES_A_DAY = 1440;
const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The time zone exists, shifts do not overlap, and breaks lie within their shift and apart from each other. */
export function checkCalendar(context: CheckContext): void {
  checkTimeZone(context);
  const { shifts } = context.site;
  for (const [index, shift] of shifts.entries()) {
    checkBreaks(context, shift, index);
    const earlier = shifts.slice(0, index).find((other) => overlapMinutes(other, shift) > 0);
    if (earlier === undefined) continue;
    context.fault(['shifts', index], {
      message: `overlaps shift ${earlier.id}`,
      got: `${shift.id} ${shift.start} to ${shift.end} and ${earlier.id} ${earlier.start} to ${earlier.end}`,
      hint: 'Shifts must not share time on the same day: a minute belongs to one shift',
    });
  }
}

function checkTimeZone(context: CheckContext): void {
  const { timeZone } = context.site;
  if (context.isFaulty(['timeZone'])) return;
  try {
    // An offset such as +01:00 is known to Intl too, but it knows no daylight saving.
    if (/^[A-Za-z]/.test(timeZone) && new Intl.DateTimeFormat('en', { timeZone })) return;
  } catch {
    // Not known: said below.
  }
  const hint = didYouMean(timeZone, Intl.supportedValuesOf('timeZone'));
  context.fault(['timeZone'], {
    message: 'must be the name of an IANA time zone, e.g. Europe/Berlin',
    got: showValue(timeZone, []),
    ...(hint !== undefined && { hint }),
  });
}

function checkBreaks(context: CheckContext, shift: ShiftConfig, shiftIndex: number): void {
  const length = lengthMinutes(shift.start, shift.end);
  const taken: { start: number; end: number }[] = [];
  for (const [index, pause] of shift.breaks.entries()) {
    const place = ['shifts', shiftIndex, 'breaks', index];
    const got = `${pause.start} to ${pause.end}`;
    if (pause.start === pause.end) {
      context.fault(place, { message: 'must end after it starts', got });
      continue;
    }
    const start = (minuteOf(pause.start) - minuteOf(shift.start) + MINUTES_A_DAY) % MINUTES_A_DAY;
    const end = start + lengthMinutes(pause.start, pause.end);
    if (end > length) {
      context.fault(place, { message: `must lie within shift ${shift.id}, ${shift.start} to ${shift.end}`, got });
    } else if (taken.some((other) => start < other.end && other.start < end)) {
      context.fault(place, { message: `overlaps another break of shift ${shift.id}`, got });
    }
    taken.push({ start, end });
  }
}

function minuteOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  return hours * 60 + minutes;
}

/** From start to end; an end at or before the start is on the next day. */
function lengthMinutes(start: string, end: string): number {
  const length = minuteOf(end) - minuteOf(start);
  return length > 0 ? length : length + MINUTES_A_DAY;
}

function overlapMinutes(a: ShiftConfig, b: ShiftConfig): number {
  let overlap = 0;
  for (const first of weekly(a)) {
    for (const second of weekly(b)) {
      // The week is a circle: Sunday's night shift reaches into Monday.
      for (const turn of [-MINUTES_A_WEEK, 0, MINUTES_A_WEEK]) {
        overlap += Math.max(0, Math.min(first.end, second.end + turn) - Math.max(first.start, second.start + turn));
      }
    }
  }
  return overlap;
}

function weekly(shift: ShiftConfig): { start: number; end: number }[] {
  return (shift.days ?? WEEK).map((day) => {
    const start = WEEK.indexOf(day) * MINUTES_A_DAY + minuteOf(shift.start);
    return { start, end: start + lengthMinutes(shift.start, shift.end) };
  });
}
