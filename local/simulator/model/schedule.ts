import type { ShiftConfig } from '../../../core/site/schema.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const DAY_MINUTES = 24 * 60;

/**
 * When a line does not work by plan: breaks, and times outside of all shifts. The lines of a site share each break,
 * one after the other, since its people relieve each other; so never the whole factory stands.
 */
export class Schedule {
  private readonly shifts: readonly ShiftConfig[];
  private readonly format: Intl.DateTimeFormat;

  constructor(shifts: readonly ShiftConfig[], timeZone: string) {
    this.shifts = shifts;
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  }

  /** Whether line number `line` of `lines` stands by plan in the minute that begins at `timeMs`, and what shift it is. */
  at(timeMs: number, line: number, lines: number): { readonly planned: boolean; readonly shift: string } {
    if (this.shifts.length === 0) return { planned: false, shift: '' };
    const parts = Object.fromEntries(this.format.formatToParts(timeMs).map(({ type, value }) => [type, value]));
    const minute = Number(parts.hour) * 60 + Number(parts.minute);
    const today = DAYS.indexOf((parts.weekday ?? 'sun').toLowerCase() as (typeof DAYS)[number]);
    for (const shift of this.shifts) {
      const start = minuteOf(shift.start);
      const into = (minute - start + DAY_MINUTES) % DAY_MINUTES;
      const startsOn = DAYS[into > minute ? (today + 6) % 7 : today] ?? 'sun';
      if (into >= lengthMinutes(shift.start, shift.end)) continue;
      if (shift.days !== undefined && !shift.days.includes(startsOn)) continue;
      const planned = shift.breaks.some((pause) => {
        const since = (minute - minuteOf(pause.start) + DAY_MINUTES) % DAY_MINUTES;
        const length = lengthMinutes(pause.start, pause.end);
        return since >= Math.floor((line * length) / lines) && since < Math.floor(((line + 1) * length) / lines);
      });
      return { planned, shift: shift.id };
    }
    return { planned: true, shift: '' };
  }
}

function minuteOf(time: string): number {
  const [hour, minute] = time.split(':');
  return Number(hour) * 60 + Number(minute);
}

/** One that ends at or before its start ends on the next day. */
function lengthMinutes(start: string, end: string): number {
  return (minuteOf(end) - minuteOf(start) + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
}
