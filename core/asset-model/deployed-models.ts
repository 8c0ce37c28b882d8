import { variableName } from '../path.ts';
import { FACTORY_MODEL, LINE_MODEL, machineModelIds } from './machine-models.ts';
import {
  type AssetHierarchy,
  type AssetModel,
  type AssetModelFile,
  type AssetModels,
  type AssetProperty,
  instantiateModels,
} from './model.ts';

/** Id of the hierarchy of the factory's model that holds its lines. */
const LINES_HIERARCHY = 'lines';

/** What a site deploys of its models. */
export interface DeployedModelChoice {
  /** Models of the machines of the deployed lines. */
  readonly machineModels: readonly string[];
  /** Options to apply, e.g. `mes`. */
  readonly options: readonly string[];
}

/**
 * The model of lines whose machines have a given model: a SiteWise hierarchy has exactly one child model, so there is a line
 * model for each model of machines. The first that `line.yaml` offers is `line` itself.
 */
export function lineModelId(files: ReadonlyMap<string, AssetModelFile>, machineModel: string): string {
  return machineModel === machineModelIds(files)[0] ? LINE_MODEL : `${LINE_MODEL}-${machineModel}`;
}

/** The hierarchy of the factory that holds the lines of a given model of machines. */
export function linesHierarchyId(files: ReadonlyMap<string, AssetModelFile>, machineModel: string): string {
  return machineModel === machineModelIds(files)[0]
    ? LINES_HIERARCHY
    : `${LINES_HIERARCHY}_${variableName(machineModel)}`;
}

/**
 * The models that a site deploys, children before parents: those that its lines need, and one factory with a hierarchy for each
 * kind of line. The factory's figure is over one kind alone, the first that `line.yaml` offers of those that there are: figures of
 * connector and of native lines mean different things, and SiteWise has no figure at all while one of two sums has no value.
 * A kind of line that comes later adds models, a hierarchy and windows; nothing is taken away or gets another id.
 */
export function deployedModels(
  files: ReadonlyMap<string, AssetModelFile>,
  { machineModels, options }: DeployedModelChoice,
): AssetModels {
  const kinds = machineModelIds(files).filter((id) => machineModels.includes(id));
  const deployed = new Map<string, AssetModel>();
  let factory: AssetModel | undefined;
  for (const kind of kinds) {
    const models = instantiateModels(files, { children: [kind], options });
    addWithChildren(deployed, models, kind);
    const line = models.get(LINE_MODEL);
    if (line === undefined) continue;
    const id = lineModelId(files, kind);
    const name = id === LINE_MODEL ? line.name : `${line.name} of ${nameOf(files, kind)}`;
    deployed.set(id, { ...line, id, name });
    factory ??= models.get(FACTORY_MODEL);
  }
  if (factory !== undefined) deployed.set(factory.id, factoryOver(kinds, factory, files));
  return deployed;
}

function addWithChildren(deployed: Map<string, AssetModel>, models: AssetModels, id: string): void {
  const model = models.get(id);
  if (model === undefined || deployed.has(id)) return;
  for (const { child } of model.hierarchies.values()) addWithChildren(deployed, models, child);
  deployed.set(id, model);
}

function factoryOver(
  kinds: readonly string[],
  factory: AssetModel,
  files: ReadonlyMap<string, AssetModelFile>,
): AssetModel {
  const counted = linesHierarchyId(files, kinds[0] ?? '');
  const hierarchies = [...factory.hierarchies.values()].flatMap((hierarchy): AssetHierarchy[] => {
    if (hierarchy.id !== LINES_HIERARCHY) return [hierarchy];
    return kinds.map((kind) => {
      const id = linesHierarchyId(files, kind);
      const what = id === LINES_HIERARCHY ? hierarchy.name : `${hierarchy.name} of ${nameOf(files, kind)}`;
      const name = id === counted ? what : `${what}, not in the figure`;
      return { id, name, child: lineModelId(files, kind) };
    });
  });
  const properties = [...factory.properties].map(([id, property]): [string, AssetProperty] => {
    if (!('variables' in property)) return [id, property];
    const variables = new Map(
      [...property.variables].map(([name, reference]) => [
        name,
        reference.hierarchy === LINES_HIERARCHY ? { ...reference, hierarchy: counted } : reference,
      ]),
    );
    return [id, { ...property, variables }];
  });
  return {
    ...factory,
    hierarchies: new Map(hierarchies.map((hierarchy) => [hierarchy.id, hierarchy])),
    properties: new Map(properties),
  };
}

function nameOf(files: ReadonlyMap<string, AssetModelFile>, model: string): string {
  return files.get(model)?.definition.name ?? model;
}
