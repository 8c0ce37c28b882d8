import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AssetModelError, loadAssetModels } from '../../../core/asset-model/load.ts';

/** What is wrong with the files, one line a fault. */
function faultsOf(...texts: string[]): string[] {
  try {
    loadAssetModels(texts.map((text, index) => ({ file: index === 0 ? 'm.yaml' : `m${index + 1}.yaml`, text })));
    return [];
  } catch (error) {
    if (!(error instanceof AssetModelError)) throw error;
    return error.message.split('\n');
  }
}

const HEAD = 'version: 1\nid: press\nname: Press\n';

/** A model with one measurement `x` and these further lines of `properties`; line 6 is the first of them. */
const withProperties = (...lines: string[]) =>
  `${HEAD}properties:\n  - {id: x, name: X, type: Measurement, dataType: DOUBLE}\n${lines.map((line) => `  ${line}\n`).join('')}`;

const metric = (id: string, expression: string, variables: string, window = '15m') =>
  `- {id: ${id}, name: ${id}, type: Metric, dataType: DOUBLE, window: ${window}, expression: '${expression}', variables: {${variables}}}`;

describe('the check of asset models', () => {
  test('accepts a small model of a fork', () => {
    expect(faultsOf(withProperties(metric('y', 'avg(x*(x-1))', 'x: x')))).toEqual([]);
  });

  test.each([
    [
      'a misspelt key',
      `${HEAD}propertys: []\nproperties: [{id: x, name: X, type: Measurement, dataType: DOUBLE}]\n`,
      'm.yaml:4:1 propertys is not a key that may stand here',
    ],
    ['another type name', withProperties('- {id: y, name: Y, type: metric, dataType: DOUBLE}'), 'm.yaml:6:'],
    [
      'a misspelt key of a reference',
      withProperties(metric('y', 'sum(x)', 'x: {propert: x}')),
      'properties[1].variables.x.propert is not a key that may stand here',
    ],
    [
      'an id twice',
      withProperties('- {id: x, name: Z, type: Measurement, dataType: DOUBLE}'),
      'm.yaml:6:10 properties[1].id must be unique within the model, but number 1 of the list has it too, got: x',
    ],
    [
      'a name twice',
      withProperties('- {id: z, name: X, type: Measurement, dataType: DOUBLE}'),
      'properties[1].name must be unique within the model',
    ],
    [
      'a window that SiteWise lacks',
      withProperties(metric('y', 'sum(x)', 'x: x', '30s')),
      "properties[1].window is no window of a metric: The window '30s' must be a whole number and a unit",
    ],
    [
      'a window over a week',
      withProperties(metric('y', 'sum(x)', 'x: x', '8d')),
      "The window '8d' must be from 1m to 1w long.",
    ],
    [
      'a variable name in capitals',
      withProperties(metric('y', 'sum(X)', 'X: x')),
      'properties[1].variables.X is no name of a variable, got: X. Allowed: a lower-case letter',
    ],
    [
      'a property that does not exist',
      withProperties(metric('y', 'sum(x)', 'x: xx')),
      'properties[1].variables.x is not a property of this model, got: xx',
    ],
    [
      'an unused variable',
      withProperties(metric('y', 'sum(x)', 'x: x, z: x')),
      'properties[1].variables.z is not used by the expression',
    ],
    [
      'an unknown hierarchy',
      withProperties(metric('y', 'sum(x)', 'x: {property: x, hierarchy: cells}')),
      'properties[1].variables.x.hierarchy is not a hierarchy of this model, got: cells. Allowed: none, the model has no hierarchies',
    ],
    ['a wrong expression', withProperties(metric('y', 'summ(x)', 'x: x')), 'properties[1].expression character 1: '],
    [
      'an INTEGER result',
      withProperties('- {id: y, name: Y, type: Transform, dataType: INTEGER, expression: x * 2, variables: {x: x}}'),
      'properties[1].dataType of an expression must be what SiteWise computes, got: INTEGER. Allowed: DOUBLE or STRING',
    ],
    [
      'a text as DOUBLE',
      withProperties(
        `- {id: y, name: Y, type: Transform, dataType: DOUBLE, expression: '"a" + "b" + x', variables: {x: x}}`,
      ),
      'properties[1].dataType is not what the expression gives, which is STRING, got: DOUBLE',
    ],
    [
      'a metric over another window',
      withProperties(metric('y', 'sum(x)', 'x: x'), metric('z', 'y + 1', 'y: y', '1h')),
      'properties[2].variables.y is a metric of another window; a metric may only read metrics of its own, got: y of 15m. Allowed: 1h',
    ],
    [
      'a property that depends on itself',
      withProperties(metric('y', 'z + 1', 'z: z'), metric('z', 'y + 1', 'y: y')),
      'properties[1].variables makes the property depend on itself, got: y',
    ],
    [
      'a default that is no number',
      withProperties('- {id: a, name: A, type: Attribute, dataType: DOUBLE, default: fast}'),
      'properties[1].default is no DOUBLE, got: fast',
    ],
    [
      'a signal that is no id',
      withProperties('- {id: a, name: A, type: Measurement, dataType: DOUBLE, signal: Run_S}'),
      'properties[1].signal is not the id of a signal, got: Run_S',
    ],
    [
      'a window template without windows',
      withProperties(
        `- {id: 'y_{window}', name: 'Y {window}', type: Metric, dataType: DOUBLE, window: '{window}', expression: sum(x), variables: {x: x}}`,
      ),
      'properties[1].id stands for one property a window, but the model has no windows',
    ],
    [
      'a child that does not exist',
      `${withProperties()}hierarchies: [{id: cells, name: Cells, children: [pres]}]\n`,
      'hierarchies[0].children[0] is not the id of an asset model, got: pres. Allowed: press. Did you mean press?',
    ],
    [
      'a model below itself',
      `${withProperties()}hierarchies: [{id: cells, name: Cells, children: [press]}]\n`,
      'hierarchies[0].children[0] makes a model a child of itself, which SiteWise refuses, got: press -> press',
    ],
    [
      'an option of another type',
      `${withProperties()}options: {mes: {properties: [{id: x, name: X, type: Attribute, dataType: DOUBLE}]}}\n`,
      'options.mes.properties[0] takes the place of a property of another type',
    ],
  ])('refuses %s', (_what, text, message) => {
    const faults = faultsOf(text);
    expect(faults.join('\n')).toContain(message);
    expect(faults.every((fault) => /^m\d?\.yaml:\d+:\d+ /.test(fault))).toBe(true);
  });

  test('says where in the expression a fault lies', () => {
    const [fault] = faultsOf(withProperties(metric('y', 'sum(x) + nope', 'x: x')));
    const column = '  '.length + metric('y', 'sum(x) + nope', 'x: x').indexOf('nope') + 1;
    expect(fault).toContain(`m.yaml:6:${column} properties[1].expression character 10: `);
  });

  test('reports the faults of all files at once', () => {
    const faults = faultsOf(
      withProperties(metric('y', 'sum(q)', 'x: x'), metric('z', 'sum(x)', 'x: nope')),
      withProperties(metric('y', 'sum(x)', 'x: x', '1y')).replace('id: press', 'id: robot'),
    );
    expect(faults.map((fault) => fault.split(' ')[0]!.replace(/:\d+$/, ''))).toEqual(['m2.yaml:6']);
    expect(
      faultsOf(withProperties(metric('y', 'sum(q)', 'x: x'), metric('z', 'sum(x)', 'x: nope'))).length,
    ).toBeGreaterThanOrEqual(2);
  });

  test('refuses 21 direct dependents and accepts 20', () => {
    const model = (count: number) =>
      withProperties(...Array.from({ length: count }, (_, index) => metric(`y${index}`, 'sum(x)', 'x: x')));
    expect(faultsOf(model(20))).toEqual([]);
    expect(faultsOf(model(21)).join('\n')).toContain(
      'm.yaml:5:10 properties[0].id has more direct dependents than SiteWise allows, over the whole hierarchy, got: 21 (x). Allowed: at most 20',
    );
  });

  test('counts dependents in all through the hierarchy', () => {
    const windows = ['1m', '5m', '10m', '15m', '30m', '1h', '1d', '1w'];
    const child = `version: 1\nid: cell\nname: Cell\nwindows: [${windows}]\nproperties:\n  - {id: x, name: X, type: Measurement, dataType: DOUBLE}\n  - {id: 's_{window}', name: 'S {window}', type: Metric, dataType: DOUBLE, window: '{window}', expression: sum(x), variables: {x: x}}\n`;
    const parent = (metrics: number) =>
      `${HEAD}windows: [${windows}]\nhierarchies: [{id: cells, name: Cells, children: [cell]}]\nproperties:\n${Array.from({ length: metrics }, (_, index) => `  - {id: 't${index}_{window}', name: 'T${index} {window}', type: Metric, dataType: DOUBLE, window: '{window}', expression: sum(s), variables: {s: {property: 's_{window}', hierarchy: cells}}}\n`).join('')}`;
    expect(faultsOf(child, parent(2))).toEqual([]);
    expect(faultsOf(child, parent(3))[0]).toContain(
      'm.yaml:6:10 properties[0].id has more dependents in all than SiteWise allows, over the whole hierarchy, got: 32 (x). Allowed: at most 30',
    );
  });

  test('refuses a tree of inputs deeper than 10 and more than 10 cascading metrics', () => {
    const chain = (length: number) =>
      withProperties(
        metric('m1', 'sum(x)', 'x: x'),
        ...Array.from({ length: length - 1 }, (_, index) =>
          metric(`m${index + 2}`, `m${index + 1} + 1`, `m${index + 1}: m${index + 1}`),
        ),
      );
    expect(faultsOf(chain(9))).toEqual([]);
    expect(faultsOf(chain(10)).join('\n')).toContain('has a deeper tree of inputs than SiteWise allows');
    expect(faultsOf(chain(12)).join('\n')).toContain('has more cascading metrics below it than SiteWise allows');
  });

  test('refuses more than 500 properties', () => {
    const model = withProperties(
      ...Array.from(
        { length: 500 },
        (_, index) => `- {id: p${index}, name: P${index}, type: Measurement, dataType: DOUBLE}`,
      ),
    );
    expect(faultsOf(model).join('\n')).toContain('properties are more than SiteWise allows in a model, got: 501');
  });

  test('answers any text with faults, never with another exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `${HEAD}${text}`),
        ),
        (text) => {
          expect(faultsOf(text).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});
