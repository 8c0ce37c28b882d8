import { countsParts } from '../../../core/site/site.ts';
import type { WatchedMachine, WatchList } from '../../../lambda/data-watch/contract.ts';
import type { Deployment } from '../../deployment.ts';

/**
 * The deployed machines that write ticks: those with a state that the connector reads. What AWS's own collector reads has no ticks, and a
 * value that only comes when it changes says nothing about whether its gateway lives.
 */
export function machinesWithTicks({ site, scope }: Deployment): WatchedMachine[] {
  const gateways = new Set(scope.gateways.map(({ id }) => id));
  const native = new Set(site.sources.filter(({ collector }) => collector === 'sitewise-edge').map(({ id }) => id));
  return scope.lines.flatMap(({ machines }) =>
    machines
      .filter(({ state, source, gatewayId }) => state !== undefined && !native.has(source) && gateways.has(gatewayId))
      .map((machine) => ({
        path: machine.path,
        gatewayId: machine.gatewayId,
        countsParts: countsParts(machine),
      })),
  );
}

/** What the data watch looks at. */
export function watchListOf(deployment: Deployment): WatchList {
  return {
    siteId: deployment.site.id,
    machines: machinesWithTicks(deployment),
    dataGapShare: deployment.site.observability.oeeDataGapShare,
  };
}
