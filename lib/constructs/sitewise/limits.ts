import type { SiteFault } from '../../../core/site/load.ts';
import type { Line, Machine } from '../../../core/site/site.ts';
import type { Deployment } from '../../deployment.ts';
import { sitewiseSensors } from './deployed-machines.ts';
import { machineAttributes } from './machine-attributes.ts';

/** Resources of a line's stack. CloudFormation allows 500; the rest is for what it and CDK may add. */
export const LINE_RESOURCE_LIMIT = 480;
/** Fixed limits of AWS IoT SiteWise (user guide, "Quotas"). */
const CHILDREN_PER_PARENT = 2000;
const ASSETS_PER_MODEL = 10_000;
/** How many of the heaviest a message names. */
const NAMED = 3;

/** What a line's stack will hold: an asset for the line, each machine and each sensor of theirs, and one resource for attributes. */
export function resourcesOf(deployment: Deployment, line: Line): number {
  const assets = line.machines.reduce((sum, machine) => sum + assetsOf(machine), 1);
  return line.machines.some((machine) => machineAttributes(deployment, machine).length > 0) ? assets + 1 : assets;
}

/** Assets that a machine becomes: itself and its sensors with `sitewise: true`. */
export function assetsOf(machine: Machine): number {
  return 1 + sitewiseSensors(machine).length;
}

/** Lines and machines that are larger than CloudFormation or SiteWise takes. */
export function limitFaults(deployment: Deployment): SiteFault[] {
  const { site, scope } = deployment;
  const faults: SiteFault[] = [];
  for (const [index, line] of site.lines.entries()) {
    if (!scope.lines.includes(line)) continue;
    const resources = resourcesOf(deployment, line);
    if (resources <= LINE_RESOURCE_LIMIT) continue;
    faults.push(
      deployment.fault(['lines', index], {
        message: `is too large for one stack of CloudFormation: line ${line.id} makes ${resources} resources, one for each machine and each sensor with sitewise: true`,
        got: `${line.machines.length} machines; ${heaviest(line)} weigh most`,
        allowed: `at most ${LINE_RESOURCE_LIMIT} resources`,
        hint: 'Split the line into several, or mark fewer sensors with sitewise: true',
      }),
    );
  }
  if (scope.lines.length > CHILDREN_PER_PARENT) {
    faults.push(
      deployment.fault(['lines'], {
        message: 'are more than an asset of AWS IoT SiteWise may have below it',
        got: String(scope.lines.length),
        allowed: `at most ${CHILDREN_PER_PARENT}`,
      }),
    );
  }
  for (const [model, count] of assetsByModel(scope.lines)) {
    if (count <= ASSETS_PER_MODEL) continue;
    faults.push(
      deployment.fault(['lines'], {
        message: `have more ${model} than AWS IoT SiteWise allows of one asset model`,
        got: String(count),
        allowed: `at most ${ASSETS_PER_MODEL}`,
        hint: 'Divide the factory into two sites, or mark fewer sensors with sitewise: true',
      }),
    );
  }
  return faults;
}

function heaviest({ machines }: Line): string {
  return machines
    .toSorted((one, other) => assetsOf(other) - assetsOf(one))
    .slice(0, NAMED)
    .map((machine) => `${machine.id} (${assetsOf(machine)})`)
    .join(', ');
}

function assetsByModel(lines: readonly Line[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (what: string, count: number) => counts.set(what, (counts.get(what) ?? 0) + count);
  for (const { machines } of lines) {
    for (const machine of machines) {
      add(`machines with model ${machine.model}`, 1);
      add('sensors with sitewise: true', assetsOf(machine) - 1);
    }
  }
  return counts;
}
