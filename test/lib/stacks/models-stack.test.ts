import { describe, expect, test } from '@jest/globals';
import { resourcesOf, type SynthesizedTemplate, synthesizeText, testSite } from '../../support/synth.ts';

interface ModelProperty {
  readonly LogicalId: string;
  readonly ExternalId: string;
  readonly Name: string;
  readonly DataType: string;
  readonly Unit?: string;
  readonly Type: {
    readonly TypeName: string;
    readonly Attribute?: unknown;
    readonly Transform?: { readonly Expression: string; readonly Variables: readonly unknown[] };
    readonly Metric?: {
      readonly Expression: string;
      readonly Variables: readonly unknown[];
      readonly Window: { readonly Tumbling: { readonly Interval: string } };
    };
  };
}
interface Model {
  readonly AssetModelName: string;
  readonly AssetModelExternalId: string;
  readonly AssetModelProperties: readonly ModelProperty[];
  readonly AssetModelHierarchies: readonly {
    readonly LogicalId: string;
    readonly ExternalId: string;
    readonly Name: string;
    readonly ChildAssetModelId: { readonly Ref: string };
  }[];
}

const gen2 = synthesizeText(testSite('outpost-gen2'), { withChecks: true });
const gen1 = synthesizeText(testSite('outpost-gen1'));
const template = gen2.json('Models');

/** The models of a template by the last part of their external ids. */
function modelsOf(of: SynthesizedTemplate): Map<string, Model> {
  return new Map(
    resourcesOf(of, 'AWS::IoTSiteWise::AssetModel').map(([, { Properties }]) => {
      const model = Properties as unknown as Model;
      return [model.AssetModelExternalId.split(':').at(-1) ?? '', model];
    }),
  );
}
const models = modelsOf(template);
const propertyOf = (id: string, property: string) =>
  models.get(id)!.AssetModelProperties.find(({ LogicalId }) => LogicalId === property)!;
const allProperties = [...models.values()].flatMap(({ AssetModelProperties }) => AssetModelProperties);

describe('the asset models', () => {
  test("are the site's, under names and external ids that no other site of the account has", () => {
    expect(
      [...models].map(([id, { AssetModelName, AssetModelExternalId }]) => [id, AssetModelName, AssetModelExternalId]),
    ).toEqual([
      ['sensor', 'Sensor (gen2)', 'plantbridge:gen2:model:sensor'],
      ['discrete-machine', 'Discrete machine (gen2)', 'plantbridge:gen2:model:discrete-machine'],
      ['line', 'Line (gen2)', 'plantbridge:gen2:model:line'],
      ['discrete-machine-native', 'Discrete machine (native) (gen2)', 'plantbridge:gen2:model:discrete-machine-native'],
      [
        'line-discrete-machine-native',
        'Line of Discrete machine (native) (gen2)',
        'plantbridge:gen2:model:line-discrete-machine-native',
      ],
      ['factory', 'Factory (gen2)', 'plantbridge:gen2:model:factory'],
    ]);
  });

  test('name each property and hierarchy by a logical and an external id, the latter unique in the account', () => {
    const hierarchies = [...models.values()].flatMap(({ AssetModelHierarchies }) => AssetModelHierarchies);
    expect(allProperties.length).toBeGreaterThan(100);
    for (const { LogicalId, ExternalId } of [...allProperties, ...hierarchies]) {
      expect(LogicalId).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(ExternalId).toMatch(/^[a-zA-Z0-9_][a-zA-Z_\-0-9.:]*[a-zA-Z0-9_]+$/);
      expect(ExternalId.length).toBeLessThanOrEqual(128);
    }
    const ids = [...allProperties, ...hierarchies].map(({ ExternalId }) => ExternalId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('write a measurement as SiteWise does: a type name and nothing beside it', () => {
    expect(propertyOf('discrete-machine', 'run_s')).toEqual({
      LogicalId: 'run_s',
      ExternalId: 'plantbridge:gen2:model:discrete-machine:run_s',
      Name: 'Run seconds',
      DataType: 'DOUBLE',
      Unit: 's',
      Type: { TypeName: 'Measurement' },
    });
  });

  test('write a metric with its window and its own properties as variables', () => {
    expect(propertyOf('discrete-machine', 'oee_1h').Type).toEqual({
      TypeName: 'Metric',
      Metric: {
        Expression: 'good / busy',
        Variables: [
          { Name: 'good', Value: { PropertyLogicalId: 'good_1h' } },
          { Name: 'busy', Value: { PropertyLogicalId: 'busy_1h' } },
        ],
        Window: { Tumbling: { Interval: '1h' } },
      },
    });
  });

  test("write a metric over children with the hierarchy, of the factory's lines those that count", () => {
    expect(propertyOf('line', 'good_1d').Type.Metric?.Variables).toEqual([
      { Name: 'm', Value: { PropertyLogicalId: 'good_1d', HierarchyLogicalId: 'counted' } },
    ]);
    expect(propertyOf('factory', 'oee_15m').Type.Metric?.Variables).toContainEqual({
      Name: 'g',
      Value: { PropertyLogicalId: 'good_15m', HierarchyLogicalId: 'lines' },
    });
  });

  test('write transforms and attributes of the native model', () => {
    expect(propertyOf('discrete-machine-native', 'is_running').Type).toEqual({
      TypeName: 'Transform',
      Transform: {
        Expression: 'if(state == "RUNNING", 1, 0)',
        Variables: [{ Name: 'state', Value: { PropertyLogicalId: 'state' } }],
      },
    });
    expect(propertyOf('discrete-machine-native', 'ideal_cycle_s').Type).toEqual({ TypeName: 'Attribute' });
  });

  test('refer from parent to child only, so that children are made first', () => {
    const childOf = new Map(
      [...models].map(([id, { AssetModelHierarchies }]) => [
        id,
        AssetModelHierarchies.map(({ LogicalId, ChildAssetModelId }) => {
          const child = template.Resources[ChildAssetModelId.Ref]?.Properties?.AssetModelExternalId as string;
          return `${LogicalId} ${child.split(':').at(-1)}`;
        }),
      ]),
    );
    expect(Object.fromEntries(childOf)).toEqual({
      sensor: [],
      'discrete-machine': ['sensors sensor'],
      'discrete-machine-native': ['sensors sensor'],
      line: ['machines discrete-machine', 'counted discrete-machine'],
      'line-discrete-machine-native': ['machines discrete-machine-native', 'counted discrete-machine-native'],
      factory: ['lines line', 'lines_discrete_machine_native line-discrete-machine-native'],
    });
  });

  test('keep the fixed limits: windows of a minute at least, ten variables', () => {
    const computed = allProperties.flatMap(({ Type }) =>
      [Type.Metric, Type.Transform].filter((each) => each !== undefined),
    );
    expect(computed.length).toBeGreaterThan(80);
    for (const { Variables, Expression } of computed) {
      expect(Variables.length).toBeLessThanOrEqual(10);
      expect(Expression.length).toBeLessThanOrEqual(1024);
    }
    const windows = allProperties.flatMap(({ Type }) => Type.Metric?.Window.Tumbling.Interval ?? []);
    expect(new Set(windows)).toEqual(new Set(['15m', '1h', '1d']));
  });

  test('add what the MES corrects where it confirms quality, and only from production on', () => {
    const withFeedback = modelsOf(gen1.json('Models')).get('discrete-machine')!;
    const ids = withFeedback.AssetModelProperties.map(({ LogicalId }) => LogicalId);
    expect(ids).toEqual(expect.arrayContaining(['mes_s', 'mes_rejected']));
    const pilot = synthesizeText(testSite('outpost-gen1').replace('phase: rollout', 'phase: pilot'));
    const before = modelsOf(pilot.json('Models')).get('discrete-machine')!;
    const idsBefore = before.AssetModelProperties.map(({ LogicalId }) => LogicalId);
    expect(idsBefore).not.toContain('mes_s');
    expect(ids).toEqual(expect.arrayContaining(idsBefore));
    // The same resources under the same logical ids: nothing is replaced.
    expect(Object.keys(gen1.json('Models').Resources)).toEqual(
      expect.arrayContaining(Object.keys(pilot.json('Models').Resources)),
    );
  });

  test('pass all checks', () => {
    expect(gen2.findings('Models')).toEqual([]);
  });
});

describe('the writer of attributes', () => {
  test('may look up and write assets with the tag of its site, and nothing else of SiteWise', () => {
    const statements = resourcesOf(template, 'AWS::IAM::Policy').flatMap(
      ([, { Properties }]) => (Properties!.PolicyDocument as { Statement: { Action: string | string[] }[] }).Statement,
    );
    const sitewise = statements.filter(({ Action }) => [Action].flat().some((each) => each.startsWith('iotsitewise:')));
    expect(sitewise).toEqual([
      {
        Effect: 'Allow',
        Action: ['iotsitewise:BatchPutAssetPropertyValue', 'iotsitewise:DescribeAsset'],
        Resource: 'arn:aws:iotsitewise:eu-central-1:123456789012:asset/*',
        Condition: { StringEquals: { 'aws:ResourceTag/plantbridge:site': 'gen2' } },
      },
    ]);
  });

  test('is there only where a line has attributes', () => {
    expect(resourcesOf(template, 'AWS::Lambda::Function')).toHaveLength(1);
    expect(resourcesOf(gen1.json('Models'), 'AWS::Lambda::Function')).toHaveLength(0);
  });
});
