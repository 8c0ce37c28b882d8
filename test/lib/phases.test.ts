import { describe, expect, test } from '@jest/globals';
import { PHASES } from '../../core/site/roadmap.ts';
import { listOf, objectOf } from '../../lib/checks/json.ts';
import { lossesBetween, lossesOf } from '../support/phases.ts';
import { DEMO_TEXT, SMALL_TEXT } from '../support/site-text.ts';
import { resourcesOf, type SynthesizedSite, synthesizeText, testSite } from '../support/synth.ts';

/** A site file with another phase; the demo's file names none and is a pilot. */
function inPhase(text: string, phase: string): string {
  const changed = text.replace(/^phase: .*$/m, `phase: ${phase}`);
  if (/^phase: /m.test(changed)) return changed;
  return text.replace(/^id: .*$/m, (line) => `${line}\nphase: ${phase}`);
}

const SITES = ['demo', 'outpost-gen1'].map((name) => {
  const text = deployable(name === 'demo' ? DEMO_TEXT : testSite(name));
  const phases = PHASES.map((phase) => [phase, synthesizeText(inPhase(text, phase))] as const);
  return { name, phases };
});

/** From production on a site names its account and its PostgreSQL. */
function deployable(text: string): string {
  const hub = 'hub: { historianFrom: "file:/etc/plantbridge/historian" }';
  const more = /^aws:/m.test(text) ? [hub] : ['aws: { region: eu-central-1, account: "123456789012" }', hub];
  return text.replace(/^id: .*$/m, (line) => [line, ...more].join('\n'));
}

const STEPS = SITES.flatMap(({ name, phases }) =>
  phases.slice(1).map(([phase, after], index) => {
    const [from, before] = phases[index]!;
    return { site: name, from, to: phase, before, after };
  }),
);

describe('going up', () => {
  test.each(STEPS)('from $from to $to replaces and removes no data of $site', ({ before, after }) => {
    expect(lossesOf(before, after)).toEqual([]);
  });

  test('changes neither the key nor who may deliver logs, though the Outpost comes with rollout', () => {
    const { phases } = SITES.find(({ name }) => name === 'outpost-gen1')!;
    const seen = phases.map(([, site]) => {
      const foundation = site.json('Foundation');
      const [key] = resourcesOf(foundation, 'AWS::KMS::Key').map(([, { Properties }]) => Properties?.KeyPolicy);
      const delivers = resourcesOf(foundation, 'AWS::S3::BucketPolicy').flatMap(([, { Properties }]) =>
        listOf(objectOf(Properties?.PolicyDocument).Statement).filter((statement) =>
          JSON.stringify(statement).includes('logdelivery.elb.amazonaws.com'),
        ),
      );
      return { key, delivers };
    });
    expect(seen[0]?.delivers).toHaveLength(1);
    expect(JSON.stringify(seen[0]?.key)).toContain('AWSServiceRoleForAutoScaling');
    for (const each of seen) expect(each).toEqual(seen[0]);
  });

  test('adds stacks: production its alarms and the MES, rollout the Outpost and all lines and gateways', () => {
    const { phases } = SITES.find(({ name }) => name === 'outpost-gen1')!;
    const added = phases.slice(1).map(([phase, site], index) => {
      const [, before] = phases[index]!;
      return [phase, site.stackIds.filter((id) => !before.stackIds.includes(id)).toSorted()];
    });
    expect(added).toEqual([
      ['production', ['Mes', 'Observability']],
      ['rollout', ['Gateway-gateway-2', 'Line-packing', 'OnPrem']],
      ['analytics', []],
    ]);
  });
});

describe('from rollout to analytics', () => {
  test.each(['outpost-gen1', 'outpost-gen2'])('no instance on the Outpost is replaced (%s)', (name) => {
    const text = deployable(testSite(name));
    const [rollout, analytics] = ['rollout', 'analytics'].map((phase) => synthesizeText(inPhase(text, phase))) as [
      SynthesizedSite,
      SynthesizedSite,
    ];
    for (const type of ['AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::AutoScalingGroup']) {
      const before = resourcesOf(rollout.json('OnPrem'), type);
      expect(before.length).toBeGreaterThan(0);
      expect(resourcesOf(analytics.json('OnPrem'), type)).toEqual(before);
      expect(JSON.stringify(before)).not.toContain('plantbridge:phase');
    }
    const types = new Set(Object.values(rollout.json('OnPrem').Resources).map(({ Type }) => Type));
    // A task definition is a new one each time: the hub has the site file within its image.
    types.delete('AWS::ECS::TaskDefinition');
    expect(lossesBetween('OnPrem', rollout.json('OnPrem'), analytics.json('OnPrem'), [...types])).toEqual([]);
  });
});

describe('growing', () => {
  const machine = (source: string) =>
    `{ id: press, source: ${source}, idealCycleSeconds: 1, state: { node: "ns=2;s=P.State", map: { 1: RUNNING } }, produced: { node: "ns=2;s=P.Count", counter: { maxRatePerSecond: 5 } } }`;
  const small = SMALL_TEXT.replace('id: small', 'id: small\nphase: rollout\naws: { account: "123456789012" }');
  const named = small
    .replace(
      'phase: rollout',
      'phase: rollout\npilot: { line: line-1, gateway: gateway-1 }\nhub: { gateway: gateway-1, historianFrom: "file:/etc/plantbridge/historian" }\nbroker: { url: "mqtts://192.168.10.5:8883" }',
    )
    .replace('protocol: opcua,', 'protocol: opcua, gateway: gateway-1,')
    .replace('protocol: modbus-tcp,', 'protocol: modbus-tcp, gateway: gateway-1,');
  const withLine = `${named}  - { id: line-2, machines: [${machine('plc')}] }\n`;
  const withGateway = withLine
    .replace('[{ id: gateway-1 }]', '[{ id: gateway-1 }, { id: gateway-2 }]')
    .replace(
      'sources:',
      'sources:\n  - { id: second, protocol: opcua, endpointUrl: "opc.tcp://10.0.0.7:4840", gateway: gateway-2 }',
    )
    .replace(machine('plc'), machine('second'));
  const withThird = `${withGateway}  - { id: line-3, machines: [${machine('third')}] }\n`
    .replace('{ id: gateway-2 }]', '{ id: gateway-2 }, { id: gateway-3 }]')
    .replace(
      'sources:',
      'sources:\n  - { id: third, protocol: opcua, endpointUrl: "opc.tcp://10.0.0.8:4840", gateway: gateway-3 }',
    );
  const [one, two, three, four] = [named, withLine, withGateway, withThird].map((text) => synthesizeText(text)) as [
    SynthesizedSite,
    SynthesizedSite,
    SynthesizedSite,
    SynthesizedSite,
  ];

  test('by a line changes no other line and no asset model', () => {
    expect(two.stackIds.filter((id) => !one.stackIds.includes(id))).toEqual(['Line-line-2']);
    for (const id of ['Line-line-1', 'Models']) expect(two.json(id)).toEqual(one.json(id));
    expect(lossesOf(one, two)).toEqual([]);
  });

  test('by a gateway changes no other gateway and no line', () => {
    expect(three.stackIds.filter((id) => !two.stackIds.includes(id))).toEqual(['Gateway-gateway-2']);
    for (const id of ['Line-line-1', 'Line-line-2', 'Models']) expect(three.json(id)).toEqual(two.json(id));
    expect(lossesOf(two, three)).toEqual([]);
    // gateway-1 runs the hub, which must know of every machine; the others know of theirs alone.
    expect(four.stackIds.filter((id) => !three.stackIds.includes(id))).toEqual(['Gateway-gateway-3', 'Line-line-3']);
    for (const id of ['Gateway-gateway-2', 'Line-line-1', 'Line-line-2', 'Models'])
      expect(four.json(id)).toEqual(three.json(id));
    expect(lossesOf(three, four)).toEqual([]);
  });
});

describe('the comparison of templates', () => {
  const table = (Properties: Readonly<Record<string, unknown>>) => ({
    Resources: { Orders: { Type: 'AWS::DynamoDB::Table', Properties } },
  });
  const KEYED = { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] };

  test('tells a replacement and a removal', () => {
    const renamed = { KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }] };
    expect(lossesBetween('Mes', table(KEYED), table(renamed))).toEqual([
      expect.stringMatching(/^Mes\/Orders \(AWS::DynamoDB::Table\): (WILL|MAY)_REPLACE by KeySchema$/),
    ]);
    expect(lossesBetween('Mes', table(KEYED), { Resources: {} })).toEqual([
      'Mes/Orders (AWS::DynamoDB::Table): WILL_DESTROY by its removal',
    ]);
  });

  test('passes over what is added or updated in place', () => {
    const protectedTable = table({ ...KEYED, DeletionProtectionEnabled: true });
    expect(lossesBetween('Mes', table(KEYED), protectedTable)).toEqual([]);
    expect(lossesBetween('Mes', { Resources: {} }, table(KEYED))).toEqual([]);
  });
});
