import type { AssetModel, AssetModels, AssetProperty } from './model.ts';

/** A property of a model. */
export interface PropertyNode {
  readonly model: AssetModel;
  readonly property: AssetProperty;
}

/**
 * Which property is computed from which, over the whole hierarchy: a line's metric depends on its machines'. Counts are a
 * model's: however many machines a line has, each of their properties has the same dependents.
 */
export class DependencyGraph {
  readonly #nodes = new Map<string, PropertyNode>();
  readonly #inputs = new Map<PropertyNode, Set<PropertyNode>>();
  readonly #dependents = new Map<PropertyNode, Set<PropertyNode>>();
  readonly #cyclic: PropertyNode[] = [];
  readonly #depths = new Map<PropertyNode, number>();

  constructor(models: AssetModels) {
    for (const model of models.values()) {
      for (const property of model.properties.values()) {
        const node = { model, property };
        this.#nodes.set(keyOf(model.id, property.id), node);
        this.#inputs.set(node, new Set());
        this.#dependents.set(node, new Set());
      }
    }
    for (const node of this.#nodes.values()) {
      const { model, property } = node;
      if (property.type !== 'Metric' && property.type !== 'Transform') continue;
      for (const reference of property.variables.values()) {
        const owner =
          reference.hierarchy === undefined ? model.id : (model.hierarchies.get(reference.hierarchy)?.child ?? '');
        const input = this.#nodes.get(keyOf(owner, reference.property));
        if (input === undefined) continue;
        this.#inputs.get(node)?.add(input);
        this.#dependents.get(input)?.add(node);
      }
    }
    for (const node of this.#nodes.values()) {
      if (reachable(node, this.#inputs).has(node)) this.#cyclic.push(node);
    }
  }

  nodes(): PropertyNode[] {
    return [...this.#nodes.values()];
  }

  /** The property of a model, undefined if there is none. */
  node(modelId: string, propertyId: string): PropertyNode | undefined {
    return this.#nodes.get(keyOf(modelId, propertyId));
  }

  /** Properties that depend on themselves. */
  cycles(): readonly PropertyNode[] {
    return this.#cyclic;
  }

  /** How many properties read this one. */
  directDependents(node: PropertyNode): number {
    return this.#dependents.get(node)?.size ?? 0;
  }

  /** How many properties change when this one does. */
  totalDependents(node: PropertyNode): number {
    return reachable(node, this.#dependents).size;
  }

  /** Levels of the tree of inputs, the property itself included. There must be no cycle. */
  depth(node: PropertyNode): number {
    const known = this.#depths.get(node);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(0, ...[...(this.#inputs.get(node) ?? [])].map((input) => this.depth(input)));
    this.#depths.set(node, depth);
    return depth;
  }

  /** How many metrics this property is computed from, directly or not. */
  cascadingMetrics(node: PropertyNode): number {
    return [...reachable(node, this.#inputs)].filter(({ property }) => property.type === 'Metric').length;
  }
}

function keyOf(modelId: string, propertyId: string): string {
  return `${modelId} ${propertyId}`;
}

function reachable(from: PropertyNode, edges: ReadonlyMap<PropertyNode, ReadonlySet<PropertyNode>>): Set<PropertyNode> {
  const found = new Set<PropertyNode>();
  const open = [...(edges.get(from) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(edges.get(next) ?? []));
  }
  return found;
}
