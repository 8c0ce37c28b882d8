import { addTotals, cyclesOf, figuresOf, type OeeTotals, TOTALS_SIGNALS, totalsOf } from '../../core/oee/figures.ts';
import { MINUTE_MS } from '../../core/oee/windows.ts';
import type { Machine } from '../../core/site/site.ts';
import { UNATTRIBUTED_SIGNAL } from '../../core/telemetry/types.ts';
import type { ApiContext } from './context.ts';
import type { OeeFigure } from './contract.ts';
import type { RequestedWindow } from './oee-windows.ts';
import { simulatedIn } from './simulated.ts';

/** A minute's tick is here this long after its end at the latest, if all is well: earlier it is not missed. */
const TICK_DELAY_MS = 10_000;

/** What the ticks of one window say. */
interface WindowSums {
  readonly totals: OeeTotals;
  readonly unattributed: number;
  /** One ideal cycle of each machine that ran, seconds. */
  readonly cycleSeconds: number;
  /** Minutes with a tick, of the machine that has most. */
  readonly ticks: number;
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
  const sums = await sumWindows(api, machines, windows);
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
    const coverage = { minutesWithTicks: summed.ticks, minutesElapsed: Math.floor(elapsedMs / MINUTE_MS) };
    return {
      start: api.instant(window.fromMs),
      end: api.instant(window.toMs),
      ...(window.shift !== undefined && { shift: window.shift }),
      ...figuresOf(summed.totals, machines.length === 1 ? coverage : undefined, summed.cycleSeconds),
      producedUnattributed: summed.unattributed,
      complete: window.toMs <= nowMs,
      simulated: isSimulated(window),
      confirmedUntil: confirmedMs === undefined ? null : api.instant(Math.min(confirmedMs, window.toMs)),
    };
  });
}

async function sumWindows(
  { historian }: ApiContext,
  machines: readonly Machine[],
  windows: readonly RequestedWindow[],
): Promise<(WindowSums | undefined)[]> {
  const machinePaths = machines.map(({ path }) => path);
  const rows = await historian.tickSums(machinePaths, [...TOTALS_SIGNALS, UNATTRIBUTED_SIGNAL], windows);
  const byWindow = new Map<
    number,
    { totals: Map<string, OeeTotals>; unattributed: number; ticks: Map<string, number> }
  >();
  for (const { range, machinePath, sums, ticks } of rows) {
    const entry = byWindow.get(range) ?? {
      totals: new Map<string, OeeTotals>(),
      unattributed: 0,
      ticks: new Map<string, number>(),
    };
    byWindow.set(range, entry);
    entry.unattributed += sums.get(UNATTRIBUTED_SIGNAL) ?? 0;
    if (!sums.has('run-s')) continue;
    entry.totals.set(machinePath, totalsOf(sums));
    entry.ticks.set(machinePath, ticks);
  }
  return windows.map((_, index) => {
    const entry = byWindow.get(index);
    if (entry === undefined || entry.totals.size === 0) return undefined;
    const { totals, unattributed, ticks } = entry;
    const ran = machines.flatMap((machine): (readonly [OeeTotals, Machine])[] => {
      const ofMachine = totals.get(machine.path);
      return ofMachine === undefined ? [] : [[ofMachine, machine]];
    });
    const cycleSeconds = cyclesOf(ran);
    return { totals: addTotals(totals.values()), unattributed, cycleSeconds, ticks: Math.max(...ticks.values()) };
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
