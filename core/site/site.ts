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
  /** Ids of the machines that make the line's figure; empty where none of them has an OEE, see `countsParts`. */
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

/**
 * Whether a machine has all that OEE needs: a state, a parts counter and an ideal cycle that can apply. With a state alone only its
 * availability is known.
 */
export function countsParts(
  machine: Pick<MachineFile, 'state' | 'produced' | 'product' | 'idealCycleSeconds' | 'products'>,
): boolean {
  return machine.state !== undefined && machine.produced !== undefined && hasIdealCycle(machine);
}

/** Whether an ideal cycle can apply to a part: the machine's, or a product's where a signal says which one runs. */
export function hasIdealCycle(machine: Pick<MachineFile, 'product' | 'idealCycleSeconds' | 'products'>): boolean {
  return machine.idealCycleSeconds !== undefined || (machine.product !== undefined && machine.products.length > 0);
}

/** All machines of a site, line by line. */
export function machinesOf(site: Site): Machine[] {
  return site.lines.flatMap((line) => line.machines);
}
