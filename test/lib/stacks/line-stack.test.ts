import { describe, expect, test } from '@jest/globals';
import { manyLinesText } from '../../support/many-lines.ts';
import {
  resourcesOf,
  type SynthesizedSite,
  type SynthesizedTemplate,
  synthesizeText,
  testSite,
} from '../../support/synth.ts';

interface Asset {
  readonly AssetName: string;
  readonly AssetExternalId: string;
  readonly AssetModelId: string;
  readonly AssetProperties?: readonly {
    readonly LogicalId: string;
    readonly Alias: string;
    readonly NotificationState?: string;
    readonly Unit?: string;
  }[];
  readonly AssetHierarchies: readonly { readonly LogicalId: string; readonly ChildAssetId: unknown }[];
  readonly Tags: readonly { readonly Key: string }[];
}

const ASSET = 'AWS::IoTSiteWise::Asset';
const gen2 = synthesizeText(testSite('outpost-gen2'), { withChecks: true });
const bottling = gen2.json('Line-bottling');
const packing = gen2.json('Line-packing');

/** The assets of a template by the end of their external ids, and their logical ids in CloudFormation. */
function assetsOf(template: SynthesizedTemplate): Map<string, Asset & { readonly logicalId: string }> {
  return new Map(
    resourcesOf(template, ASSET).map(([logicalId, { Properties }]) => {
      const asset = Properties as unknown as Asset;
      return [asset.AssetExternalId.split(':asset').at(-1) ?? '', { ...asset, logicalId }];
    }),
  );
}
const assets = assetsOf(bottling);
const aliases = (asset: Asset | undefined) => asset?.AssetProperties?.map(({ Alias }) => Alias);
const refTo = (id: string) => ({ Ref: assets.get(id)!.logicalId });

describe("a line's stack", () => {
  test('holds the line, its machines and their sensors for SiteWise, each with a unique name and its model', () => {
    expect([...assets].map(([id, { AssetName, AssetModelId }]) => [id, AssetName, AssetModelId])).toEqual([
      [
        ':bottling:filler:bearing-temperature',
        'Bearing temperature (gen2/bottling/filler/bearing-temperature)',
        'externalId:plantbridge:gen2:model:sensor',
      ],
      [':bottling:filler', 'Filler (gen2/bottling/filler)', 'externalId:plantbridge:gen2:model:discrete-machine'],
      [':bottling:capper', 'capper (gen2/bottling/capper)', 'externalId:plantbridge:gen2:model:discrete-machine'],
      [':bottling', 'Bottling (gen2/bottling)', 'externalId:plantbridge:gen2:model:line'],
    ]);
  });

  test('gives each measurement of a machine the alias of its signal', () => {
    const properties = assets.get(':bottling:filler')!.AssetProperties!;
    expect(properties).toContainEqual({ LogicalId: 'run_s', Alias: '/gen2/bottling/filler/run-s' });
    expect(properties).toContainEqual({ LogicalId: 'product', Alias: '/gen2/bottling/filler/product' });
    expect(properties).toHaveLength(13);
  });

  test('has SiteWise tell of the values that a rule looks at, and of no others', () => {
    const told = [...assets.values()].flatMap(({ AssetProperties = [] }) =>
      AssetProperties.filter(({ NotificationState }) => NotificationState === 'ENABLED').map(({ Alias }) => Alias),
    );
    expect(told).toEqual(['/gen2/bottling/filler/bearing-temperature', '/gen2/bottling/filler/state']);
  });

  test('gives a sensor its path as alias and its unit', () => {
    expect(assets.get(':bottling:filler:bearing-temperature')?.AssetProperties).toEqual([
      {
        LogicalId: 'value',
        Alias: '/gen2/bottling/filler/bearing-temperature',
        NotificationState: 'ENABLED',
        Unit: '°C',
      },
    ]);
  });

  test('puts every machine below the line, and those of its figure a second time', () => {
    expect(assets.get(':bottling')?.AssetHierarchies).toEqual([
      { LogicalId: 'machines', ChildAssetId: refTo(':bottling:filler') },
      { LogicalId: 'machines', ChildAssetId: refTo(':bottling:capper') },
      { LogicalId: 'counted', ChildAssetId: refTo(':bottling:filler') },
    ]);
    expect(assets.get(':bottling:filler')?.AssetHierarchies).toEqual([
      { LogicalId: 'sensors', ChildAssetId: refTo(':bottling:filler:bearing-temperature') },
    ]);
  });

  test("names AWS's own collector's streams where it reads the machine", () => {
    expect(aliases(assetsOf(packing).get(':packing:packer'))).toEqual([
      '/gen2/packer-plc/Packer/State',
      '/gen2/packer-plc/Packer/Produced',
    ]);
  });

  test("writes the native machine's ideal cycle by the function of the models' stack, by a weak reference", () => {
    const [written] = resourcesOf(packing, 'Custom::PlantbridgeAssetAttributes');
    const properties = written![1].Properties!;
    expect(properties.attributes).toEqual([
      {
        assetId: { Ref: assetsOf(packing).get(':packing:packer')!.logicalId },
        propertyExternalId: 'plantbridge:gen2:model:discrete-machine-native:ideal_cycle_s',
        value: '5',
      },
    ]);
    expect(properties.ServiceToken).toMatchObject({
      'Fn::GetStackOutput': { StackName: 'plantbridge-gen2-Models' },
    });
    expect(resourcesOf(bottling, 'Custom::PlantbridgeAssetAttributes')).toEqual([]);
  });

  test('has the model in the logical id of an asset: another model makes another asset', () => {
    expect(assets.get(':bottling:filler')?.logicalId).toMatch(/fillerdiscretemachine[0-9A-F]{8}$/);
    expect(assetsOf(packing).get(':packing')?.logicalId).toMatch(/linediscretemachinenative[0-9A-F]{8}$/);
  });

  test('is not changed as a whole by a new phase: no asset is tagged with it', () => {
    expect(assets.get(':bottling')?.Tags.map(({ Key }) => Key)).toEqual(['plantbridge:site']);
  });

  test('passes all checks', () => {
    expect([gen2.findings('Line-bottling'), gen2.findings('Line-packing')]).toEqual([[], []]);
  });

  test('takes machines without a state or a counter as they are', () => {
    const text = testSite('outpost-gen2').replace(/ {8}idealCycleSeconds: 0\.4\n {8}state: .*\n {8}produced: .*\n/, '');
    const capper = assetsOf(synthesizeText(text).json('Line-bottling')).get(':bottling:capper');
    expect(capper).toEqual(assets.get(':bottling:capper'));
  });
});

describe('a name that SiteWise would refuse', () => {
  test('loses its control characters and what is too long; the path stays', () => {
    const name = `"Filler\\tone ${'x'.repeat(240)}"`;
    const site = synthesizeText(testSite('outpost-gen2').replace('name: Filler', `name: ${name}`));
    const { AssetName } = assetsOf(site.json('Line-bottling')).get(':bottling:filler')!;
    expect(AssetName).toHaveLength(256);
    expect(AssetName).toMatch(/^Filler one x+ \(gen2\/bottling\/filler\)$/);
  });
});

describe('the root asset', () => {
  test('names its lines by external id, each in the hierarchy of its kind', () => {
    const [root] = resourcesOf(gen2.json('Factory'), ASSET);
    expect(root![1].Properties).toMatchObject({
      AssetName: 'Generation 2 (gen2)',
      AssetExternalId: 'plantbridge:gen2:asset',
      AssetModelId: 'externalId:plantbridge:gen2:model:factory',
      AssetHierarchies: [
        { LogicalId: 'lines', ChildAssetId: 'externalId:plantbridge:gen2:asset:bottling' },
        { LogicalId: 'lines_discrete_machine_native', ChildAssetId: 'externalId:plantbridge:gen2:asset:packing' },
      ],
    });
    expect(gen2.findings('Factory')).toEqual([]);
  });

  test('is made after the models and the lines, which a name alone does not say', () => {
    const before = gen2.stage.factory.dependencies.map(({ node }) => node.id);
    expect(before).toEqual(expect.arrayContaining(['Models', 'Line-bottling', 'Line-packing']));
    for (const line of gen2.stage.lines) expect(line.dependencies).toContain(gen2.stage.models);
  });
});

describe('growing', () => {
  const size = { machinesPerLine: 20, sensorsPerMachine: 4, sensorIntervalMs: 2500 };
  const one = synthesizeText(manyLinesText({ ...size, lines: 1 }));
  const hundred = synthesizeText(manyLinesText({ ...size, lines: 100, nativeLines: [100] }));
  const text = (site: SynthesizedSite, id: string) => JSON.stringify(site.json(id));

  test('from 1 to 100 lines, one of them native, changes no byte of the first line', () => {
    expect(hundred.stackIds.filter((id) => id.startsWith('Line-'))).toHaveLength(100);
    expect(text(hundred, 'Line-line-1')).toBe(text(one, 'Line-line-1'));
    expect(Object.keys(one.json('Line-line-1').Resources)).toHaveLength(101);
  });

  test('adds models and changes none that was there, but for the hierarchy of the factory', () => {
    const before = resourcesOf(one.json('Models'), 'AWS::IoTSiteWise::AssetModel');
    const after = hundred.json('Models').Resources;
    for (const [id, { Properties }] of before) {
      const { AssetModelHierarchies, ...rest } = Properties!;
      expect(after[id]?.Properties).toMatchObject(rest);
      expect(after[id]?.Properties?.AssetModelHierarchies).toEqual(
        expect.arrayContaining(AssetModelHierarchies as unknown[]),
      );
    }
  });

  test('gives no two properties of the site one alias, and no two assets one name or external id', () => {
    const ids = hundred.stackIds.filter((id) => /^(Line-|Factory)/.test(id));
    const all = ids.flatMap((id) => [...assetsOf(hundred.json(id)).values()]);
    expect(all.length).toBe(100 * 101 + 1);
    const given = all.flatMap((asset) => aliases(asset) ?? []);
    expect(new Set(given).size).toBe(given.length);
    expect(new Set(all.map(({ AssetName }) => AssetName)).size).toBe(all.length);
    expect(new Set(all.map(({ AssetExternalId }) => AssetExternalId)).size).toBe(all.length);
  });

  test('by a machine, or back, leaves the other machines of the line as they are', () => {
    const more = synthesizeText(manyLinesText({ ...size, lines: 1, machinesPerLine: 21 })).json('Line-line-1');
    const less = one.json('Line-line-1');
    const isLine = (id: string) => /^Assetsline/.test(id);
    for (const [id, resource] of Object.entries(less.Resources)) {
      if (!isLine(id)) expect(more.Resources[id]).toEqual(resource);
    }
    expect(Object.keys(more.Resources)).toHaveLength(106);
  });
});
