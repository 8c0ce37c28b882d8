import type { AssetModelFile } from '../../core/asset-model/model.ts';
import { DAY_MS, type TimeRange, windowEnd } from '../../core/oee/windows.ts';
import type { Site } from '../../core/site/site.ts';
import type { BatchMessage } from '../../core/telemetry/message.ts';
import type { Sample } from '../../core/telemetry/types.ts';
import type { Historian } from '../historian/historian.ts';
import { MINUTE_SIGNALS } from '../historian/series.ts';
import { suspicions } from './catch-up.ts';
import { computeDay } from './day.ts';
import { type DirtyDay, DirtyDays } from './dirty-days.ts';
import { PlantPlans } from './plant-plans.ts';

/** What the engine works with. Times in ms. */
export interface OeeEngineOptions {
  readonly site: Site;
  /** The asset models, see `readAssetModels`. */
  readonly models: ReadonlyMap<string, AssetModelFile>;
  readonly historian: Historian;
  /** The wall clock, ms since 1970. */
  readonly now: () => number;
  readonly log?: { info(message: string): void; warn(message: string): void };
  /** Machines whose quality the MES confirms. @default none */
  readonly mesMachines?: ReadonlySet<string>;
  /** Ticks of several machines come together: how long to wait for more. @default 200 */
  readonly debounceMs?: number;
  /** Rest after each piece of work, as a share of the time it took: the database serves others too. @default 1 */
  readonly restShare?: number;
  /** The first wait after the historian failed; it doubles up to 30 s. @default 500 */
  readonly retryMs?: number;
  /** How many days back the start looks for figures that a crash left wrong. @default 31 */
  readonly auditDays?: number;
}

/** How the engine is doing, for health. */
export interface OeeEngineStatus {
  /** Days of lines that wait to be computed. */
  readonly waiting: number;
  /** Why the last attempt failed; undefined while all is well. */
  readonly fault: string | undefined;
}

const LONGEST_REST_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Keeps OEE current: told which samples were committed, it computes the asset models' metrics for their windows again, from
 * what the historian holds. So late, reordered and repeated ticks end in the same figures, and the cost follows the days
 * that have news, not the number of messages.
 */
export class OeeEngine {
  readonly #options: OeeEngineOptions;
  readonly #plans: PlantPlans;
  readonly #dirty = new DirtyDays();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #auditing: Promise<void> | undefined;
  #stopping = false;
  #fault: string | undefined;
  #failures = 0;
  #waiters: (() => void)[] = [];

  constructor(options: OeeEngineOptions) {
    this.#options = options;
    this.#plans = new PlantPlans(options.site, options.models, options.mesMachines);
    for (const { path, model } of this.#plans.withoutModel) {
      const known = [...options.models.keys()].join(', ');
      options.log?.warn(
        `Machine ${path} has the asset model "${model}", which assets/asset-models does not have (${known}): no OEE is computed for it`,
      );
    }
    for (const [model, skipped] of this.#plans.skipped) {
      const list = skipped.map(({ property, reason }) => `${property}: ${reason}`).join('; ');
      options.log?.info(`Asset model ${model}: left to AWS IoT SiteWise alone: ${list}`);
    }
  }

  get status(): OeeEngineStatus {
    return { waiting: this.#dirty.size, fault: this.#fault };
  }

  /** Begins in the background to compute what a crash may have left undone. Call it once, before or after the first commits. */
  start(): void {
    this.#auditing ??= this.#audit();
  }

  /** Tells which batches the historian has committed, in any order. Returns at once. */
  committed(batches: readonly BatchMessage[]): void {
    for (const batch of batches) {
      for (const { machine, base, signals } of batch.machines) {
        const times = new Set<number>();
        for (const [signal, column] of Object.entries(signals)) {
          if (!MINUTE_SIGNALS.has(signal)) continue;
          for (const time of column.t) times.add(base + time);
        }
        for (const time of times) this.#touch(machine, time);
      }
    }
    this.#schedule(this.#options.debounceMs ?? 200);
  }

  /** Tells which samples the hub itself has written (`putOwn`), e.g. corrections of the MES. Returns at once. */
  written(samples: readonly Sample[]): void {
    for (const { path, timeMs } of samples) {
      const cut = path.lastIndexOf('/');
      if (MINUTE_SIGNALS.has(path.slice(cut + 1))) this.#touch(path.slice(0, cut), timeMs);
    }
    this.#schedule(this.#options.debounceMs ?? 200);
  }

  /** Resolves when nothing waits to be computed, the audit of the start included. */
  async settled(): Promise<void> {
    await this.#auditing;
    if (this.#dirty.size === 0 && this.#running === undefined) return;
    await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Ends after the piece of work at hand; what then still waits is found again at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#auditing;
    await this.#running;
    this.#release();
  }

  #touch(machinePath: string, timeMs: number): void {
    const linePath = this.#plans.lineOfMachine.get(machinePath);
    if (linePath === undefined) return;
    this.#dirty.mark(linePath, machinePath, { fromMs: timeMs - 1, toMs: timeMs });
  }

  async #audit(): Promise<void> {
    const { historian, now, auditDays = 31 } = this.#options;
    while (!this.#stopping) {
      try {
        for await (const { machinePath, range } of suspicions(this.#plans, historian, now(), auditDays)) {
          if (this.#stopping) return;
          const linePath = this.#plans.lineOfMachine.get(machinePath);
          if (linePath === undefined) continue;
          this.#dirty.mark(linePath, machinePath, range);
          this.#schedule(0);
        }
        return;
      } catch (error) {
        await this.#failed(error);
      }
    }
  }

  #schedule(delayMs: number): void {
    if (this.#stopping || this.#running !== undefined || this.#timer !== undefined || this.#dirty.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
        if (this.#dirty.size === 0) this.#release();
        else this.#schedule(0);
      });
    }, delayMs);
  }

  async #run(): Promise<void> {
    for (let day = this.#dirty.take(); day !== undefined; day = this.#stopping ? undefined : this.#dirty.take()) {
      const startedMs = performance.now();
      try {
        await computeDay(this.#plans, this.#options.historian, day, this.#spanOf(day));
        this.#failures = 0;
        this.#fault = undefined;
      } catch (error) {
        this.#dirty.restore(day);
        await this.#failed(error);
        continue;
      }
      const restMs = (performance.now() - startedMs) * (this.#options.restShare ?? 1);
      if (this.#dirty.size > 0) await this.#wait(Math.min(restMs, LONGEST_REST_MS));
    }
  }

  /**
   * Today and yesterday (UTC): only the windows that have news, since a tick a minute must not cost a day's rows. Older days:
   * all of it, so that a day is either complete or seen to be wrong by the audit of the next start.
   */
  #spanOf({ dayEndMs, range }: DirtyDay): TimeRange {
    const isRecent = dayEndMs >= windowEnd(this.#options.now(), DAY_MS) - DAY_MS;
    return isRecent ? range : { fromMs: dayEndMs - DAY_MS, toMs: dayEndMs };
  }

  async #failed(error: unknown): Promise<void> {
    this.#fault = error instanceof Error ? error.message : String(error);
    const waitMs = Math.min((this.#options.retryMs ?? 500) * 2 ** this.#failures, LONGEST_RETRY_MS);
    this.#failures += 1;
    this.#options.log?.warn(`OEE could not be computed, next attempt in ${Math.ceil(waitMs / 1000)} s: ${this.#fault}`);
    await this.#wait(waitMs);
  }

  /** Waits, but not beyond a stop. */
  async #wait(ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    while (!this.#stopping && performance.now() < untilMs) {
      const stepMs = Math.min(50, untilMs - performance.now());
      await new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, stepMs)));
    }
  }

  #release(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
