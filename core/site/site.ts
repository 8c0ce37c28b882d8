import type { LossCategory, MachineState } from '../telemetry/types.ts';
import type { LineFile, MachineFile, SiteFile } from './schema.ts';

/**
 * A site file with everything resolved: paths joined, defaults filled in, CSV signals read.
 * This, never the raw file, is what edge, hub, local and lib work with.
 */
export interface Site extends Omit<SiteFile, 'lines'> {
  readonly name: string;
  readonly lines: readonly Line[];
}

export interface Line extends Omit<LineFile, 'machines'> {
  /** `<site>/<line>` */
  readonly path: string;
  readonly name: string;
  readonly machines: readonly Machine[];
  /** Ids of the machines that make the line's figure: never empty where the line has a machine with a state. */
  readonly countedMachineIds: readonly string[];
}

export interface Machine extends Omit<MachineFile, 'stalenessSeconds' | 'signals'> {
  /** `<site>/<line>/<machine>` */
  readonly path: string;
  readonly name: string;
  readonly lineId: string;
  /** The gateway of the machine's source. */
  readonly gatewayId: string;
  readonly stalenessSeconds: number;
  /** Each state's category, overrides applied. */
  readonly categoryOfState: Readonly<Record<MachineState, LossCategory>>;
}

/** All machines of a site, line by line. */
export function machinesOf(site: Site): Machine[] {
  return site.lines.flatMap((line) => line.machines);
}
