import { listOf, objectOf } from '../json.ts';
import { type CheckedResource, type CheckRule, type LocatedFault, resourcesOfTypes } from '../rule.ts';

interface Use {
  readonly resource: CheckedResource;
  readonly at: string;
}

/** Faults of whatever is used more than once in one account and Region. */
function* repeated(
  uses: ReadonlyMap<string, readonly Use[]>,
  text: (first: string) => string,
): Generator<LocatedFault> {
  for (const [first, ...others] of uses.values())
    for (const { resource, at } of others)
      if (first !== undefined)
        yield {
          at,
          resource,
          stack: resource.stack,
          text: text(`${first.resource.stack.path}/${first.resource.logicalId}`),
        };
}

function add(uses: Map<string, Use[]>, resource: CheckedResource, at: string, value: unknown): void {
  if (typeof value !== 'string') return;
  const key = `${resource.stack.environment} ${value}`;
  const known = uses.get(key);
  if (known === undefined) uses.set(key, [{ resource, at }]);
  else known.push({ resource, at });
}

/** What must be unique over all stacks of an account and Region: no stack alone can see it. */
export const SITEWISE_ASSET_RULES: readonly CheckRule[] = [
  {
    id: 'Plantbridge-AliasOnce',
    asks: 'A property alias belongs to one property of an account and Region, over all stacks and sites.',
    *faults(stacks) {
      const uses = new Map<string, Use[]>();
      for (const resource of resourcesOfTypes(stacks, ['AWS::IoTSiteWise::Asset']))
        for (const [index, property] of listOf(resource.properties.AssetProperties).entries())
          add(uses, resource, `AssetProperties[${index}].Alias`, objectOf(property).Alias);
      yield* repeated(uses, (first) => `must be an alias that no other property has, got: that of ${first}`);
    },
  },
  {
    id: 'Plantbridge-ExternalIdOnce',
    asks: 'An external id belongs to one asset, or one asset model, of an account and Region.',
    *faults(stacks) {
      for (const [type, property] of [
        ['AWS::IoTSiteWise::Asset', 'AssetExternalId'],
        ['AWS::IoTSiteWise::AssetModel', 'AssetModelExternalId'],
      ] as const) {
        const uses = new Map<string, Use[]>();
        for (const resource of resourcesOfTypes(stacks, [type]))
          add(uses, resource, property, resource.properties[property]);
        yield* repeated(uses, (first) => `must be an id that no other has, got: that of ${first}`);
      }
    },
  },
];
