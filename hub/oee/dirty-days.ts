import { DAY_MS, type TimeRange, windowEnd } from '../../core/oee/windows.ts';

/** A UTC day of a line of which something has to be computed again. */
export interface DirtyDay {
  readonly linePath: string;
  /** The day is (dayEndMs - 1 d, dayEndMs]. */
  readonly dayEndMs: number;
  /** The instants within the day that have new facts. */
  readonly range: TimeRange;
  readonly machinePaths: ReadonlySet<string>;
}

interface Mark {
  fromMs: number;
  toMs: number;
  readonly machinePaths: Set<string>;
}

/**
 * What has to be computed again: one mark a line and UTC day, however many ticks came for it. So its memory depends on the
 * days that a backlog touches, never on its size, and ticks that come while a day waits cost nothing more.
 */
export class DirtyDays {
  readonly #lines = new Map<string, Map<number, Mark>>();
  #oldestNext = false;

  /** Marks the windows that hold (fromMs, toMs] of a machine; days are split. */
  mark(linePath: string, machinePath: string, { fromMs, toMs }: TimeRange): void {
    for (let dayEndMs = windowEnd(fromMs + 1, DAY_MS); dayEndMs - DAY_MS < toMs; dayEndMs += DAY_MS) {
      const days = this.#lines.get(linePath) ?? new Map<number, Mark>();
      this.#lines.set(linePath, days);
      const part = { fromMs: Math.max(fromMs, dayEndMs - DAY_MS), toMs: Math.min(toMs, dayEndMs) };
      const mark = days.get(dayEndMs);
      if (mark === undefined) {
        days.set(dayEndMs, { ...part, machinePaths: new Set([machinePath]) });
      } else {
        mark.fromMs = Math.min(mark.fromMs, part.fromMs);
        mark.toMs = Math.max(mark.toMs, part.toMs);
        mark.machinePaths.add(machinePath);
      }
    }
  }

  /** Marks again what `take` gave: computing it failed. */
  restore(day: DirtyDay): void {
    for (const machinePath of day.machinePaths) this.mark(day.linePath, machinePath, day.range);
  }

  /** How many days of lines wait. */
  get size(): number {
    let size = 0;
    for (const days of this.#lines.values()) size += days.size;
    return size;
  }

  /**
   * Takes the next day: in turns the newest, so that the page stays current while a backlog pours in, and the oldest, so that
   * the backlog gets done. Among lines whose day is equally near, the one that waited longest.
   */
  take(): DirtyDay | undefined {
    const oldest = this.#oldestNext;
    this.#oldestNext = !oldest;
    let best: { linePath: string; days: Map<number, Mark>; dayEndMs: number } | undefined;
    for (const [linePath, days] of this.#lines) {
      for (const dayEndMs of days.keys()) {
        if (best !== undefined && (oldest ? dayEndMs >= best.dayEndMs : dayEndMs <= best.dayEndMs)) continue;
        best = { linePath, days, dayEndMs };
      }
    }
    const mark = best?.days.get(best.dayEndMs);
    if (best === undefined || mark === undefined) return undefined;
    best.days.delete(best.dayEndMs);
    // To the end of the map: the other lines' turn comes first.
    this.#lines.delete(best.linePath);
    if (best.days.size > 0) this.#lines.set(best.linePath, best.days);
    const { fromMs, toMs, machinePaths } = mark;
    return { linePath: best.linePath, dayEndMs: best.dayEndMs, range: { fromMs, toMs }, machinePaths };
  }
}
