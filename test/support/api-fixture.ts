import type { Hono } from 'hono';
import { machinesOf, type Site } from '../../core/site/site.ts';
import type { BatchMessage } from '../../core/telemetry/message.ts';
import { toMachineMessages } from '../../core/telemetry/message.ts';
import type { Sample } from '../../core/telemetry/types.ts';
import { createApp } from '../../hub/api/app.ts';
import type { DemoControl } from '../../hub/api/context.ts';
import { instantWriter } from '../../hub/api/instants.ts';
import { StateDays } from '../../hub/api/state-days.ts';
import { LiveService } from '../../hub/live/live-service.ts';
import { keepingLogger } from './keeping-logger.ts';
import { MemoryHistorian } from './memory-historian.ts';
import { smallSite } from './small-site.ts';

export const TOKEN = 'correct-horse-battery-staple';
/** 12:34:56 UTC on a Sunday in winter: 13:34:56 in Berlin. */
export const NOW = Date.UTC(2026, 10, 22, 12, 34, 56);

function siteWithSensor(): Site {
  const site = smallSite({ bottling: ['filler', 'capper'], machining: ['cell'] }, { bottling: ['filler'] });
  const [filler] = machinesOf(site);
  filler?.sensors.push({
    id: 'temperature',
    name: 'Temperature',
    type: 'DOUBLE',
    unit: '°C',
    sitewise: false,
    node: 'x',
  });
  return site;
}

/** The hub's web side on a historian in memory, without a port. */
export class ApiFixture {
  readonly historian = new MemoryHistorian();
  readonly logger = keepingLogger();
  readonly site: Site;
  readonly live: LiveService;
  readonly app: Hono;
  readonly stateDays: StateDays;
  nowMs = NOW;
  #sequence = 0;

  /** @param options `site`: another one than the small site with one sensor. */
  constructor(options: { demo?: DemoControl; webFolder?: string; hostNames?: readonly string[]; site?: Site } = {}) {
    this.site = options.site ?? siteWithSensor();
    const instant = instantWriter(this.site.timeZone);
    const now = () => this.nowMs;
    const { site, historian, logger } = this;
    this.live = new LiveService({ site, historian, now, instant });
    const { live } = this;
    const confirmedAtMs = (path: string) => live.view.machine(path)?.confirmedAtMs;
    this.stateDays = new StateDays({ historian, now, confirmedAtMs });
    this.app = createApp(
      {
        site,
        historian,
        feed: live.feed,
        snapshot: () => live.snapshot(),
        confirmedAtMs,
        stateDays: this.stateDays,
        health: () => ({ status: 'ok', version: '0', uptimeSeconds: 1, checks: {} }),
        demo: options.demo,
        logger,
        now,
        instant,
      },
      { token: TOKEN, hostNames: options.hostNames ?? [], webFolder: options.webFolder },
    );
  }

  /** Commits samples as a gateway would have sent them. */
  async commit(samples: readonly Sample[], more: Partial<BatchMessage> = {}): Promise<void> {
    this.#sequence += 1;
    const batch = {
      version: 1,
      outbox: 'o',
      sequence: this.#sequence,
      machines: toMachineMessages(samples),
      ...more,
    } as const;
    await this.historian.commit('gateway-1', [batch]);
    this.live.committed([batch]);
    this.stateDays.committed([batch]);
  }

  /** Asks the API with the token. */
  async get<Body>(path: string): Promise<{ status: number; type: string | null; body: Body }> {
    const response = await this.app.request(`http://127.0.0.1/api/v1${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: (await response.json()) as Body,
    };
  }
}
