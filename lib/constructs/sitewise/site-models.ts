import { deployedModels, lineModelId, linesHierarchyId } from '../../../core/asset-model/deployed-models.ts';
import { FACTORY_MODEL, SENSORS_HIERARCHY } from '../../../core/asset-model/machine-models.ts';
import type { AssetModel, AssetModels } from '../../../core/asset-model/model.ts';
import { SiteFileError } from '../../../core/site/load.ts';
import type { Line, Machine } from '../../../core/site/site.ts';
import type { Deployment } from '../../deployment.ts';
import { budgetFaults } from './budget.ts';
import { streamFaults } from './data-streams.ts';
import { modelOptions } from './deployed-machines.ts';
import { limitFaults } from './limits.ts';
import { modelFaults } from './model-faults.ts';

/** The models of a site, and which of them its assets have. */
export class SiteModels {
  /** Children before parents. */
  readonly models: AssetModels;
  readonly #deployment: Deployment;

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
    this.models = deployedModels(deployment.models, {
      machineModels: deployment.scope.lines.flatMap(({ machines }) => machines.map(({ model }) => model)),
      options: modelOptions(deployment),
    });
  }

  get factory(): AssetModel {
    return this.#model(FACTORY_MODEL);
  }

  line(line: Line): AssetModel {
    return this.#model(lineModelId(this.#deployment.models, machineModelOf(line)));
  }

  /** The logical id of the factory's hierarchy that a line belongs to. */
  linesHierarchy(line: Line): string {
    return linesHierarchyId(this.#deployment.models, machineModelOf(line));
  }

  machine({ model }: Machine): AssetModel {
    return this.#model(model);
  }

  sensor(machine: Machine): AssetModel {
    return this.#model(this.machine(machine).hierarchies.get(SENSORS_HIERARCHY)?.child ?? '');
  }

  #model(id: string): AssetModel {
    const model = this.models.get(id);
    if (model === undefined) throw new Error(`The site ${this.#deployment.site.id} deploys no asset model "${id}".`);
    return model;
  }
}

const known = new WeakMap<Deployment, SiteModels>();

/**
 * The models of a deployment, made and checked once.
 * @throws SiteFileError with everything in the site file that AWS IoT SiteWise or CloudFormation would refuse, all at once.
 */
export function siteModels(deployment: Deployment): SiteModels {
  const found = known.get(deployment);
  if (found !== undefined) return found;
  const faults = [
    ...modelFaults(deployment),
    ...streamFaults(deployment),
    ...limitFaults(deployment),
    ...budgetFaults(deployment),
  ];
  if (faults.length > 0) throw new SiteFileError(faults);
  const models = new SiteModels(deployment);
  known.set(deployment, models);
  return models;
}

/** The model of a line's machines; the checks have seen that it is one. */
function machineModelOf({ machines }: Line): string {
  return machines[0]?.model ?? '';
}
