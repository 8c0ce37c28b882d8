import type { Site } from '../../../core/site/site.ts';
import type { Sample } from '../../../core/telemetry/types.ts';
import { OeeEngine, type OeeEngineOptions } from '../../../hub/oee/engine.ts';
import { readAssetModels } from '../../../hub/oee/models.ts';
import { MemoryHistorian } from '../../support/memory-historian.ts';
import { smallSite } from '../../support/small-site.ts';
import { batchOf, type MinuteFacts, tick, tickSamples } from '../../support/ticks.ts';

const MINUTE_MS = 60_000;
const models = readAssetModels();

/** A historian and an OEE engine, fed minute by minute: how the golden tables are run through the real model files. */
export class Plant {
  readonly historian: MemoryHistorian;
  readonly engine: OeeEngine;
  #sequence = 0;

  constructor(site: Site = smallSite({ bottling: ['filler'] }), options: Partial<OeeEngineOptions> = {}) {
    this.historian = (options.historian as MemoryHistorian | undefined) ?? new MemoryHistorian();
    this.engine = new OeeEngine({
      site,
      models,
      now: () => Date.parse('2026-11-23T12:00:00Z'),
      debounceMs: 0,
      restShare: 0,
      retryMs: 1,
      historian: this.historian,
      ...options,
    });
  }

  /** Commits samples as one batch and tells the engine, as ingest does. */
  async deliver(samples: readonly Sample[]): Promise<void> {
    this.#sequence += 1;
    const batch = batchOf(samples, this.#sequence);
    await this.historian.commit('gateway-1', [batch]);
    this.engine.committed([batch]);
  }

  /** Minutes of a machine that follow each other. @param from the start of the first minute, ISO 8601. */
  async minutes(machinePath: string, from: string, minutes: readonly MinuteFacts[]): Promise<void> {
    await this.deliver(minuteSamples(machinePath, from, minutes));
  }

  /** A metric of the window that ends then, undefined where there is none. */
  async metric(path: string, property: string, end: string): Promise<number | undefined> {
    await this.engine.settled();
    const endMs = Date.parse(end);
    return (
      this.historian.allMetrics().find((row) => row.path === path && row.property === property && row.endMs === endMs)
        ?.value ?? undefined
    );
  }

  /** Availability, performance, quality and OEE of a window in percent, rounded to 0.1; `-` where there is none. */
  async figures(path: string, window: string, end: string): Promise<string> {
    const cells: string[] = [];
    for (const name of ['availability', 'performance', 'quality', 'oee']) {
      const value = await this.metric(path, `${name}_${window}`, end);
      cells.push(value === undefined ? '-' : (value * 100).toFixed(1));
    }
    return cells.join(' ');
  }
}

/** The tick samples of minutes that follow each other. */
export function minuteSamples(machinePath: string, from: string, minutes: readonly MinuteFacts[]): Sample[] {
  const fromMs = Date.parse(from);
  return minutes.flatMap((facts, index) => tickSamples(machinePath, fromMs + (index + 1) * MINUTE_MS, tick(facts)));
}

/** The same minute several times. */
export function times(count: number, facts: MinuteFacts): MinuteFacts[] {
  return Array.from({ length: count }, () => facts);
}
