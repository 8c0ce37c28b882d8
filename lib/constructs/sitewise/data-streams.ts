import type { AssetModel, MeasurementProperty } from '../../../core/asset-model/model.ts';
import { collectorAlias, propertyAlias } from '../../../core/path.ts';
import type { SiteFault } from '../../../core/site/load.ts';
import type { SensorConfig } from '../../../core/site/schema.ts';
import type { Machine } from '../../../core/site/site.ts';
import type { Deployment } from '../../deployment.ts';
import { deployedMachines, isNative } from './deployed-machines.ts';

/** A property of an asset and the data stream that it takes its values from. */
export interface DataStream {
  readonly property: MeasurementProperty;
  readonly alias: string;
}

/** A model's signal that is the asset itself. */
const OWN_PATH = '.';

/**
 * The data streams of a machine's measurements: by path where the connector writes them, also those that the machine does not
 * have yet. AWS's own collector names streams after source and browse path; of what it does not read there is no stream.
 */
export function machineStreams(deployment: Deployment, machine: Machine, model: AssetModel): DataStream[] {
  const native = isNative(deployment, machine);
  return measurementsOf(model).flatMap((property) => {
    if (!native) return [{ property, alias: propertyAlias(`${machine.path}/${property.signal}`) }];
    const browsePath = browsePathOf(machine, property.signal);
    return browsePath === undefined
      ? []
      : [{ property, alias: collectorAlias(deployment.site.id, machine.source, browsePath) }];
  });
}

/** The data stream of a sensor: its own path, or what AWS's own collector makes of its browse path. */
export function sensorStreams(
  deployment: Deployment,
  machine: Machine,
  sensor: SensorConfig,
  model: AssetModel,
): DataStream[] {
  const alias = sensorAlias(deployment, machine, sensor);
  return measurementsOf(model)
    .filter(({ signal }) => signal === OWN_PATH)
    .flatMap((property) => (alias === undefined ? [] : [{ property, alias }]));
}

/** Nodes that AWS's own collector reads for two signals: one stream can't belong to two properties. */
export function streamFaults(deployment: Deployment): SiteFault[] {
  const owners = new Map<string, string>();
  return deployedMachines(deployment).flatMap(({ machine, path }) => {
    if (!isNative(deployment, machine)) return [];
    const signals = [
      ...NATIVE_SIGNALS.map((id) => ({ id: id as string, browsePath: machine[id]?.browsePath, place: [...path, id] })),
      ...machine.sensors.map(({ id, browsePath }, index) => ({ id, browsePath, place: [...path, 'sensors', index] })),
    ];
    return signals.flatMap(({ id, browsePath, place }) => {
      if (browsePath === undefined) return [];
      const alias = collectorAlias(deployment.site.id, machine.source, browsePath);
      const signalPath = `${machine.path}/${id}`;
      const owner = owners.get(alias);
      if (owner === undefined) {
        owners.set(alias, signalPath);
        return [];
      }
      return [
        deployment.fault([...place, 'browsePath'], {
          message: `must be given once: AWS's collector names the stream of source ${machine.source} after it, and a stream belongs to one property`,
          got: `${browsePath}, which ${owner} has already`,
        }),
      ];
    });
  });
}

const NATIVE_SIGNALS = ['state', 'reason', 'product', 'produced', 'rejected'] as const;

function browsePathOf(machine: Machine, signal: string): string | undefined {
  const id = NATIVE_SIGNALS.find((each) => each === signal);
  return id === undefined ? undefined : machine[id]?.browsePath;
}

function sensorAlias(deployment: Deployment, machine: Machine, { id, browsePath }: SensorConfig): string | undefined {
  if (!isNative(deployment, machine)) return propertyAlias(`${machine.path}/${id}`);
  return browsePath === undefined ? undefined : collectorAlias(deployment.site.id, machine.source, browsePath);
}

function measurementsOf({ properties }: AssetModel): MeasurementProperty[] {
  return [...properties.values()].filter((property) => property.type === 'Measurement');
}
