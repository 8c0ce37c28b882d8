import type { GatewayConfig, SiteFile } from './schema.ts';
import type { Line, Site } from './site.ts';

/** The phases of the roadmap in their order; each holds all of those before it. */
export const PHASES = ['pilot', 'production', 'rollout', 'analytics'] as const satisfies readonly SiteFile['phase'][];
export type Phase = (typeof PHASES)[number];

/** Whether a phase has come as far as another. */
export function hasReached(phase: Phase, other: Phase): boolean {
  return PHASES.indexOf(phase) >= PHASES.indexOf(other);
}

/** What of a site is deployed to AWS in its phase; on one machine (`npm start`, `plant run`) everything runs. */
export interface DeployedScope {
  readonly phase: Phase;
  readonly lines: readonly Line[];
  readonly gateways: readonly GatewayConfig[];
  /** The gateway that runs the hub; undefined where an Outpost does. */
  readonly hubGatewayId: string | undefined;
  /** The gateway that runs the hub as long as no Outpost does: what is kept there of it stays when the hub moves. */
  readonly hubGatewayBeforeOutpostId: string | undefined;
  /** Alarms, dashboards and the MES API, from production on. */
  readonly hasProduction: boolean;
  /** Whether the Outpost is part of it: from rollout on, where the site has one. */
  readonly hasOutpost: boolean;
  /** Whether commands to machines may exist: from rollout on. */
  readonly allowsCommands: boolean;
  /** What later issues add: training, twin. */
  readonly hasAnalytics: boolean;
}

/**
 * The line and gateway of `pilot`, or the only ones there are. `loadSite` has checked that they exist.
 * Only lines whose machines all hang on deployed gateways could be left half: a pilot's gateway reads its line alone.
 */
export function deployedScope(site: Site): DeployedScope {
  const { phase } = site;
  const isRolledOut = hasReached(phase, 'rollout');
  const pilotLine = site.pilot?.line ?? site.lines[0]?.id;
  const pilotGateway = site.pilot?.gateway ?? site.gateways[0]?.id;
  const hasOutpost = isRolledOut && site.outpost !== undefined;
  const hubGatewayId = site.hub.gateway ?? pilotGateway;
  return {
    phase,
    lines: isRolledOut ? site.lines : site.lines.filter(({ id }) => id === pilotLine),
    gateways: isRolledOut ? site.gateways : site.gateways.filter(({ id }) => id === pilotGateway),
    hubGatewayId: hasOutpost ? undefined : hubGatewayId,
    hubGatewayBeforeOutpostId: hubGatewayId,
    hasProduction: hasReached(phase, 'production'),
    hasOutpost,
    allowsCommands: isRolledOut,
    hasAnalytics: phase === 'analytics',
  };
}
