import type { AssetModelFile } from './model.ts';

/** The id of the model of a line, and its hierarchy that holds every machine (assets/asset-models/line.yaml). */
export const LINE_MODEL = 'line';
const MACHINES = 'machines';

/**
 * Ids of the models that a machine may have: those that the line's model takes as machines, since AWS IoT SiteWise refuses any other
 * child. Without such a hierarchy, every model but the line's own.
 */
export function machineModelIds(files: ReadonlyMap<string, AssetModelFile>): readonly string[] {
  const hierarchies = files.get(LINE_MODEL)?.definition.hierarchies ?? [];
  const children = hierarchies.find(({ id }) => id === MACHINES)?.children;
  return children ?? [...files.keys()].filter((id) => id !== LINE_MODEL);
}
