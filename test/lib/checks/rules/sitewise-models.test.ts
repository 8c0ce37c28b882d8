import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

const MEASUREMENT = { LogicalId: 'run', Name: 'run', DataType: 'DOUBLE', Type: { TypeName: 'Measurement' } };
const VARIABLE = { Name: 'run', Value: { PropertyLogicalId: 'run' } };

function metric(changes: object = {}, property: object = {}): object {
  const details = {
    Expression: 'sum(run)',
    Variables: [VARIABLE],
    Window: { Tumbling: { Interval: '1m' } },
    ...changes,
  };
  return {
    LogicalId: 'sum',
    Name: 'sum',
    DataType: 'DOUBLE',
    Type: { TypeName: 'Metric', Metric: details },
    ...property,
  };
}

function model(...properties: readonly object[]) {
  return { Model: { Type: 'AWS::IoTSiteWise::AssetModel', Properties: { AssetModelProperties: properties } } };
}

const RULES = [
  'Plantbridge-ModelIds',
  'Plantbridge-ModelTypes',
  'Plantbridge-ModelExpressions',
  'Plantbridge-MetricWindows',
];

describe('an asset model', () => {
  test.each([
    ['measurement and metric', model(MEASUREMENT, metric())],
    ['an external id', model({ ...MEASUREMENT, LogicalId: undefined, ExternalId: 'run' })],
    [
      'an attribute with a default',
      model({ ...MEASUREMENT, Type: { TypeName: 'Attribute', Attribute: { DefaultValue: '1' } } }),
    ],
    ['a window of a week with an offset', model(metric({ Window: { Tumbling: { Interval: '1w', Offset: '6h' } } }))],
    [
      'ten variables and 1,024 characters',
      model(metric({ Expression: 'x'.repeat(1024), Variables: Array(10).fill(VARIABLE) })),
    ],
  ])('is accepted: %s', (_what, template) => {
    expect(RULES.flatMap((rule) => foundBy(rule, template))).toEqual([]);
  });

  test.each([
    [
      'Plantbridge-ModelIds',
      model({ ...MEASUREMENT, LogicalId: undefined }),
      'AssetModelProperties[0] must have a LogicalId or an ExternalId, got: neither (Name: "run")',
    ],
    [
      'Plantbridge-ModelTypes',
      model({ ...MEASUREMENT, Type: { TypeName: 'measurement' } }),
      'AssetModelProperties[0].Type.TypeName must be Attribute, Measurement, Transform or Metric, got: "measurement"',
    ],
    [
      'Plantbridge-ModelTypes',
      model({ ...MEASUREMENT, Type: { TypeName: 'Measurement', Measurement: {} } }),
      'AssetModelProperties[0].Type.Measurement must be absent, since the type is Measurement',
    ],
    [
      'Plantbridge-ModelTypes',
      model({ ...MEASUREMENT, DataType: 'FLOAT' }),
      'AssetModelProperties[0].DataType must be STRING, INTEGER, DOUBLE, BOOLEAN, STRUCT, got: "FLOAT"',
    ],
    [
      'Plantbridge-ModelTypes',
      model({ ...MEASUREMENT, Type: { TypeName: 'Metric' } }),
      'AssetModelProperties[0].Type.Metric must be an expression with its variables, got: nothing',
    ],
    [
      'Plantbridge-ModelExpressions',
      model(metric({ Expression: 'x'.repeat(1025) })),
      'Type.Metric.Expression must be an expression of 1 to 1024 characters, got: 1025',
    ],
    [
      'Plantbridge-ModelExpressions',
      model(metric({ Variables: Array(11).fill(VARIABLE) })),
      'Type.Metric.Variables must be at most 10, got: 11',
    ],
    [
      'Plantbridge-ModelExpressions',
      model(metric({ Variables: [{ ...VARIABLE, Name: 'run-s' }] })),
      'Variables[0].Name must be lower-case letters, digits and "_", 64 at most, got: "run-s"',
    ],
    [
      'Plantbridge-ModelExpressions',
      model(metric({ Variables: [{ Name: 'run', Value: {} }] })),
      'Variables[0].Value must be a property by its logical, external or own id, got: {}',
    ],
    [
      'Plantbridge-MetricWindows',
      model(metric({ Window: { Tumbling: { Interval: '30s' } } })),
      'Window.Tumbling.Interval must be 1 minute to 1 week in m, h, d or w, e.g. "5m", got: "30s"',
    ],
    [
      'Plantbridge-MetricWindows',
      model(metric({ Window: { Tumbling: { Interval: '2w' } } })),
      'Interval must be 1 minute to 1 week',
    ],
    ['Plantbridge-MetricWindows', model(metric({ Window: {} })), 'got: nothing'],
  ])('%s refuses what SiteWise refuses (%#)', (rule, template, text) => {
    expect(foundBy(rule, template)).toEqual([expect.stringContaining(text)]);
  });

  test('has ids in its hierarchies and composite models too', () => {
    const Properties = {
      AssetModelHierarchies: [{ Name: 'lines', ChildAssetModelId: 'x' }],
      AssetModelCompositeModels: [{ CompositeModelProperties: [{ ...MEASUREMENT, LogicalId: undefined }] }],
    };
    const found = foundBy('Plantbridge-ModelIds', { Model: { Type: 'AWS::IoTSiteWise::AssetModel', Properties } });
    expect(found).toEqual([
      expect.stringContaining('AssetModelCompositeModels[0].CompositeModelProperties[0] must'),
      expect.stringContaining('AssetModelHierarchies[0] must'),
    ]);
  });
});
