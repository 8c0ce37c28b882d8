import type { Machine } from '../../../core/site/site.ts';
import type { Deployment } from '../../deployment.ts';

/** A value of the site file that a machine's asset holds as an attribute. */
export interface MachineAttribute {
  /** The attribute's id in the machine's model. */
  readonly property: string;
  readonly value: number;
}

/** Attributes that the site file knows the values of, by their ids in the models. */
const ATTRIBUTE_VALUES: Readonly<Record<string, (machine: Machine) => number | undefined>> = {
  ideal_cycle_s: ({ idealCycleSeconds }) => idealCycleSeconds,
};

/** The attributes of a machine's model that the site file gives a value to. */
export function machineAttributes({ models }: Deployment, machine: Machine): MachineAttribute[] {
  const properties = models.get(machine.model)?.definition.properties ?? [];
  return properties.flatMap(({ id, type }) => {
    const value = type === 'Attribute' ? ATTRIBUTE_VALUES[id]?.(machine) : undefined;
    return value === undefined ? [] : [{ property: id, value }];
  });
}

/** Whether any deployed machine has such attributes. */
export function needsAttributes(deployment: Deployment): boolean {
  return deployment.scope.lines.some(({ machines }) =>
    machines.some((machine) => machineAttributes(deployment, machine).length > 0),
  );
}
