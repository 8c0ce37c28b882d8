import { DependencyGraph } from './dependency-graph.ts';
import type { FaultList } from './fault-list.ts';
import type { AssetModels } from './model.ts';

/** Limits of AWS IoT SiteWise (user guide, "Quotas"). Those that AWS can raise are taken as fixed: nobody has asked yet. */
export const SITEWISE_LIMITS = {
  propertiesPerModel: 500,
  hierarchiesPerModel: 30,
  directDependents: 20,
  totalDependents: 30,
  propertyTreeDepth: 10,
  hierarchyDepth: 10,
  cascadingMetrics: 10,
} as const;

/** Counts that only the instantiated models show; dependents over the whole hierarchy, children to parents. */
export function checkLimits(models: AssetModels, faults: FaultList): void {
  for (const model of models.values()) {
    const { size } = model.properties;
    if (size > SITEWISE_LIMITS.propertiesPerModel) {
      faults.add(model.origin, ['properties'], 'count', {
        message: 'are more than SiteWise allows in a model',
        got: `${size}, one for each window`,
        allowed: `at most ${SITEWISE_LIMITS.propertiesPerModel}`,
      });
    }
    if (model.hierarchies.size > SITEWISE_LIMITS.hierarchiesPerModel) {
      faults.add(model.origin, ['hierarchies'], 'count', {
        message: 'are more than SiteWise allows in a model',
        got: String(model.hierarchies.size),
        allowed: `at most ${SITEWISE_LIMITS.hierarchiesPerModel}`,
      });
    }
    const levels = levelsBelow(models, model.id);
    if (levels > SITEWISE_LIMITS.hierarchyDepth) {
      faults.add(model.origin, ['hierarchies'], 'levels', {
        message: 'make a tree of assets that is deeper than SiteWise allows',
        got: `${levels} levels`,
        allowed: `at most ${SITEWISE_LIMITS.hierarchyDepth}`,
      });
    }
  }
  checkDependencies(models, faults);
}

function checkDependencies(models: AssetModels, faults: FaultList): void {
  const graph = new DependencyGraph(models);
  for (const { model, property } of graph.cycles()) {
    faults.add(model.origin, [...property.source, 'variables'], 'cycle', {
      message: 'makes the property depend on itself',
      got: property.id,
    });
  }
  if (graph.cycles().length > 0) return;
  for (const node of graph.nodes()) {
    const { model, property } = node;
    const over = (kind: string, what: string, got: number, allowed: number, hint?: string) => {
      if (got <= allowed) return;
      faults.add(model.origin, [...property.source, 'id'], kind, {
        message: `has ${what} than SiteWise allows, over the whole hierarchy`,
        got: `${got} (${property.id})`,
        allowed: `at most ${allowed}`,
        ...(hint !== undefined && { hint }),
      });
    };
    const fewer = 'Each window costs as many again: take out a window, or split the model';
    over('direct', 'more direct dependents', graph.directDependents(node), SITEWISE_LIMITS.directDependents, fewer);
    over('total', 'more dependents in all', graph.totalDependents(node), SITEWISE_LIMITS.totalDependents, fewer);
    over('depth', 'a deeper tree of inputs', graph.depth(node), SITEWISE_LIMITS.propertyTreeDepth);
    over('cascade', 'more cascading metrics below it', graph.cascadingMetrics(node), SITEWISE_LIMITS.cascadingMetrics);
  }
}

function levelsBelow(models: AssetModels, id: string): number {
  const children = [...(models.get(id)?.hierarchies.values() ?? [])].map(({ child }) => levelsBelow(models, child));
  return 1 + Math.max(0, ...children);
}
