import { showValue } from '../fault.ts';
import { countsParts, hasIdealCycle } from '../site.ts';
import { didYouMean } from '../suggest.ts';
import type { CheckContext, Place } from './context.ts';
import { placedMachines } from './context.ts';

/** What one part of the file names of another exists: gateways, sources, counted and simulated machines. */
export function checkReferences(context: CheckContext): void {
  checkGateways(context);
  const sources = context.writtenIds(['sources']);
  for (const { machine, path } of placedMachines(context.site)) {
    exists(context, [...path, 'source'], machine.source, 'a source', sources);
    checkModel(context, [...path, 'model'], machine.model);
  }
  checkCounted(context);
  checkSimulation(context);
  const used = new Set(placedMachines(context.site).map(({ machine }) => machine.source));
  for (const [index, { id }] of context.site.sources.entries()) {
    if (used.has(id) || context.isFaulty(['lines'])) continue;
    context.warning(['sources', index], { message: 'is used by no machine', got: showValue(id, []) });
  }
}

function checkModel(context: CheckContext, place: Place, model: string): void {
  const { machineModels: known } = context;
  if (known === undefined || known.includes(model)) return;
  const hint = didYouMean(model, known);
  context.fault(place, {
    message: 'must be an asset model that a line takes as a machine (assets/asset-models)',
    got: showValue(model, []),
    allowed: known.join(', '),
    hint: hint ?? 'Use one of them, or add the model and name it in the hierarchies machines and counted of line.yaml',
  });
}

function checkGateways(context: CheckContext): void {
  const gateways = context.writtenIds(['gateways']);
  for (const [index, source] of context.site.sources.entries()) {
    const path = ['sources', index];
    if (source.gateway !== undefined) exists(context, [...path, 'gateway'], source.gateway, 'a gateway', gateways);
    else if (gateways.length > 1 && !context.isFaulty([...path, 'gateway'])) {
      context.fault(path, {
        message: `needs a gateway, since the site has ${gateways.length} of them`,
        allowed: gateways.join(', '),
        hint: `Say which one talks to source ${source.id}: gateway: ${gateways[0] ?? ''}`,
      });
    }
  }
}

function checkCounted(context: CheckContext): void {
  for (const [lineIndex, line] of context.site.lines.entries()) {
    const machinesPath = ['lines', lineIndex, 'machines'];
    const known = context.writtenIds(machinesPath);
    const seen = new Set<string>();
    for (const [index, id] of (line.oee.counted ?? []).entries()) {
      const place = ['lines', lineIndex, 'oee', 'counted', index];
      if (seen.has(id)) context.fault(place, { message: 'is named twice', got: showValue(id, []) });
      seen.add(id);
      if (!exists(context, place, id, `a machine of line ${line.id}`, known)) continue;
      const machineIndex = line.machines.findIndex((machine) => machine.id === id);
      const machine = line.machines[machineIndex];
      if (machine === undefined || countsParts(machine)) continue;
      if (context.isFaulty([...machinesPath, machineIndex])) continue;
      const lacks = [
        ...(machine.state === undefined ? ['a state'] : []),
        ...(machine.produced === undefined ? ['a parts counter (produced)'] : []),
        ...(hasIdealCycle(machine) ? [] : ['an ideal cycle (idealCycleSeconds)']),
      ];
      context.fault(place, {
        message: 'must be a machine with a state, a parts counter and an ideal cycle, since only those have an OEE',
        got: showValue(id, []),
        hint: `Give machine ${id} ${lacks.join(' and ')}, or leave it out here`,
      });
    }
  }
}

function checkSimulation(context: CheckContext): void {
  const { site } = context;
  if (site.simulation === undefined) return;
  const known = site.lines.flatMap((line, index) =>
    context.writtenIds(['lines', index, 'machines']).map((machine) => `${line.id}/${machine}`),
  );
  for (const name of Object.keys(site.simulation.machines)) {
    if (context.isFaulty(['lines']) && !known.includes(name)) continue;
    exists(context, ['simulation', 'machines', name], name, 'a machine, as <line>/<machine>', known);
  }
}

/** Whether an id is among the known ones; a fault where it is not. */
export function exists(
  context: CheckContext,
  place: Place,
  id: string,
  what: string,
  known: readonly string[],
): boolean {
  if (known.includes(id)) return true;
  // The list itself is missing or faulty: that is said already.
  if (known.length === 0) return false;
  const hint = didYouMean(id, known);
  context.fault(place, {
    message: `must be the id of ${what} in this file`,
    got: showValue(id, []),
    allowed: known.slice(0, 30).join(', '),
    ...(hint !== undefined && { hint }),
  });
  return false;
}
