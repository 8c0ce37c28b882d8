import { check, compileMetric, compileTransform, type VariableDeclaration } from '../formula/index.ts';
import type { SitePath } from '../site/fault.ts';
import { didYouMean } from '../site/suggest.ts';
import type { FaultList } from './fault-list.ts';
import type {
  AssetModel,
  AssetModels,
  AssetProperty,
  MetricProperty,
  PropertyReference,
  TransformProperty,
} from './model.ts';

/** SiteWise's pattern and length of a variable's name. */
const VARIABLE_NAME = /^[a-z][a-z0-9_]*$/;
const VARIABLE_LENGTH = 64;

type Computed = MetricProperty | TransformProperty;

/** Expressions and what they read: names, types, windows, and the language's limits. */
export function checkExpressions(models: AssetModels, faults: FaultList): void {
  for (const model of models.values()) {
    for (const property of model.properties.values()) {
      if (property.type === 'Metric' || property.type === 'Transform') checkProperty(model, models, property, faults);
    }
  }
}

function checkProperty(model: AssetModel, models: AssetModels, property: Computed, faults: FaultList): void {
  const declarations = new Map<string, VariableDeclaration>();
  let isComplete = true;
  for (const [name, reference] of property.variables) {
    const path = [...property.source, 'variables', name];
    if (!VARIABLE_NAME.test(name) || name.length > VARIABLE_LENGTH) {
      faults.add(model.origin, path, 'name', {
        message: 'is no name of a variable',
        got: name,
        allowed: `a lower-case letter, then lower-case letters, digits and "_"; at most ${VARIABLE_LENGTH} characters`,
      });
    }
    const target = resolve(model, models, property, reference, path, faults);
    if (target === undefined) {
      isComplete = false;
      continue;
    }
    if (property.type === 'Metric') checkWindow(model, property, target, path, faults);
    declarations.set(name, {
      dataType: target.dataType,
      source: sourceOf(target),
      ...(reference.hierarchy !== undefined && { fromChildren: true }),
    });
  }
  // With a reference that leads nowhere the expression would only repeat that fault.
  if (isComplete) checkText(model, property, declarations, faults);
}

function resolve(
  model: AssetModel,
  models: AssetModels,
  property: Computed,
  { property: id, hierarchy: hierarchyId }: PropertyReference,
  path: SitePath,
  faults: FaultList,
): AssetProperty | undefined {
  let owner: AssetModel | undefined = model;
  if (hierarchyId !== undefined) {
    if (property.type === 'Transform') {
      faults.add(model.origin, path, 'children', {
        message: 'is a property of child assets, which only a metric may read',
        got: `${id} through ${hierarchyId}`,
      });
      return undefined;
    }
    const hierarchy = model.hierarchies.get(hierarchyId);
    if (hierarchy === undefined) {
      const hint = didYouMean(hierarchyId, model.hierarchies.keys());
      faults.add(model.origin, [...path, 'hierarchy'], 'hierarchy', {
        message: 'is not a hierarchy of this model',
        got: hierarchyId,
        allowed: [...model.hierarchies.keys()].join(', ') || 'none, the model has no hierarchies',
        ...(hint !== undefined && { hint }),
      });
      return undefined;
    }
    owner = models.get(hierarchy.child);
  }
  const target = owner?.properties.get(id);
  if (target === undefined) {
    const known = [...(owner?.properties.keys() ?? [])];
    const hint = didYouMean(id, known);
    faults.add(model.origin, path, 'property', {
      message:
        hierarchyId === undefined
          ? 'is not a property of this model'
          : `is not a property of its child model ${owner?.id}`,
      got: id,
      ...(hint !== undefined && { hint }),
    });
  }
  return target;
}

/** A metric's metric inputs must have its own window (SiteWise user guide, "Metrics"). */
function checkWindow(
  model: AssetModel,
  metric: MetricProperty,
  target: AssetProperty,
  path: SitePath,
  faults: FaultList,
): void {
  if (target.type !== 'Metric') return;
  if (target.window === metric.window && target.offset === metric.offset) return;
  const show = ({ window, offset }: MetricProperty) =>
    offset === undefined ? window : `${window} with offset ${offset}`;
  faults.add(model.origin, path, 'window', {
    message: 'is a metric of another window; a metric may only read metrics of its own',
    got: `${target.id} of ${show(target)}`,
    allowed: show(metric),
  });
}

function checkText(
  model: AssetModel,
  property: Computed,
  declarations: ReadonlyMap<string, VariableDeclaration>,
  faults: FaultList,
): void {
  const path = [...property.source, 'expression'];
  const kind = property.type === 'Metric' ? 'metric' : 'transform';
  const found = check(property.expression, { kind, variables: declarations });
  for (const fault of found) {
    faults.add(
      model.origin,
      path,
      fault.message,
      { message: `character ${fault.offset + 1}: ${fault.message}`, got: property.expression },
      fault.offset,
    );
  }
  if (found.length > 0) return;
  const compiled =
    kind === 'metric'
      ? compileMetric(property.expression, { variables: declarations })
      : compileTransform(property.expression, { variables: declarations });
  for (const name of declarations.keys()) {
    if (compiled.variables.includes(name)) continue;
    faults.add(model.origin, [...property.source, 'variables', name], 'unused', {
      message: 'is not used by the expression',
      got: property.expression,
    });
  }
  if (compiled.resultType !== 'UNKNOWN' && compiled.resultType !== property.dataType) {
    faults.add(model.origin, [...property.source, 'dataType'], 'result', {
      message: `is not what the expression gives, which is ${compiled.resultType}`,
      got: property.dataType,
    });
  }
}

function sourceOf(property: AssetProperty): VariableDeclaration['source'] {
  switch (property.type) {
    case 'Attribute':
      return 'attribute';
    case 'Measurement':
      return 'measurement';
    case 'Transform':
      return 'transform';
    case 'Metric':
      return 'metric';
  }
}
