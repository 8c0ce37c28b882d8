import type { Site } from '../../core/site/site.ts';
import { machinesOf } from '../../core/site/site.ts';
import type { BatchMessage } from '../../core/telemetry/message.ts';
import type { LiveMachine, LiveOee as LiveOeeEvent, LiveProgress, LiveSnapshot, OeeFigure } from '../api/contract.ts';
import type { Historian } from '../historian/historian.ts';
import { simulatedSpans } from '../historian/simulated.ts';
import { type LiveFigure, LiveOee } from '../oee/live.ts';
import { LiveFeed } from './live-feed.ts';
import { LiveView, type MachineNow } from './live-view.ts';

const HOUR_MS = 3_600_000;
/** A little under the 2 s that are promised, since it is looked at once a second. */
const HEARTBEAT_MS = 1900;

export interface LiveServiceOptions {
  readonly site: Site;
  readonly historian: Historian;
  /** ms since 1970. */
  readonly now: () => number;
  /** Writes an instant with the site's offset. */
  readonly instant: (timeMs: number) => string;
}

/** What browsers see live: the machines now, the newest values, OEE of the running hour; put together for the contract. */
export class LiveService {
  readonly feed = new LiveFeed();
  readonly view: LiveView;
  readonly #options: LiveServiceOptions;
  readonly #oee: LiveOee;
  /** Up to when simulated history of a machine goes. */
  readonly #simulatedUntil = new Map<string, number>();
  #figures: LiveOeeEvent[] = [];
  /** Parts by machine in the running hour. */
  #produced = new Map<string, number>();
  #progress: LiveProgress | null = null;
  #heartbeatMs = 0;

  constructor(options: LiveServiceOptions) {
    const { site, now, instant } = options;
    this.#options = options;
    this.#oee = new LiveOee(site);
    this.view = new LiveView(
      site,
      {
        machine: (machine) => {
          const live = this.#toLive(machine);
          this.feed.each((client) => client.machine(live));
        },
        value: (path, { timeMs, value, quality }) => {
          if (this.feed.size === 0) return;
          const live = { path, t: instant(timeMs), value, quality };
          this.feed.each((client) => client.value(live));
        },
        minute: (message) => this.#oee.minute(message),
      },
      now(),
    );
  }

  /** Begins with what the historian knows. */
  async load(): Promise<void> {
    const { site, historian, now } = this.#options;
    const nowMs = now();
    await this.view.load(historian, nowMs);
    await this.#oee.load(historian, nowMs);
    for (const { path } of machinesOf(site)) {
      for (const { toMs } of await historian.simulatedPeriods(path, nowMs - 2 * HOUR_MS, nowMs)) {
        this.#simulatedUntil.set(path, toMs);
      }
    }
  }

  /** What was committed: ticks make the running hour. */
  committed(batches: readonly BatchMessage[]): void {
    this.#oee.committed(batches);
    for (const [path, { toMs }] of simulatedSpans(batches)) {
      this.#simulatedUntil.set(path, Math.max(toMs, this.#simulatedUntil.get(path) ?? 0));
    }
  }

  /** The making of the demo's history; 1 means that it is done. */
  progress(label: string, done: number): void {
    this.#progress = done >= 1 ? null : { label, done };
    this.feed.each((client) => client.progress(this.#progress));
  }

  /** To be called each second. */
  tick(): void {
    const { now, instant } = this.#options;
    const nowMs = now();
    this.view.advance(nowMs);
    const figures = this.#oee.figures(nowMs);
    this.#produced = new Map(figures.map(({ path, figures: { produced } }) => [path, produced]));
    this.#figures = figures.map((figure) => ({ path: figure.path, figure: this.#toFigure(figure) }));
    this.feed.each((client) => client.oee(this.#figures));
    if (nowMs - this.#heartbeatMs < HEARTBEAT_MS) return;
    this.#heartbeatMs = nowMs;
    // Confirmations alone are no event: with the heartbeat goes when each machine was last confirmed, and its parts.
    for (const machine of this.view.machines()) {
      const live = this.#toLive(machine);
      this.feed.each((client) => client.machine(live));
    }
    this.feed.each((client) => client.heartbeat(instant(nowMs)));
  }

  snapshot(): LiveSnapshot {
    const { now, instant } = this.#options;
    return {
      at: instant(now()),
      machines: this.view.machines().map((machine) => this.#toLive(machine)),
      values: this.view
        .values()
        .map(([path, { timeMs, value, quality }]) => ({ path, t: instant(timeMs), value, quality })),
      oee: this.#figures,
      progress: this.#progress,
    };
  }

  #toLive({ machine, state, sinceMs, reason, product, confirmedAtMs, stale, clockSkewMs }: MachineNow): LiveMachine {
    const { instant } = this.#options;
    return {
      path: machine.path,
      state,
      category: machine.categoryOfState[state],
      reason,
      product,
      since: instant(sinceMs),
      confirmedAt: confirmedAtMs === undefined ? null : instant(confirmedAtMs),
      stale,
      clockSkewMs,
      producedThisHour: this.#produced.get(machine.path) ?? 0,
    };
  }

  #toFigure({ path, startMs, endMs, figures, producedUnattributed }: LiveFigure): OeeFigure {
    const { instant } = this.#options;
    const simulated = [...this.#simulatedUntil].some(
      ([machinePath, untilMs]) => untilMs > startMs && (machinePath === path || machinePath.startsWith(`${path}/`)),
    );
    return {
      start: instant(startMs),
      end: instant(endMs),
      ...figures,
      producedUnattributed,
      complete: false,
      simulated,
      confirmedUntil: null,
    };
  }
}
