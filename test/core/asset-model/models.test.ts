import { describe, expect, test } from '@jest/globals';
import { DependencyGraph } from '../../../core/asset-model/dependency-graph.ts';
import { MetricPlan } from '../../../core/asset-model/metric-plan.ts';
import { type AssetModels, instantiateModels } from '../../../core/asset-model/model.ts';
import { TICK_SIGNALS } from '../../../core/telemetry/types.ts';
import { readAssetModels } from '../../../hub/oee/models.ts';

const files = readAssetModels();
const models = instantiateModels(files);

function expressions(of: AssetModels, modelId: string): Record<string, string> {
  const list: Record<string, string> = {};
  for (const property of of.get(modelId)?.properties.values() ?? []) {
    if (property.type !== 'Metric') continue;
    const inputs = [...property.variables.values()].map((reference) =>
      reference.hierarchy === undefined ? reference.property : `${reference.hierarchy}:${reference.property}`,
    );
    list[property.id] = `${property.expression} <- ${inputs.join(', ')}`;
  }
  return list;
}

function dependents(of: AssetModels, model: string, property: string): [number, number] {
  const graph = new DependencyGraph(of);
  const node = graph.node(model, property)!;
  return [graph.directDependents(node), graph.totalDependents(node)];
}

describe('the asset models of the repository', () => {
  test('are the five of the design', () => {
    expect([...files.keys()].sort()).toEqual([
      'discrete-machine',
      'discrete-machine-native',
      'factory',
      'line',
      'sensor',
    ]);
  });

  test('give a machine its ticks, state, reason and product as measurements, each with its signal', () => {
    const measurements = [...models.get('discrete-machine')!.properties.values()].filter(
      (property) => property.type === 'Measurement',
    );
    expect(measurements.map(({ signal }) => signal)).toEqual([
      ...TICK_SIGNALS,
      'produced-unattributed',
      'state',
      'reason',
      'product',
    ]);
  });

  test('compute OEE as the table of docs/oee.md says', () => {
    expect(expressions(models, 'discrete-machine')).toMatchObject({
      run_15m: 'sum(run_s) <- run_s',
      busy_1h: 'sum(busy_s) <- busy_s',
      ideal_1d: 'sum(ideal_s) <- ideal_s',
      good_15m: 'sum(good_s) <- good_s',
      availability_15m: 'run / busy <- run_15m, busy_15m',
      performance_1h: 'ideal / run <- ideal_1h, run_1h',
      quality_1d: 'good / ideal <- good_1d, ideal_1d',
      oee_15m: 'good / busy <- good_15m, busy_15m',
    });
    expect(expressions(models, 'line')).toMatchObject({
      run_15m: 'sum(m) <- counted:run_15m',
      good_1d: 'sum(m) <- counted:good_1d',
      oee_1h: 'good / busy <- good_1h, busy_1h',
    });
    expect(expressions(models, 'factory')).toEqual({
      ...Object.fromEntries(
        ['15m', '1h', '1d'].flatMap((window) => [
          [`availability_${window}`, `sum(r) / sum(b) <- lines:run_${window}, lines:busy_${window}`],
          [`performance_${window}`, `sum(i) / sum(r) <- lines:ideal_${window}, lines:run_${window}`],
          [`quality_${window}`, `sum(g) / sum(i) <- lines:good_${window}, lines:ideal_${window}`],
          [`oee_${window}`, `sum(g) / sum(b) <- lines:good_${window}, lines:busy_${window}`],
        ]),
      ),
    });
  });

  test('stay within 20 direct and 30 dependents in all: 3 and 24 of a tick, 2 and 28 of a native state', () => {
    for (const signal of ['run_s', 'busy_s', 'ideal_s', 'good_s']) {
      const [direct, total] = dependents(models, 'discrete-machine', signal);
      expect([direct, total <= 24]).toEqual([3, true]);
    }
    expect(dependents(models, 'discrete-machine', 'run_s')).toEqual([3, 24]);
    const native = instantiateModels(files, { children: ['discrete-machine-native'] });
    expect(dependents(native, 'discrete-machine-native', 'state')).toEqual([2, 28]);
  });

  test('over native machines, line and factory have only the windows that those have', () => {
    const native = instantiateModels(files, { children: ['discrete-machine-native'] });
    expect(native.get('line')!.windows).toEqual(['1h', '1d']);
    expect(native.get('factory')!.windows).toEqual(['1h', '1d']);
    expect(native.get('line')!.hierarchies.get('counted')!.child).toBe('discrete-machine-native');
    expect(native.get('sensor')!.windows).toEqual(['15m', '1h', '1d']);
  });

  test('with MES feedback add the corrections, under the same property ids', () => {
    const mes = instantiateModels(files, { options: ['mes'] });
    expect(expressions(mes, 'discrete-machine')).toMatchObject({
      good_15m: 'sum(good_s) + sum(mes_s) <- good_s, mes_s',
    });
    expect([...mes.get('discrete-machine')!.properties.keys()]).toEqual([
      ...models.get('discrete-machine')!.properties.keys(),
      'mes_s',
      'mes_rejected',
    ]);
  });

  test('on the hub also have 5 minutes', () => {
    const hub = instantiateModels(files, { extraWindows: ['5m'] });
    expect(Object.keys(expressions(hub, 'line'))).toContain('oee_5m');
    expect(hub.get('factory')!.windows).toEqual(['5m', '15m', '1h', '1d']);
  });

  test('that need more than ticks are left to SiteWise, with the reason', () => {
    const native = instantiateModels(files, { children: ['discrete-machine-native'] });
    const plan = new MetricPlan(native.get('discrete-machine-native')!, native, new Set(TICK_SIGNALS));
    expect(plan.skipped).toContainEqual({
      property: 'run_1h',
      reason: 'it reads "is_running", which the hub does not compute',
    });
    expect(plan.metrics).toEqual([]);
  });
});
