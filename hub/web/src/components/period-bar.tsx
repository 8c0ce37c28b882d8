import { useSignal } from '@preact/signals';
import { type ChosenPeriod, isTooLong, LONGEST_RANGE_DAYS } from '../logic/period.ts';
import { WINDOW_CHOICES, type WindowChoice } from '../logic/route.ts';
import { fromLocalInput, toLocalInput } from '../logic/zone.ts';
import { nowMs } from '../state/live.ts';
import { formats, period, tree } from '../state/plant.ts';
import { navigate, route } from '../state/router.ts';
import { Glyph } from './icons.tsx';

const LABELS: Readonly<Record<WindowChoice, string>> = { hour: 'Hour', shift: 'Shift', day: 'Day', range: 'Range' };
const iso = (timeMs: number) => new Date(timeMs).toISOString();

/** `Early shift, Sun 22 Nov, 06:00–14:00 (GMT+1)`. */
export function periodText(chosen: ChosenPeriod): string {
  const { clock, day, dayClock, zone } = formats.value;
  const { fromMs, endMs, shift } = chosen;
  const name = shift === undefined ? '' : `${shift.name}, `;
  const zoned = ` (${zone(fromMs)})`;
  if (chosen.window === 'day') return `${day(fromMs)}${zoned}`;
  if (chosen.window === 'range') return `${dayClock(fromMs)} – ${dayClock(endMs)}${zoned}`;
  return `${name}${day(fromMs)}, ${clock(fromMs)}–${clock(endMs)}${zoned}`;
}

function choose(choice: WindowChoice): void {
  const { path } = route.value;
  if (choice !== 'range') {
    navigate({ path, window: choice, from: undefined, to: undefined });
    return;
  }
  const { fromMs, endMs } = period.value;
  navigate({
    path,
    window: 'range',
    from: iso(fromMs),
    to: iso(Math.min(endMs, Math.ceil(nowMs.value / 60_000) * 60_000)),
  });
}

function step(direction: -1 | 1): void {
  const { window, fromMs, endMs } = period.value;
  const { path } = route.value;
  if (window === 'range') {
    const length = (endMs - fromMs) * direction;
    navigate({ path, from: iso(fromMs + length), to: iso(endMs + length) });
    return;
  }
  const to = direction < 0 ? fromMs - 1 : endMs;
  navigate({ path, from: direction > 0 && endMs > nowMs.value - 1 ? undefined : iso(to) });
}

/** Hour, shift, day or range; the one before and the one after; all of it kept in the address. */
export function PeriodBar() {
  const chosen = period.value;
  const hasShifts = (tree.value?.shifts.length ?? 0) > 0;
  return (
    <div class="period">
      <fieldset class="segments">
        <legend class="visually-hidden">Period</legend>
        {WINDOW_CHOICES.filter((choice) => choice !== 'shift' || hasShifts).map((choice) => (
          <label key={choice}>
            <input type="radio" name="window" checked={chosen.window === choice} onChange={() => choose(choice)} />
            <span>{LABELS[choice]}</span>
          </label>
        ))}
      </fieldset>
      <div class="period-steps">
        <button type="button" class="icon-button" onClick={() => step(-1)}>
          <Glyph name="previous" />
          <span class="visually-hidden">Previous {LABELS[chosen.window].toLowerCase()}</span>
        </button>
        <p class="period-text">
          {periodText(chosen)}
          {chosen.running && <span class="tag is-live">running</span>}
        </p>
        <button type="button" class="icon-button" onClick={() => step(1)} disabled={chosen.endMs > nowMs.value}>
          <Glyph name="next" />
          <span class="visually-hidden">Next {LABELS[chosen.window].toLowerCase()}</span>
        </button>
        {(route.value.from !== undefined || chosen.window === 'range') && (
          <button
            type="button"
            class="button"
            onClick={() => choose(chosen.window === 'range' ? 'hour' : chosen.window)}
          >
            Now
          </button>
        )}
      </div>
      {chosen.window === 'range' && <RangeForm key={`${chosen.fromMs}-${chosen.endMs}`} />}
    </div>
  );
}

/** Whether the address names a longer range than is shown. */
function isCut(): boolean {
  const { from, to } = route.value;
  return from !== undefined && to !== undefined && isTooLong(Date.parse(from), Date.parse(to));
}

function RangeForm() {
  const timeZone = tree.value?.timeZone ?? 'UTC';
  const { fromMs, endMs } = period.value;
  const from = useSignal(toLocalInput(fromMs, timeZone));
  const to = useSignal(toLocalInput(endMs, timeZone));
  const fault = useSignal<string | undefined>(
    isCut() ? `A range may be ${LONGEST_RANGE_DAYS} days long at most: this shows the last ones of it.` : undefined,
  );
  const apply = (event: Event) => {
    event.preventDefault();
    const start = fromLocalInput(from.value, timeZone);
    const end = fromLocalInput(to.value, timeZone);
    if (start === undefined || end === undefined || start >= end) {
      fault.value = 'The start has to lie before the end.';
      return;
    }
    if (isTooLong(start, end)) {
      fault.value = `A range may be ${LONGEST_RANGE_DAYS} days long at most: choose a later start or an earlier end.`;
      return;
    }
    navigate({ path: route.value.path, window: 'range', from: iso(start), to: iso(end) });
  };
  return (
    <form class="range" onSubmit={apply}>
      <label>
        From
        <input type="datetime-local" value={from.value} onInput={(event) => (from.value = event.currentTarget.value)} />
      </label>
      <label>
        To
        <input type="datetime-local" value={to.value} onInput={(event) => (to.value = event.currentTarget.value)} />
      </label>
      <button type="submit" class="button">
        Show
      </button>
      <small>{timeZone}</small>
      {fault.value !== undefined && (
        <p class="fault-note" role="alert">
          {fault.value}
        </p>
      )}
    </form>
  );
}
