import type { Context } from 'hono';
import type { Site } from '../../core/site/site.ts';
import type { Historian } from '../historian/historian.ts';
import type { LiveFeed } from '../live/live-feed.ts';
import type { HubLogger } from '../logger.ts';
import type { HealthResponse, LiveSnapshot } from './contract.ts';
import { Parameters } from './parameters.ts';
import type { StateDays } from './state-days.ts';

/** Where the simulator takes orders; only in the demo. */
export interface DemoControl {
  readonly url: string;
  readonly secret: string;
}

/** What the routes work with. */
export interface ApiContext {
  readonly site: Site;
  readonly historian: Historian;
  readonly feed: LiveFeed;
  readonly snapshot: () => LiveSnapshot;
  /** Until when a machine is confirmed alive, ms since 1970; undefined if not since the hub started. */
  readonly confirmedAtMs: (machinePath: string) => number | undefined;
  /** How long machines were in which state, over long ranges. */
  readonly stateDays: StateDays;
  readonly health: () => HealthResponse;
  readonly demo: DemoControl | undefined;
  readonly logger: HubLogger;
  /** ms since 1970. */
  readonly now: () => number;
  /** Writes an instant with the site's offset. */
  readonly instant: (timeMs: number) => string;
}

/** Reads a request's query, see Parameters. */
export function parametersOf(context: Context, { site }: ApiContext, known: readonly string[]): Parameters {
  return new Parameters(site, context.req.queries(), known);
}
