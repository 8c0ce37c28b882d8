import type { MetricPlan, MetricValue } from '../../core/asset-model/metric-plan.ts';
import { Series } from '../../core/formula/index.ts';
import { DAY_MS, type TimeRange } from '../../core/oee/windows.ts';
import type { Historian, MetricRow, StoredPoint } from '../historian/historian.ts';
import type { DirtyDay } from './dirty-days.ts';
import type { ParentPlan, PlantPlans } from './plant-plans.ts';

/** Metric id -> its values over a range, one point a window. */
type MetricSeries = ReadonlyMap<string, Series>;

/** The most rows of one `putMetrics`: other users of the database come in between. */
const ROWS_PER_PUT = 5_000;

/** Lets the event loop serve others: reaction times on the hub are a matter of milliseconds. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Computes the windows of one day of one line that hold any instant of `span`: its machines from their ticks, then the line,
 * then the factory. Everything is computed from what the historian holds, so the result depends neither on the order in
 * which ticks came nor on what was computed before.
 */
export async function computeDay(
  plans: PlantPlans,
  historian: Historian,
  { linePath, dayEndMs, machinePaths }: DirtyDay,
  span: TimeRange,
): Promise<void> {
  const day = { fromMs: dayEndMs - DAY_MS, toMs: dayEndMs };
  const computed = new Map<string, MetricSeries>();
  const rows: MetricRow[] = [];
  const lastRows: MetricRow[] = [];
  const add = (path: string, plan: MetricPlan, values: readonly MetricValue[]): void => {
    computed.set(path, toSeries(plan, values));
    const dailySums = plan.dailySums();
    for (const { property, endMs, value } of values) {
      (dailySums.has(property) ? lastRows : rows).push({ path, property, endMs, value });
    }
  };
  for (const machinePath of machinePaths) {
    const plan = plans.machines.get(machinePath);
    if (plan === undefined) continue;
    const stored = await historian.signalsOf(machinePath, plan.signals, day.fromMs, day.toMs);
    const signals = new Map([...stored].map(([signal, points]) => [signal, seriesOfPoints(points)]));
    add(machinePath, plan, plan.evaluate(span, { signals, children: new Map() }));
    await breathe();
  }
  for (const parent of [plans.lines.get(linePath), plans.factory]) {
    if (parent === undefined) continue;
    const children = await childMetrics(parent, historian, computed, { fromMs: span.fromMs, toMs: day.toMs });
    add(parent.path, parent.plan, parent.plan.evaluate(span, { signals: new Map(), children }));
    await breathe();
  }
  // The machines' daily sums come last: where they are right, everything of that day was written (see catch-up.ts).
  for (const list of [rows, lastRows]) {
    for (let index = 0; index < list.length; index += ROWS_PER_PUT) {
      await historian.putMetrics(list.slice(index, index + ROWS_PER_PUT));
    }
  }
}

async function childMetrics(
  parent: ParentPlan,
  historian: Historian,
  computed: ReadonlyMap<string, MetricSeries>,
  range: TimeRange,
): Promise<Map<string, Map<string, Series[]>>> {
  const byHierarchy = new Map<string, Map<string, Series[]>>();
  for (const [hierarchy, metrics] of parent.plan.childMetrics) {
    const byMetric = new Map(metrics.map((metric): [string, Series[]] => [metric, []]));
    for (const child of parent.children.get(hierarchy) ?? []) {
      const series = computed.get(child) ?? (await storedMetrics(historian, child, metrics, range));
      for (const [metric, list] of byMetric) {
        const one = series.get(metric);
        if (one !== undefined) list.push(one);
      }
    }
    byHierarchy.set(hierarchy, byMetric);
  }
  return byHierarchy;
}

async function storedMetrics(
  historian: Historian,
  path: string,
  metrics: readonly string[],
  { fromMs, toMs }: TimeRange,
): Promise<MetricSeries> {
  const points = new Map<string, { t: number; value: number | null }[]>();
  for (const { property, endMs, value } of await historian.metrics(path, metrics, fromMs, toMs)) {
    const list = points.get(property) ?? [];
    list.push({ t: endMs, value });
    points.set(property, list);
  }
  return new Map([...points].map(([metric, list]) => [metric, new Series(list)]));
}

function seriesOfPoints(points: readonly StoredPoint[]): Series {
  return new Series(points.map(({ timeMs, value, quality }) => ({ t: timeMs, value, quality })));
}

function toSeries(plan: MetricPlan, values: readonly MetricValue[]): MetricSeries {
  const points = new Map(plan.metrics.map((metric): [string, { t: number; value: number }[]] => [metric, []]));
  for (const { property, endMs, value } of values) {
    if (value !== null) points.get(property)?.push({ t: endMs, value });
  }
  return new Map([...points].map(([metric, list]) => [metric, new Series(list)]));
}
