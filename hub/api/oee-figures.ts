import { addTotals, figuresOf, type OeeTotals, TOTALS_SIGNALS, totalsOf } from '../../core/oee/figures.ts';
import { MINUTE_MS } from '../../core/oee/windows.ts';
import type { Machine } from '../../core/site/site.ts';
import { UNATTRIBUTED_SIGNAL } from '../../core/telemetry/types.ts';
import type { ApiContext } from './context.ts';
import type { OeeFigure } from './contract.ts';
import type { RequestedWindow } from './oee-windows.ts';
import { simulatedIn } from './simulated.ts';

/** A minute's tick is here this long after its end at the latest, if all is well: earlier it is not missed. */
const TICK_DELAY_MS = 10_000;

/** What the ticks of one machine and window say. */
interface MachineSums {
  readonly totals: OeeTotals;
  /** Minutes with a tick. */
  readonly ticks: number;
}

/** What the ticks of one window say. */
interface WindowSums {
  /** By path: the machines with any tick. */
  readonly machines: Map<string, MachineSums>;
  readonly unattributed: number;
}

/**
 * The figures of some windows over some machines, added up from their ticks; undefined for a window without any tick: that is
 * a gap, not a zero.
 */
export async function figuresFromTicks(
  api: ApiContext,
  machines: readonly Machine[],
  windows: readonly RequestedWindow[],
): Promise<(OeeFigure | undefined)[]> {
  const [first] = windows;
  if (first === undefined || machines.length === 0) return windows.map(() => undefined);
  const machinePaths = machines.map(({ path }) => path);
  const sums = await sumWindows(api, machinePaths, windows);
  const span = {
    fromMs: Math.min(...windows.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...windows.map(({ toMs }) => toMs)),
  };
  const isSimulated = await simulatedIn(api, machinePaths, span);
  const confirmedMs = await confirmedByMes(api, machinePaths);
  const nowMs = api.now();
  return windows.map((window, index): OeeFigure | undefined => {
    const summed = sums[index];
    if (summed === undefined) return undefined;
    const elapsedMs = Math.min(window.toMs, nowMs - TICK_DELAY_MS) - window.fromMs;
    const minutesElapsed = Math.floor(elapsedMs / MINUTE_MS);
    const judged = machines.map((machine) => {
      const { totals, ticks: minutesWithTicks = 0 } = summed.machines.get(machine.path) ?? {};
      return { machine, totals, coverage: { minutesWithTicks, minutesElapsed } };
    });
    const totals = addTotals([...summed.machines.values()].map((ofMachine) => ofMachine.totals));
    return {
      start: api.instant(window.fromMs),
      end: api.instant(window.toMs),
      ...(window.shift !== undefined && { shift: window.shift }),
      ...figuresOf(totals, judged),
      producedUnattributed: summed.unattributed,
      complete: window.toMs <= nowMs,
      simulated: isSimulated(window),
      confirmedUntil: confirmedMs === undefined ? null : api.instant(Math.min(confirmedMs, window.toMs)),
    };
  });
}

async function sumWindows(
  { historian }: ApiContext,
  machinePaths: readonly string[],
  windows: readonly RequestedWindow[],
): Promise<(WindowSums | undefined)[]> {
  const rows = await historian.tickSums(machinePaths, [...TOTALS_SIGNALS, UNATTRIBUTED_SIGNAL], windows);
  const byWindow = new Map<number, WindowSums & { unattributed: number }>();
  for (const { range, machinePath, sums, ticks } of rows) {
    const entry = byWindow.get(range) ?? { machines: new Map<string, MachineSums>(), unattributed: 0 };
    byWindow.set(range, entry);
    entry.unattributed += sums.get(UNATTRIBUTED_SIGNAL) ?? 0;
    if (sums.has('run-s')) entry.machines.set(machinePath, { totals: totalsOf(sums), ticks });
  }
  return windows.map((_, index) => {
    const entry = byWindow.get(index);
    return entry === undefined || entry.machines.size === 0 ? undefined : entry;
  });
}

/** Up to when the MES has confirmed the quality of all of these machines; undefined where it says nothing. */
async function confirmedByMes(
  { historian, now }: ApiContext,
  machinePaths: readonly string[],
): Promise<number | undefined> {
  const latest = await historian.latestBefore(
    machinePaths.map((path) => `${path}/mes-s`),
    now(),
  );
  return latest.size < machinePaths.length ? undefined : Math.min(...[...latest.values()].map(({ timeMs }) => timeMs));
}
