import { LINE_MODEL } from '../../core/asset-model/machine-models.ts';
import { MetricPlan, type SkippedMetric } from '../../core/asset-model/metric-plan.ts';
import { type AssetModelFile, type AssetModels, instantiateModels } from '../../core/asset-model/model.ts';
import { type Line, type Machine, machinesOf, type Site } from '../../core/site/site.ts';
import { MINUTE_SIGNALS } from '../historian/series.ts';

/** The id of the model of the factory (assets/asset-models). */
export const FACTORY_MODEL = 'factory';
/** The hierarchy of a line that holds the machines that make its figure, and the one of all of them. */
const COUNTED = 'counted';
const MACHINES = 'machines';
/** The hierarchy of a factory. */
const LINES = 'lines';

/** An asset that sums up others: which plan, and who its children are by hierarchy. */
export interface ParentPlan {
  readonly path: string;
  readonly plan: MetricPlan;
  /** Hierarchy id -> paths of the children. */
  readonly children: ReadonlyMap<string, readonly string[]>;
}

/** The metrics that the hub computes for each asset of a site. */
export class PlantPlans {
  /** Machine path -> its plan; machines whose model needs nothing of the hub are left out. */
  readonly machines: ReadonlyMap<string, MetricPlan>;
  /** Machine path -> line path. */
  readonly lineOfMachine: ReadonlyMap<string, string>;
  readonly lines: ReadonlyMap<string, ParentPlan>;
  readonly factory: ParentPlan | undefined;
  /** Machines with a state whose asset model does not exist. */
  readonly withoutModel: readonly Machine[];
  /** Model id -> what AWS IoT SiteWise alone computes, and why. */
  readonly skipped: ReadonlyMap<string, readonly SkippedMetric[]>;

  /**
   * @param files the asset models, see `loadAssetModels`.
   * @param mesMachines paths of machines whose quality the MES confirms (the models' option `mes`).
   */
  constructor(site: Site, files: ReadonlyMap<string, AssetModelFile>, mesMachines: ReadonlySet<string> = new Set()) {
    const plans = planCache(instantiateModels(files, { extraWindows: ['5m'] }));
    const withMes = planCache(instantiateModels(files, { extraWindows: ['5m'], options: ['mes'] }));
    const machines = new Map<string, MetricPlan>();
    const lineOfMachine = new Map<string, string>();
    const lines = new Map<string, ParentPlan>();
    for (const line of site.lines) {
      for (const machine of line.machines) {
        const plan = (mesMachines.has(machine.path) ? withMes : plans)(machine.model);
        if (machine.state === undefined || plan === undefined || plan.metrics.length === 0) continue;
        machines.set(machine.path, plan);
        lineOfMachine.set(machine.path, line.path);
      }
      const plan = plans(LINE_MODEL);
      if (plan !== undefined) lines.set(line.path, { path: line.path, plan, children: childrenOf(line) });
    }
    const factory = plans(FACTORY_MODEL);
    this.machines = machines;
    this.withoutModel = machinesOf(site).filter(({ state, model }) => state !== undefined && !files.has(model));
    this.lineOfMachine = lineOfMachine;
    this.lines = lines;
    this.factory = factory && {
      path: site.id,
      plan: factory,
      children: new Map([[LINES, site.lines.map((line) => line.path)]]),
    };
    const used = [...machines.values(), ...[...lines.values()].map(({ plan }) => plan), ...(factory ? [factory] : [])];
    this.skipped = new Map(
      used.filter(({ skipped }) => skipped.length > 0).map((plan) => [plan.model.id, plan.skipped]),
    );
  }
}

function childrenOf(line: Line): Map<string, readonly string[]> {
  const paths = (machines: readonly Machine[]) => machines.map((machine) => machine.path);
  return new Map([
    [MACHINES, paths(line.machines)],
    [COUNTED, paths(line.machines.filter((machine) => line.countedMachineIds.includes(machine.id)))],
  ]);
}

/** Plans by model id, each compiled once however many machines share it. */
function planCache(models: AssetModels): (modelId: string) => MetricPlan | undefined {
  const plans = new Map<string, MetricPlan | undefined>();
  return (modelId) => {
    if (!plans.has(modelId)) {
      const model = models.get(modelId);
      plans.set(modelId, model && new MetricPlan(model, models, MINUTE_SIGNALS));
    }
    return plans.get(modelId);
  };
}
