import { collectorOf, SENSORS_HIERARCHY } from '../../../core/asset-model/machine-models.ts';
import type { SiteFault } from '../../../core/site/load.ts';
import type { Deployment } from '../../deployment.ts';
import { deployedMachines, type PlacedMachine } from './deployed-machines.ts';

/** Types whose average, minimum and maximum the sensor's model can compute. */
const NUMERIC_TYPES: readonly string[] = ['DOUBLE', 'INTEGER'];

/** Machines and sensors that no asset of SiteWise can stand for. */
export function modelFaults(deployment: Deployment): SiteFault[] {
  return deployedMachines(deployment).flatMap((placed) => [
    ...kindFaults(deployment, placed),
    ...collectorFaults(deployment, placed),
    ...sensorFaults(deployment, placed),
  ]);
}

/** A SiteWise hierarchy has one child model. */
function kindFaults(deployment: Deployment, { line, machine, path }: PlacedMachine): SiteFault[] {
  const [first] = line.machines;
  if (first === undefined || first.model === machine.model) return [];
  return [
    deployment.fault([...path, 'model'], {
      message: `must be the model of all machines of line ${line.id}, since a hierarchy of AWS IoT SiteWise takes assets of one model`,
      got: `${machine.model}, but ${first.id} has ${first.model}`,
      hint: `Put machine ${machine.id} into a line of its own kind`,
    }),
  ];
}

function collectorFaults(deployment: Deployment, { machine, path }: PlacedMachine): SiteFault[] {
  const file = deployment.models.get(machine.model);
  const source = deployment.site.sources.find(({ id }) => id === machine.source);
  if (file === undefined || source === undefined) return [];
  const faults: SiteFault[] = [];
  const needed = collectorOf(file);
  const suiting = [...deployment.models.values()].filter((other) => collectorOf(other) === source.collector);
  if (needed !== undefined && needed !== source.collector) {
    faults.push(
      deployment.fault([...path, 'model'], {
        message: `does not fit: source ${source.id} has collector: ${source.collector}, and this model takes values of ${needed} alone`,
        got: machine.model,
        allowed: suiting.map(({ definition }) => definition.id).join(', '),
        hint: `Choose another model, or set collector: ${needed} at the source`,
      }),
    );
  }
  if (needed === 'sitewise-edge' && machine.produced !== undefined && machine.idealCycleSeconds === undefined) {
    faults.push(
      deployment.fault([...path, 'idealCycleSeconds'], {
        message: `is missing: machines with model ${machine.model} have one ideal cycle, whatever the product, since nothing but SiteWise computes for them`,
        hint: 'Give the seconds that one part takes at best',
      }),
    );
  }
  return faults;
}

function sensorFaults(deployment: Deployment, { machine, path }: PlacedMachine): SiteFault[] {
  const hasSensors = deployment.models
    .get(machine.model)
    ?.definition.hierarchies.some(({ id }) => id === SENSORS_HIERARCHY);
  return machine.sensors.flatMap((sensor, index) => {
    if (!sensor.sitewise) return [];
    const place = [...path, 'sensors', index, 'sitewise'];
    if (!NUMERIC_TYPES.includes(sensor.type)) {
      return [
        deployment.fault(place, {
          message: `is for numbers: AWS IoT SiteWise shows a sensor by its average, minimum and maximum`,
          got: `true for ${sensor.id} of type ${sensor.type}`,
          allowed: `true for types ${NUMERIC_TYPES.join(', ')}`,
          hint: 'Remove it: everything goes to the lake in any case',
        }),
      ];
    }
    if (hasSensors === false) {
      return [
        deployment.fault(place, {
          message: `has no place in SiteWise: model ${machine.model} has no hierarchy ${SENSORS_HIERARCHY}`,
          got: `true for ${sensor.id}`,
          hint: `Add the hierarchy to ${machine.model}.yaml, or remove sitewise here`,
        }),
      ];
    }
    return [];
  });
}
