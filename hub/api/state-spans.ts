import { type StateSpan, stateSpans } from '../../core/oee/states.ts';
import type { TimeRange } from '../../core/oee/windows.ts';
import type { Machine } from '../../core/site/site.ts';
import type { ApiContext } from './context.ts';

/** What state spans are read from. */
export type StateSource = Pick<ApiContext, 'historian' | 'now' | 'confirmedAtMs'>;

/** Who stood when, and why: from the stored states, and to now from what is confirmed. The future is left out. */
export async function readStateSpans(api: StateSource, machine: Machine, range: TimeRange): Promise<StateSpan[]> {
  const { historian } = api;
  const nowMs = api.now();
  const toMs = Math.min(range.toMs, nowMs);
  if (toMs <= range.fromMs) return [];
  const paths = { state: `${machine.path}/state`, reason: `${machine.path}/reason`, tick: `${machine.path}/run-s` };
  const [before, within, newest] = await Promise.all([
    historian.latestBefore([paths.state, paths.reason], range.fromMs),
    historian.signalsOf(machine.path, ['state', 'reason'], range.fromMs, toMs),
    historian.latestBefore([paths.state, paths.tick], nowMs),
  ]);
  const first = (path: string) => {
    const point = before.get(path);
    return point === undefined ? [] : [point];
  };
  const confirmed = [api.confirmedAtMs(machine.path), newest.get(paths.state)?.timeMs, newest.get(paths.tick)?.timeMs];
  const confirmedUntilMs = Math.max(...confirmed.map((timeMs) => timeMs ?? Number.NEGATIVE_INFINITY));
  return stateSpans(
    {
      states: [...first(paths.state), ...(within.get('state') ?? [])],
      reasons: [...first(paths.reason), ...(within.get('reason') ?? [])],
      categoryOfState: machine.categoryOfState,
      confirmedUntilMs,
      stalenessMs: machine.stalenessSeconds * 1000,
    },
    { fromMs: range.fromMs, toMs },
  );
}
