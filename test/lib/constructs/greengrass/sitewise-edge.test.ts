import { describe, expect, test } from '@jest/globals';
import { opcUaCollectorSchema, publisherSchema } from '../../../../lib/constructs/greengrass/capability-schema.ts';
import { resourcesOf, testSite } from '../../../support/synth.ts';
import { deploymentOf, synthesizeSoftware } from './software-stack.ts';

const GEN2 = testSite('outpost-gen2');
const native = synthesizeSoftware(GEN2, 'gateway-2');
const pilot = synthesizeSoftware(testSite('pilot'), 'gateway-1');

describe('SiteWise Edge', () => {
  const [[, gateway] = []] = resourcesOf(native.template, 'AWS::IoTSiteWise::Gateway');
  const summaries = gateway?.Properties?.GatewayCapabilitySummaries as Record<string, string>[];
  const textOf = (namespace: string) =>
    summaries.find(({ CapabilityNamespace }) => CapabilityNamespace === namespace)?.CapabilityConfiguration;

  test('is a V3 gateway with its operating system, only where AWS collects', () => {
    expect(gateway?.Properties).toMatchObject({
      GatewayVersion: '3',
      GatewayPlatform: {
        GreengrassV2: {
          CoreDeviceThingName: 'plantbridge-gen2--gateway-2',
          CoreDeviceOperatingSystem: 'LINUX_AARCH64',
        },
      },
    });
    expect(resourcesOf(pilot.template, 'AWS::IoTSiteWise::Gateway')).toEqual([]);
    expect(Object.keys(deploymentOf(native).Components)).toEqual(
      expect.arrayContaining([
        'aws.iot.SiteWiseEdgeCollectorOpcua',
        'aws.iot.SiteWiseEdgePublisher',
        'aws.greengrass.StreamManager',
      ]),
    );
    expect(deploymentOf(pilot).Components).not.toHaveProperty(['aws.iot.SiteWiseEdgePublisher']);
  });

  test('collects exactly the nodes that the site file names', () => {
    const text = textOf('iotsitewise:opcuacollector:3');
    expect(typeof text).toBe('string');
    const { sources } = opcUaCollectorSchema.parse(JSON.parse(text ?? ''));
    const paths = sources[0]?.endpoint.nodeFilterRules.map(({ definition }) => definition.rootPath);
    expect(paths).toEqual(['/Packer/State', '/Packer/Produced']);
    const grouped = sources[0]?.propertyGroups.flatMap(({ nodeFilterRuleDefinitions }) =>
      nodeFilterRuleDefinitions.map(({ rootPath }) => rootPath),
    );
    expect(grouped).toEqual(paths);
    expect(sources[0]?.measurementDataStreamPrefix).toBe('/gen2/packer-plc');
  });

  test('takes each value of a counter, also where it equals the one before', () => {
    const { sources } = opcUaCollectorSchema.parse(JSON.parse(textOf('iotsitewise:opcuacollector:3') ?? ''));
    const counted = sources[0]?.propertyGroups.find(({ name }) => name.startsWith('counted'));
    expect(counted?.subscription.dataChangeTrigger).toBe('STATUS_VALUE_TIMESTAMP');
  });

  test('publishes the streams of the collector by name, never the whole broker', () => {
    const { destinations } = publisherSchema.parse(JSON.parse(textOf('iotsitewise:publisher:3') ?? ''));
    expect(destinations[0].filters[0].config.paths).toEqual([
      '/gen2/packer-plc/Packer/State',
      '/gen2/packer-plc/Packer/Produced',
    ]);
    const everything = structuredClone(destinations);
    everything[0].filters[0].config.paths = ['#'];
    expect(publisherSchema.safeParse({ sources: [{ type: 'MQTT' }], destinations: everything }).success).toBe(false);
  });

  const COLLECTOR = 'gateway: gateway-2, collector: sitewise-edge';
  test.each([
    [
      'residency',
      'phase: rollout',
      'phase: rollout\nresidency: aggregates',
      'must be connector with residency: aggregates',
    ],
    [
      'a password elsewhere',
      COLLECTOR,
      `${COLLECTOR}, user: a, passwordFrom: "env:PASSWORD"`,
      'must be secretsmanager:name',
    ],
    [
      'a certificate',
      COLLECTOR,
      `${COLLECTOR}, userCertificateFrom: "env:CERTIFICATE", userPrivateKeyFrom: "env:KEY"`,
      'can not be used by the SiteWise Edge collector',
    ],
  ])('refuses what it can not keep, in the words of the site file: %s', (_, from, to, message) => {
    expect(GEN2).toContain(from);
    const attempt = () => synthesizeSoftware(GEN2.replace(from, to).replace(', sitewise: true', ''), 'gateway-2');
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/site\.yaml:\d+:\d+/);
  });

  test('lets the publisher put values into SiteWise and read its own gateway', () => {
    const policies = resourcesOf(native.template, 'AWS::IAM::Policy').map(([, { Properties }]) =>
      JSON.stringify(Properties),
    );
    expect(policies).toHaveLength(1);
    expect(policies[0]).toContain('iotsitewise:BatchPutAssetPropertyValue');
    expect(policies[0]).not.toContain('"Resource":"*"');
    expect(JSON.stringify(pilot.template)).not.toContain('iotsitewise');
  });

  test('logs in with the secret that the site file names', () => {
    const text = GEN2.replace(COLLECTOR, `${COLLECTOR}, user: a, passwordFrom: "secretsmanager:plant/packer"`);
    const { template } = synthesizeSoftware(text, 'gateway-2');
    expect(JSON.stringify(template)).toContain('arn:aws:secretsmanager:eu-central-1:123456789012:secret:plant/packer');
  });
});
