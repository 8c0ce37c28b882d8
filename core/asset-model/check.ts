import type { SiteFault } from '../site/fault.ts';
import { didYouMean } from '../site/suggest.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkLimits } from './check-limits.ts';
import { checkStructure } from './check-structure.ts';
import { FaultList } from './fault-list.ts';
import { type AssetModelFile, instantiateModels, type ModelChoice } from './model.ts';

/**
 * Everything about asset models that AWS IoT SiteWise would refuse and that can be known before deployment: in every
 * variant that a deployment may choose (children of hierarchies, options). All faults at once, by file and line.
 */
export function checkAssetModels(files: ReadonlyMap<string, AssetModelFile>): SiteFault[] {
  const faults = new FaultList();
  for (const file of files.values()) {
    checkStructure(file, faults);
    for (const [index, { children }] of file.definition.hierarchies.entries()) {
      for (const [position, child] of children.entries()) {
        if (files.has(child)) continue;
        const hint = didYouMean(child, files.keys());
        faults.add(file, ['hierarchies', index, 'children', position], 'child', {
          message: 'is not the id of an asset model',
          got: child,
          allowed: [...files.keys()].join(', '),
          ...(hint !== undefined && { hint }),
        });
      }
    }
  }
  checkHierarchyCycles(files, faults);
  // References and limits mean something only between models that exist and do not contain themselves.
  if (faults.all().length > 0) return faults.all();
  for (const choice of choicesOf(files)) {
    const models = instantiateModels(files, choice);
    checkExpressions(models, faults);
    checkLimits(models, faults);
  }
  return faults.all();
}

/** Every variant: the models as they are, each other child that a hierarchy offers, each option, and both together. */
export function choicesOf(files: ReadonlyMap<string, AssetModelFile>): ModelChoice[] {
  const children = new Set<string>();
  const options = new Set<string>();
  for (const { definition } of files.values()) {
    for (const hierarchy of definition.hierarchies) {
      for (const other of hierarchy.children.slice(1)) children.add(other);
    }
    for (const option of Object.keys(definition.options)) options.add(option);
  }
  return [[], ...[...children].map((child) => [child])].flatMap((chosenChildren) =>
    [[], ...[...options].map((option) => [option])].map((chosenOptions) => ({
      children: chosenChildren,
      options: chosenOptions,
    })),
  );
}

function checkHierarchyCycles(files: ReadonlyMap<string, AssetModelFile>, faults: FaultList): void {
  const finished = new Set<string>();
  const visit = (id: string, above: readonly string[]): void => {
    const file = files.get(id);
    if (file === undefined || finished.has(id)) return;
    for (const [index, { children }] of file.definition.hierarchies.entries()) {
      for (const [position, child] of children.entries()) {
        const start = [...above, id].indexOf(child);
        if (start >= 0) {
          faults.add(file, ['hierarchies', index, 'children', position], 'cycle', {
            message: 'makes a model a child of itself, which SiteWise refuses',
            got: [...above, id].slice(start).concat(child).join(' -> '),
          });
        } else {
          visit(child, [...above, id]);
        }
      }
    }
    finished.add(id);
  };
  for (const id of files.keys()) visit(id, []);
}
