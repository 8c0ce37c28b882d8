import { showValue } from '../fault.ts';
import { DEFAULT_REGION, REGIONS_OF_SERVICE, type RegionalService } from '../regions.ts';
import { hasReached } from '../roadmap.ts';
import { didYouMean } from '../suggest.ts';
import type { CheckContext } from './context.ts';
import { placedMachines } from './context.ts';
import { exists } from './references.ts';

/** What a deployment to AWS is made of fits together: pilot, hub, enrolment, Region, account. */
export function checkDeployment(context: CheckContext): void {
  checkPilot(context);
  checkHub(context);
  checkSerialNumbers(context);
  checkRegion(context);
  checkBrokers(context);
  if (context.forDeployment) checkNeededForDeployment(context);
}

function checkPilot(context: CheckContext): void {
  const { pilot, lines } = context.site;
  if (pilot === undefined) return;
  const hasLine = exists(context, ['pilot', 'line'], pilot.line, 'a line', context.writtenIds(['lines']));
  const hasGateway = exists(
    context,
    ['pilot', 'gateway'],
    pilot.gateway,
    'a gateway',
    context.writtenIds(['gateways']),
  );
  if (!hasLine || !hasGateway || context.isFaulty(['sources'])) return;
  const lineIndex = lines.findIndex(({ id }) => id === pilot.line);
  const elsewhere = placedMachines(context.site).filter(
    ({ machine, ...place }) => place.lineIndex === lineIndex && gatewayOf(context, machine.source) !== pilot.gateway,
  );
  if (elsewhere.length === 0) return;
  context.fault(['pilot', 'gateway'], {
    message: `must be the gateway of every machine of line ${pilot.line}: the pilot deploys one gateway alone`,
    got: `${showValue(pilot.gateway, [])}, but ${elsewhere.map(({ machine }) => machine.id).join(', ')} ${elsewhere.length === 1 ? 'is' : 'are'} read by another`,
    hint: 'Choose another line or gateway, or let the pilot gateway read those sources',
  });
}

function checkHub(context: CheckContext): void {
  const { gateway } = context.site.hub;
  const gateways = context.writtenIds(['gateways']);
  if (gateway !== undefined) exists(context, ['hub', 'gateway'], gateway, 'a gateway', gateways);
}

/** A serial number enrols one gateway, once. */
function checkSerialNumbers(context: CheckContext): void {
  const owners = new Map<string, string>();
  for (const [index, gateway] of context.site.gateways.entries()) {
    for (const [position, serial] of gateway.serialNumbers.entries()) {
      const owner = owners.get(serial);
      if (owner !== undefined) {
        context.fault(['gateways', index, 'serialNumbers', position], {
          message: 'must be given once in the site: a device enrols as one gateway',
          got: `${showValue(serial, [])}, which gateway ${owner} has already`,
        });
      }
      owners.set(serial, gateway.id);
    }
  }
}

function checkRegion(context: CheckContext): void {
  if (context.isFaulty(['aws'])) return;
  const needed: RegionalService[] = ['AWS IoT SiteWise'];
  if (context.site.observability.grafana) needed.push('Amazon Managed Grafana');
  const region = context.site.aws?.region ?? DEFAULT_REGION;
  for (const service of needed) {
    const known = REGIONS_OF_SERVICE[service];
    if (known.includes(region)) continue;
    const isWish = service === 'Amazon Managed Grafana';
    const hint = didYouMean(region, known);
    context.fault(isWish ? ['observability', 'grafana'] : ['aws', 'region'], {
      message: isWish ? `needs ${service}, which Region ${region} does not have` : `must be a Region with ${service}`,
      got: showValue(isWish ? true : region, []),
      allowed: known.join(', '),
      ...(hint !== undefined && { hint }),
    });
  }
}

/** SiteWise Edge brings its own way through the gateway's EMQX. */
function checkBrokers(context: CheckContext): void {
  for (const [index, source] of context.site.sources.entries()) {
    if (source.collector !== 'sitewise-edge' || source.protocol !== 'opcua') continue;
    const gatewayId = gatewayOf(context, source.id);
    const gateway = context.site.gateways.find(({ id }) => id === gatewayId);
    if (gateway === undefined || gateway.broker === 'emqx') continue;
    context.fault(['sources', index, 'collector'], {
      message: `needs the broker emqx on gateway ${gateway.id}: AWS IoT SiteWise Edge sends through it`,
      got: `sitewise-edge with broker ${gateway.broker}`,
      hint: `Set broker: emqx at gateway ${gateway.id} (needs Docker there), or collector: connector here`,
    });
  }
}

function checkNeededForDeployment(context: CheckContext): void {
  const { site } = context;
  const isProduction = hasReached(site.phase, 'production');
  const isRolledOut = hasReached(site.phase, 'rollout');
  if (!isRolledOut && site.pilot === undefined && !context.isFaulty(['pilot'])) {
    const several = [
      ...(site.lines.length > 1 ? [`${site.lines.length} lines`] : []),
      ...(site.gateways.length > 1 ? [`${site.gateways.length} gateways`] : []),
    ];
    if (several.length > 0) {
      context.fault(['phase'], {
        message: `needs to know which line and gateway the roadmap begins with, since the site has ${several.join(' and ')}`,
        got: site.phase,
        hint: `Add pilot: {line: ${site.lines[0]?.id ?? ''}, gateway: ${site.gateways[0]?.id ?? ''}}`,
      });
    }
  }
  const needsAccount = isProduction ? `phase ${site.phase}` : site.outpost === undefined ? undefined : 'an outpost';
  if (needsAccount !== undefined && site.aws?.account === undefined && !context.isFaulty(['aws'])) {
    context.fault(['aws', 'account'], {
      message: `is missing: with ${needsAccount} the account must not depend on who happens to deploy`,
      hint: 'Add aws: {account: "<twelve digits>"}',
    });
  }
  const hasOutpost = isRolledOut && site.outpost !== undefined;
  if (isRolledOut && !hasOutpost) checkHubIsReached(context);
  if (isProduction && !hasOutpost && site.hub.historianFrom === undefined && !context.isFaulty(['hub'])) {
    context.fault(['hub', 'historianFrom'], {
      message: `is missing: from phase production on the historian is a PostgreSQL, since the embedded one does not survive a power loss by itself`,
      hint: 'Say where its connection string is, e.g. hub: {historianFrom: "file:/etc/plantbridge/historian"}',
    });
  }
}

/** The broker on a gateway serves this gateway: a hub elsewhere would never hear the others. */
function checkHubIsReached(context: CheckContext): void {
  const { site } = context;
  if (site.broker !== undefined || context.isFaulty(['broker'])) return;
  const hub = site.hub.gateway ?? site.pilot?.gateway ?? site.gateways[0]?.id;
  const others = site.sources.filter(
    ({ id, collector }) => collector === 'connector' && gatewayOf(context, id) !== hub,
  );
  const [first] = others;
  if (first === undefined) return;
  context.fault(['broker'], {
    message: `is missing: the hub runs on gateway ${hub ?? ''}, and gateway ${gatewayOf(context, first.id) ?? ''} can not reach it without a broker of the plant`,
    hint: 'Name a broker on the LAN: broker: {url: "mqtts://192.168.10.5:8883"}',
  });
}

function gatewayOf(context: CheckContext, sourceId: string): string | undefined {
  const source = context.site.sources.find(({ id }) => id === sourceId);
  return source === undefined ? undefined : (source.gateway ?? context.site.gateways[0]?.id);
}
