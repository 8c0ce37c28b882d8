import { addTotals, figuresOf, type OeeFigures, type OeeTotals, totalsOf } from '../../core/oee/figures.ts';
import { HOUR_MS, MINUTE_MS, windowOf } from '../../core/oee/windows.ts';
import type { Machine, Site } from '../../core/site/site.ts';
import type { BatchMessage, MinuteMessage } from '../../core/telemetry/message.ts';
import { type Sample, UNATTRIBUTED_SIGNAL, type Value } from '../../core/telemetry/types.ts';
import type { Historian } from '../historian/historian.ts';
import { MINUTE_SIGNALS } from '../historian/series.ts';

/** OEE of the running hour of a machine, line or factory: `now`. */
export interface LiveFigure {
  readonly path: string;
  /** The running hour, UTC; (startMs, endMs]. */
  readonly startMs: number;
  readonly endMs: number;
  readonly figures: OeeFigures;
  /** Parts counted over gaps, outside of the figures. */
  readonly producedUnattributed: number;
}

/** A provisional minute whose tick has not come by then is dropped: no tick, no data. */
const PROVISIONAL_MS = 2 * MINUTE_MS;

/** The most times that a machine's hour may hold: ticks, corrections, gaps; then the older half goes. */
const MOST_TIMES = 1_000;

type Sums = Map<string, number>;

/** The running hour of a machine. */
interface MachineSums {
  readonly machine: Machine;
  readonly totals: OeeTotals;
  readonly unattributed: number;
}

interface MachineHour {
  /** Time -> values: ticks at the minutes' ends, corrections of the MES right before, parts of a gap at any time. */
  readonly ticks: Map<number, Sums>;
  /** Minute's end -> the minute so far, until its tick comes. */
  readonly provisional: Map<number, Sums>;
}

/**
 * The running hour: closed minutes from committed ticks, and the running one from the minute messages of the LAN. Cheap
 * enough for each second: an hour of a machine has at most 60 ticks.
 */
export class LiveOee {
  readonly #site: Site;
  readonly #machines = new Map<string, MachineHour>();

  constructor(site: Site) {
    this.#site = site;
    for (const line of site.lines) {
      for (const machine of line.machines) {
        if (machine.state !== undefined) this.#machines.set(machine.path, { ticks: new Map(), provisional: new Map() });
      }
    }
  }

  /** Reads the running hour's ticks from the historian, at the start. What was committed meanwhile is kept. */
  async load(historian: Historian, nowMs: number): Promise<void> {
    const { startMs, endMs } = windowOf(nowMs, HOUR_MS);
    for (const machinePath of this.#machines.keys()) {
      const stored = await historian.signalsOf(machinePath, [...MINUTE_SIGNALS], startMs, endMs);
      for (const [signal, points] of stored) {
        for (const { timeMs, value, quality } of points)
          this.#put(machinePath, signal, timeMs, value, quality === 'GOOD', false);
      }
    }
  }

  /** Takes committed ticks, in any order. */
  committed(batches: readonly BatchMessage[]): void {
    for (const batch of batches) {
      for (const { machine, base, signals } of batch.machines) {
        for (const [signal, column] of Object.entries(signals)) {
          if (!MINUTE_SIGNALS.has(signal)) continue;
          for (const [index, time] of column.t.entries()) {
            const isGood = (column.q?.[index] ?? 'G') === 'G';
            this.#put(machine, signal, base + time, column.v[index] ?? null, isGood, true);
          }
        }
      }
    }
  }

  /** Takes what the hub wrote itself, e.g. corrections of the MES. */
  written(samples: readonly Sample[]): void {
    for (const { path, timeMs, value, quality } of samples) {
      const cut = path.lastIndexOf('/');
      this.#put(path.slice(0, cut), path.slice(cut + 1), timeMs, value, quality === 'GOOD', true);
    }
  }

  /** Takes the running minute of a machine, as published each second. */
  minute({ machine, minuteEnd, tick }: MinuteMessage): void {
    const hour = this.#machines.get(machine);
    if (hour === undefined || hour.ticks.get(minuteEnd)?.has('busy-s') === true) return;
    hour.provisional.set(minuteEnd, new Map(Object.entries(tick)));
  }

  /** The figures of the hour that runs at `nowMs`: all machines with any minute in it, their lines and the factory. */
  figures(nowMs: number): LiveFigure[] {
    const { startMs, endMs } = windowOf(nowMs, HOUR_MS);
    const figures: LiveFigure[] = [];
    const add = (path: string, machines: readonly MachineSums[]): void => {
      if (machines.length === 0) return;
      figures.push({
        path,
        startMs,
        endMs,
        figures: figuresOf(addTotals(machines.map(({ totals }) => totals)), machines),
        producedUnattributed: machines.reduce((sum, { unattributed }) => sum + unattributed, 0),
      });
    };
    const countedOfSite: MachineSums[] = [];
    for (const line of this.#site.lines) {
      const counted: MachineSums[] = [];
      for (const machine of line.machines) {
        const sums = this.#sumsOf(machine.path, startMs, endMs, nowMs);
        if (sums === undefined) continue;
        const unattributed = sums.get(UNATTRIBUTED_SIGNAL) ?? 0;
        const summed = { machine, totals: totalsOf(sums), unattributed };
        add(machine.path, [summed]);
        if (line.countedMachineIds.includes(machine.id)) counted.push(summed);
      }
      add(line.path, counted);
      countedOfSite.push(...counted);
    }
    add(this.#site.id, countedOfSite);
    return figures;
  }

  #put(
    machinePath: string,
    signal: string,
    timeMs: number,
    value: Value | null,
    isGood: boolean,
    isNew: boolean,
  ): void {
    const hour = this.#machines.get(machinePath);
    if (hour === undefined || !MINUTE_SIGNALS.has(signal)) return;
    const sums = hour.ticks.get(timeMs) ?? new Map<string, number>();
    // What was read at the start may be older than what has been committed since.
    if (!isNew && sums.has(signal)) return;
    hour.ticks.set(timeMs, sums);
    if (isGood && typeof value === 'number') sums.set(signal, value);
    else sums.delete(signal);
    if (signal === 'busy-s') hour.provisional.delete(timeMs);
    this.#forget(hour);
  }

  /** Keeps the newest hours only, also while days of history come in. */
  #forget(hour: MachineHour): void {
    if (hour.ticks.size <= MOST_TIMES) return;
    const times = [...hour.ticks.keys()].sort((one, other) => one - other);
    for (const time of times.slice(0, MOST_TIMES / 2)) hour.ticks.delete(time);
  }

  #sumsOf(machinePath: string, startMs: number, endMs: number, nowMs: number): Sums | undefined {
    const hour = this.#machines.get(machinePath);
    if (hour === undefined) return undefined;
    const sums: Sums = new Map();
    let hasTick = false;
    const add = (minute: Sums): void => {
      for (const [signal, value] of minute) sums.set(signal, (sums.get(signal) ?? 0) + value);
      hasTick ||= minute.has('busy-s');
    };
    for (const [end, minute] of hour.ticks) {
      if (end > startMs && end <= endMs) add(minute);
    }
    for (const [end, minute] of hour.provisional) {
      if (end + PROVISIONAL_MS < nowMs || end <= startMs - HOUR_MS) hour.provisional.delete(end);
      // A gateway whose clock runs ahead tells minutes that have not begun.
      else if (end > startMs && end <= endMs && end <= nowMs + PROVISIONAL_MS) add(minute);
    }
    return hasTick ? sums : undefined;
  }
}
