import type { SiteDocument } from '../site/document.ts';
import type { SitePath } from '../site/fault.ts';
import type { AssetModelDefinition, HierarchyDefinition, PropertyDefinition } from './schema.ts';

/** Data types of properties. */
export type PropertyDataType = PropertyDefinition['dataType'];

/** A model file as read, with the way back to where things stand in it. */
export interface AssetModelFile {
  readonly file: string;
  readonly definition: AssetModelDefinition;
  readonly document: SiteDocument;
}

/** An input of an expression. */
export interface PropertyReference {
  readonly property: string;
  /** Left out: a property of the same asset. */
  readonly hierarchy?: string;
}

interface Common {
  /** The logical id in CloudFormation. */
  readonly id: string;
  readonly name: string;
  readonly dataType: PropertyDataType;
  readonly unit?: string;
  /** Where the property is defined in the model's file. */
  readonly source: SitePath;
}

export interface AttributeProperty extends Common {
  readonly type: 'Attribute';
  readonly default?: string;
}

export interface MeasurementProperty extends Common {
  readonly type: 'Measurement';
  /** The signal under the asset's path that it takes its values from; `.` is the asset's own path. */
  readonly signal: string;
}

interface Computed extends Common {
  readonly expression: string;
  /** Variable -> property, in the file's order. */
  readonly variables: ReadonlyMap<string, PropertyReference>;
}

export interface TransformProperty extends Computed {
  readonly type: 'Transform';
}

export interface MetricProperty extends Computed {
  readonly type: 'Metric';
  /** Tumbling window as SiteWise writes it, e.g. `15m`. */
  readonly window: string;
  readonly offset?: string;
}

export type AssetProperty = AttributeProperty | MeasurementProperty | TransformProperty | MetricProperty;

export interface AssetHierarchy {
  /** The logical id in CloudFormation. */
  readonly id: string;
  readonly name: string;
  /** The child model's id. */
  readonly child: string;
}

/** A model as it is deployed or evaluated: one property a window, one child a hierarchy, options applied. */
export interface AssetModel {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly properties: ReadonlyMap<string, AssetProperty>;
  readonly hierarchies: ReadonlyMap<string, AssetHierarchy>;
  /** The windows that `{window}` stood for. */
  readonly windows: readonly string[];
  readonly origin: AssetModelFile;
}

/** Models by id, complete: each hierarchy's child is among them. */
export type AssetModels = ReadonlyMap<string, AssetModel>;

/** What distinguishes one deployment's models from another's. */
export interface ModelChoice {
  /** The child where a hierarchy offers several, e.g. `discrete-machine-native`. @default the first that it offers */
  readonly children?: readonly string[];
  /** Options to apply, e.g. `mes`; a model without that option is left as it is. @default none */
  readonly options?: readonly string[];
  /** Windows beside the models' own, e.g. the hub's `5m`. @default none */
  readonly extraWindows?: readonly string[];
}

/**
 * Makes deployable models of model files. A model that sums up its children has only the windows that they have too.
 * The files must have passed `loadAssetModels`.
 */
export function instantiateModels(files: ReadonlyMap<string, AssetModelFile>, choice: ModelChoice = {}): AssetModels {
  const windows = windowsByModel(files, choice);
  const models = new Map<string, AssetModel>();
  for (const { definition, document, file } of files.values()) {
    const ownWindows = windows.get(definition.id) ?? [];
    const properties = new Map<string, AssetProperty>();
    for (const { property, source } of definedProperties(definition, choice.options ?? [])) {
      for (const instance of expand(property, source, ownWindows)) properties.set(instance.id, instance);
    }
    const hierarchies = definition.hierarchies.map((hierarchy): [string, AssetHierarchy] => [
      hierarchy.id,
      { id: hierarchy.id, name: hierarchy.name, child: childOf(hierarchy, choice) },
    ]);
    models.set(definition.id, {
      id: definition.id,
      name: definition.name,
      description: definition.description,
      properties,
      hierarchies: new Map(hierarchies),
      windows: ownWindows,
      origin: { definition, document, file },
    });
  }
  return models;
}

/** The child that a hierarchy has under a choice; the schema demands one at least. */
export function childOf(hierarchy: HierarchyDefinition, choice: ModelChoice): string {
  return hierarchy.children.find((child) => choice.children?.includes(child)) ?? hierarchy.children[0] ?? '';
}

/** A model's properties with options applied, and where each is defined. */
export function definedProperties(
  definition: AssetModelDefinition,
  options: readonly string[],
): { property: PropertyDefinition; source: SitePath }[] {
  const defined = definition.properties.map((property, index) => ({
    property,
    source: ['properties', index] as SitePath,
  }));
  for (const option of options) {
    for (const [index, property] of (definition.options[option]?.properties ?? []).entries()) {
      const entry = { property, source: ['options', option, 'properties', index] as SitePath };
      const replaced = defined.findIndex((other) => other.property.id === property.id);
      if (replaced < 0) defined.push(entry);
      else defined[replaced] = entry;
    }
  }
  return defined;
}

function windowsByModel(files: ReadonlyMap<string, AssetModelFile>, choice: ModelChoice): Map<string, string[]> {
  const known = new Map<string, string[]>();
  const visit = (id: string, above: readonly string[]): string[] => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const definition = files.get(id)?.definition;
    // A cycle is a fault of its own, which the check reports.
    if (definition === undefined || above.includes(id)) return [];
    let windows = definition.windows.length === 0 ? [] : [...(choice.extraWindows ?? []), ...definition.windows];
    for (const hierarchy of definition.hierarchies) {
      if (!sumsUp(definition, hierarchy.id)) continue;
      const below = visit(childOf(hierarchy, choice), [...above, id]);
      windows = windows.filter((window) => below.includes(window));
    }
    const distinct = [...new Set(windows)];
    known.set(id, distinct);
    return distinct;
  };
  for (const id of files.keys()) visit(id, []);
  return known;
}

/** Whether an expression takes a property that exists once a window from the hierarchy's children. */
function sumsUp(definition: AssetModelDefinition, hierarchy: string): boolean {
  return definition.properties.some(
    (property) =>
      'variables' in property &&
      Object.values(property.variables).some(
        (variable) =>
          typeof variable !== 'string' && variable.hierarchy === hierarchy && variable.property.includes('{window}'),
      ),
  );
}

function expand(property: PropertyDefinition, source: SitePath, windows: readonly string[]): AssetProperty[] {
  return property.id.includes('{window}')
    ? windows.map((window) => instantiate(property, source, window))
    : [instantiate(property, source, undefined)];
}

function instantiate(property: PropertyDefinition, source: SitePath, window: string | undefined): AssetProperty {
  const fill = (text: string) => (window === undefined ? text : text.replaceAll('{window}', window));
  const common = {
    id: fill(property.id),
    name: fill(property.name),
    dataType: property.dataType,
    ...(property.unit !== undefined && { unit: property.unit }),
    source,
  };
  switch (property.type) {
    case 'Attribute':
      return { ...common, type: 'Attribute', ...(property.default !== undefined && { default: property.default }) };
    case 'Measurement':
      return { ...common, type: 'Measurement', signal: property.signal ?? property.id.replaceAll('_', '-') };
    case 'Transform':
    case 'Metric': {
      const variables = new Map<string, PropertyReference>();
      for (const [name, variable] of Object.entries(property.variables)) {
        const reference = typeof variable === 'string' ? { property: variable } : variable;
        variables.set(name, {
          property: fill(reference.property),
          ...(reference.hierarchy !== undefined && { hierarchy: reference.hierarchy }),
        });
      }
      const computed = { ...common, expression: property.expression, variables };
      if (property.type === 'Transform') return { ...computed, type: 'Transform' };
      return {
        ...computed,
        type: 'Metric',
        window: fill(property.window),
        ...(property.offset !== undefined && { offset: property.offset }),
      };
    }
  }
}
