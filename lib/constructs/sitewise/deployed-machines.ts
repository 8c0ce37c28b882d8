import type { SitePath } from '../../../core/site/load.ts';
import type { SensorConfig } from '../../../core/site/schema.ts';
import type { Line, Machine } from '../../../core/site/site.ts';
import type { Deployment } from '../../deployment.ts';

/** A deployed machine and where it stands in the site file. */
export interface PlacedMachine {
  readonly line: Line;
  readonly machine: Machine;
  readonly path: SitePath;
}

/** The machines of the deployed lines. */
export function deployedMachines({ site, scope }: Deployment): PlacedMachine[] {
  const deployed = new Set(scope.lines);
  return site.lines.flatMap((line, lineIndex) =>
    deployed.has(line)
      ? line.machines.map((machine, index) => ({ line, machine, path: ['lines', lineIndex, 'machines', index] }))
      : [],
  );
}

/** Sensors that become assets: what goes to SiteWise is a paid choice of the site file. */
export function sitewiseSensors({ sensors }: Machine): readonly SensorConfig[] {
  return sensors.filter(({ sitewise }) => sitewise);
}

/** Whether AWS's own collector writes a machine's values; then there are no ticks, and aliases are browse paths. */
export function isNative({ site }: Deployment, machine: Machine): boolean {
  return site.sources.find(({ id }) => id === machine.source)?.collector === 'sitewise-edge';
}

/** Options of the models: corrections of the MES are added up where it confirms quality, from production on. */
export function modelOptions({ confirmsQuality }: Deployment): string[] {
  return confirmsQuality ? ['mes'] : [];
}
