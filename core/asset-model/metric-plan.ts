import { type CompiledMetric, compileMetric, parseWindow, Series, type VariableDeclaration } from '../formula/index.ts';
import { DAY_MS, type TimeRange, windowsTouching } from '../oee/windows.ts';
import type { AssetModel, AssetModels, MetricProperty, PropertyReference } from './model.ts';

/** A computed window of a metric; null where the expression has no value (an empty window, x/0). */
export interface MetricValue {
  readonly property: string;
  readonly endMs: number;
  readonly value: number | null;
}

/** What a plan reads: points by signal, and the metrics of the children by hierarchy. */
export interface MetricInputs {
  /** Signal id -> its points, prepared once however many windows read them. */
  readonly signals: ReadonlyMap<string, Series>;
  /** Hierarchy id -> child's metric id -> one series a child, points stamped with the window's end. */
  readonly children: ReadonlyMap<string, ReadonlyMap<string, readonly Series[]>>;
}

/** A metric that a plan leaves out, and why. */
export interface SkippedMetric {
  readonly property: string;
  readonly reason: string;
}

interface Step {
  readonly property: MetricProperty;
  readonly lengthMs: number;
  readonly metric: CompiledMetric;
  readonly inputs: readonly Input[];
}

interface Input {
  readonly variable: string;
  readonly from: 'signal' | 'own' | 'children';
  /** Signal id, or metric id. */
  readonly key: string;
  readonly hierarchy: string;
}

/**
 * The metrics of a model that follow from its minute signals (ticks) alone, compiled and in the order in which they
 * build on each other. What needs other values (sensors, attributes, transforms) is left to AWS IoT SiteWise: `skipped`.
 */
export class MetricPlan {
  readonly model: AssetModel;
  readonly skipped: readonly SkippedMetric[];
  /** Signals that the plan reads. */
  readonly signals: readonly string[];
  /** Hierarchy id -> metrics of the children that the plan reads. */
  readonly childMetrics: ReadonlyMap<string, readonly string[]>;
  /** Ids of the metrics that it computes. */
  readonly metrics: readonly string[];
  readonly #steps: readonly Step[];

  /** @param minuteSignals the signals that exist once a minute (ticks and corrections of the MES). */
  constructor(model: AssetModel, models: AssetModels, minuteSignals: ReadonlySet<string>) {
    this.model = model;
    const skipped: SkippedMetric[] = [];
    const steps = new Map<string, Step>();
    const metrics = [...model.properties.values()].filter((property) => property.type === 'Metric');
    for (const property of inDependencyOrder(metrics)) {
      const step = planStep(property, model, models, minuteSignals, steps);
      if ('reason' in step) skipped.push({ property: property.id, reason: step.reason });
      else steps.set(property.id, step);
    }
    this.skipped = skipped;
    this.#steps = [...steps.values()];
    this.metrics = this.#steps.map((step) => step.property.id);
    const inputs = this.#steps.flatMap((step) => step.inputs);
    this.signals = [...new Set(inputs.filter(({ from }) => from === 'signal').map(({ key }) => key))];
    const childMetrics = new Map<string, string[]>();
    for (const { from, hierarchy, key } of inputs) {
      if (from !== 'children') continue;
      const known = childMetrics.get(hierarchy) ?? [];
      if (!known.includes(key)) childMetrics.set(hierarchy, [...known, key]);
    }
    this.childMetrics = childMetrics;
  }

  /** Every window of every metric that holds any instant of (fromMs, toMs]. */
  evaluate(range: TimeRange, inputs: MetricInputs): MetricValue[] {
    const results: MetricValue[] = [];
    const own = new Map<string, Series>();
    for (const step of this.#steps) {
      const series = new Map(step.inputs.map((input) => [input.variable, seriesOf(input, inputs, own)]));
      const points: { t: number; value: number }[] = [];
      for (const window of windowsTouching(range, step.lengthMs)) {
        const value = step.metric.evaluate(window, series);
        const isNumber = typeof value === 'number';
        if (isNumber) points.push({ t: window.endMs, value });
        results.push({ property: step.property.id, endMs: window.endMs, value: isNumber ? value : null });
      }
      own.set(step.property.id, new Series(points));
    }
    return results;
  }

  /** Metrics over a whole day that are nothing but the sum of one signal: metric id -> signal. By them a day can be audited. */
  dailySums(): Map<string, string> {
    const sums = new Map<string, string>();
    for (const { property, lengthMs, inputs } of this.#steps) {
      const [input] = inputs;
      const isSum = input !== undefined && property.expression.replaceAll(/\s/g, '') === `sum(${input.variable})`;
      if (lengthMs === DAY_MS && isSum && input.from === 'signal') sums.set(property.id, input.key);
    }
    return sums;
  }
}

const EMPTY = new Series([]);

function seriesOf(input: Input, inputs: MetricInputs, own: ReadonlyMap<string, Series>): Series | readonly Series[] {
  switch (input.from) {
    case 'signal':
      return inputs.signals.get(input.key) ?? EMPTY;
    case 'own':
      return own.get(input.key) ?? EMPTY;
    case 'children':
      return inputs.children.get(input.hierarchy)?.get(input.key) ?? [];
  }
}

function planStep(
  property: MetricProperty,
  model: AssetModel,
  models: AssetModels,
  minuteSignals: ReadonlySet<string>,
  planned: ReadonlyMap<string, Step>,
): Step | { reason: string } {
  const { lengthMs } = parseWindow(property.window);
  if (DAY_MS % lengthMs !== 0) return { reason: `its window ${property.window} does not divide a day` };
  if (property.offset !== undefined) return { reason: 'its window has an offset' };
  if (property.dataType !== 'DOUBLE' && property.dataType !== 'INTEGER') return { reason: 'its result is no number' };
  const inputs: Input[] = [];
  const declarations = new Map<string, VariableDeclaration>();
  for (const [variable, reference] of property.variables) {
    const input = planInput(variable, reference, model, models, minuteSignals, planned);
    if ('reason' in input) return input;
    inputs.push(input);
    declarations.set(variable, {
      dataType: 'DOUBLE',
      source: input.from === 'signal' ? 'measurement' : 'metric',
      ...(input.from === 'children' && { fromChildren: true }),
    });
  }
  const metric = compileMetric(property.expression, { variables: declarations });
  if (metric.looksBack || metric.looksAhead) return { reason: 'it looks at values outside of its window' };
  return { property, lengthMs, inputs, metric };
}

function planInput(
  variable: string,
  reference: PropertyReference,
  model: AssetModel,
  models: AssetModels,
  minuteSignals: ReadonlySet<string>,
  planned: ReadonlyMap<string, Step>,
): Input | { reason: string } {
  const { property: id, hierarchy } = reference;
  if (hierarchy !== undefined) {
    const child = models.get(model.hierarchies.get(hierarchy)?.child ?? '')?.properties.get(id);
    if (child?.type !== 'Metric') return { reason: `it reads "${id}" of its children, which is no metric` };
    return { variable, from: 'children', key: id, hierarchy };
  }
  const property = model.properties.get(id);
  if (property?.type === 'Measurement') {
    if (!minuteSignals.has(property.signal)) return { reason: `it reads "${id}", which is not written each minute` };
    return { variable, from: 'signal', key: property.signal, hierarchy: '' };
  }
  if (property?.type === 'Metric' && planned.has(id)) return { variable, from: 'own', key: id, hierarchy: '' };
  return { reason: `it reads "${id}", which the hub does not compute` };
}

/** Metrics after those of the same asset that they read. The model is known to be free of cycles. */
function inDependencyOrder(metrics: readonly MetricProperty[]): MetricProperty[] {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  const ordered = new Set<MetricProperty>();
  const visiting = new Set<string>();
  const visit = (metric: MetricProperty): void => {
    if (ordered.has(metric) || visiting.has(metric.id)) return;
    visiting.add(metric.id);
    for (const { property, hierarchy } of metric.variables.values()) {
      const input = hierarchy === undefined ? byId.get(property) : undefined;
      if (input !== undefined) visit(input);
    }
    ordered.add(metric);
  };
  for (const metric of metrics) visit(metric);
  return [...ordered];
}
