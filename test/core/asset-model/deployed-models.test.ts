import { describe, expect, test } from '@jest/globals';
import { deployedModels } from '../../../core/asset-model/deployed-models.ts';
import { collectorOf } from '../../../core/asset-model/machine-models.ts';
import type { AssetModels } from '../../../core/asset-model/model.ts';
import { readAssetModels } from '../../../hub/oee/models.ts';

const files = readAssetModels();
const CONNECTOR = 'discrete-machine';
const NATIVE = 'discrete-machine-native';
const deployed = (machineModels: string[], options: string[] = []) => deployedModels(files, { machineModels, options });

/** Hierarchy id -> child model and name. */
const hierarchies = (models: AssetModels, id: string) =>
  [...models.get(id)!.hierarchies.values()].map(({ id: hierarchy, child, name }) => [hierarchy, child, name]);
/** Ids, types and data types: what must never change of a property. */
const identities = (models: AssetModels, id: string) =>
  [...models.get(id)!.properties.values()].map(({ id: property, type, dataType }) => `${property} ${type} ${dataType}`);
const figureOver = (models: AssetModels) => {
  const oee = [...models.get('factory')!.properties.values()].filter(({ id }) => id.startsWith('oee_'));
  return new Map(
    oee.map((property) => [
      property.id,
      'variables' in property ? [...property.variables.values()].map(({ hierarchy }) => hierarchy) : [],
    ]),
  );
};

describe('the models of a site', () => {
  test('come children before parents, and only those that its lines need', () => {
    expect([...deployed([CONNECTOR]).keys()]).toEqual(['sensor', CONNECTOR, 'line', 'factory']);
    expect([...deployed([NATIVE]).keys()]).toEqual(['sensor', NATIVE, `line-${NATIVE}`, 'factory']);
  });

  test('of a site with both kinds have a line model each, with the windows of its machines', () => {
    const models = deployed([NATIVE, CONNECTOR]);
    expect([...models.keys()]).toEqual(['sensor', CONNECTOR, 'line', NATIVE, `line-${NATIVE}`, 'factory']);
    expect(hierarchies(models, 'line').map(([, child]) => child)).toEqual([CONNECTOR, CONNECTOR]);
    expect(hierarchies(models, `line-${NATIVE}`).map(([, child]) => child)).toEqual([NATIVE, NATIVE]);
    expect(models.get('line')!.properties.has('oee_15m')).toBe(true);
    expect(models.get(`line-${NATIVE}`)!.properties.has('oee_15m')).toBe(false);
  });

  test("make the factory's figure of connector lines, and show native lines beside them", () => {
    const models = deployed([CONNECTOR, NATIVE]);
    expect(hierarchies(models, 'factory')).toEqual([
      ['lines', 'line', 'Lines'],
      ['lines_discrete_machine_native', `line-${NATIVE}`, 'Lines of Discrete machine (native), not in the figure'],
    ]);
    expect(figureOver(models).get('oee_15m')).toEqual(['lines', 'lines']);
  });

  test("make the factory's figure of native lines where there are no others, in their windows", () => {
    const models = deployed([NATIVE]);
    expect(hierarchies(models, 'factory')).toEqual([
      ['lines_discrete_machine_native', `line-${NATIVE}`, 'Lines of Discrete machine (native)'],
    ]);
    expect([...figureOver(models)]).toEqual([
      ['oee_1h', ['lines_discrete_machine_native', 'lines_discrete_machine_native']],
      ['oee_1d', ['lines_discrete_machine_native', 'lines_discrete_machine_native']],
    ]);
  });

  test.each([
    ['a native line', deployed([CONNECTOR]), deployed([CONNECTOR, NATIVE])],
    ['a connector line', deployed([NATIVE]), deployed([CONNECTOR, NATIVE])],
    ['feedback of the MES', deployed([CONNECTOR]), deployed([CONNECTOR], ['mes'])],
  ])('only grow by %s: no model, property or hierarchy goes or changes what it is', (_, before, after) => {
    for (const id of before.keys()) {
      expect(identities(after, id)).toEqual(expect.arrayContaining(identities(before, id)));
      const children = (models: AssetModels) => hierarchies(models, id).map(([hierarchy, child]) => [hierarchy, child]);
      expect(children(after)).toEqual(expect.arrayContaining(children(before)));
    }
  });

  test('with feedback of the MES add its corrections to the good time', () => {
    const good = deployed([CONNECTOR], ['mes']).get(CONNECTOR)!.properties.get('good_1h');
    expect(good).toMatchObject({ expression: 'sum(good_s) + sum(mes_s)' });
  });
});

test('a model of machines tells who must collect its values', () => {
  expect(collectorOf(files.get(CONNECTOR)!)).toBe('connector');
  expect(collectorOf(files.get(NATIVE)!)).toBe('sitewise-edge');
  expect(collectorOf(files.get('sensor')!)).toBeUndefined();
});
