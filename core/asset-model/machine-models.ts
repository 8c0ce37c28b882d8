import { TICK_SIGNALS, type TickSignal } from '../telemetry/types.ts';
import type { AssetModelFile } from './model.ts';

/** The id of the model of a line, and its hierarchies that hold every machine and those of its figure (assets/asset-models/line.yaml). */
export const LINE_MODEL = 'line';
export const MACHINES_HIERARCHY = 'machines';
export const COUNTED_HIERARCHY = 'counted';
/** The id of the model of a site's root asset (assets/asset-models/factory.yaml). */
export const FACTORY_MODEL = 'factory';
/** A machine model's hierarchy that holds its sensors. */
export const SENSORS_HIERARCHY = 'sensors';

/**
 * Ids of the models that a machine may have: those that the line's model takes as machines, since AWS IoT SiteWise refuses any other
 * child. Without such a hierarchy, every model but the line's own.
 */
export function machineModelIds(files: ReadonlyMap<string, AssetModelFile>): readonly string[] {
  const hierarchies = files.get(LINE_MODEL)?.definition.hierarchies ?? [];
  const children = hierarchies.find(({ id }) => id === MACHINES_HIERARCHY)?.children;
  return children ?? [...files.keys()].filter((id) => id !== LINE_MODEL);
}

/** Ticks that only the connector makes: a PLC gives parts itself, but no seconds a minute. */
const CONNECTOR_TICKS: readonly TickSignal[] = TICK_SIGNALS.filter((id) => id !== 'produced' && id !== 'rejected');

/** Who must collect the values of a model's machines: the connector, whose ticks it takes, or AWS's own collector; undefined: either. */
export function collectorOf({ definition }: AssetModelFile): 'connector' | 'sitewise-edge' | undefined {
  const signals = definition.properties.flatMap((property) =>
    property.type === 'Measurement' ? [property.signal ?? property.id.replaceAll('_', '-')] : [],
  );
  if (CONNECTOR_TICKS.some((tick) => signals.includes(tick))) return 'connector';
  return signals.includes('state') ? 'sitewise-edge' : undefined;
}
