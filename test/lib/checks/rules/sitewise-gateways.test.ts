import { describe, expect, test } from '@jest/globals';
import { foundBy } from '../../../support/rules.ts';

function gateway(changes: object = {}, configuration: unknown = JSON.stringify({ sources: [] })) {
  const Properties = {
    GatewayVersion: '3',
    GatewayPlatform: { GreengrassV2: { CoreDeviceThingName: 'gw', CoreDeviceOperatingSystem: 'LINUX_AMD64' } },
    GatewayCapabilitySummaries: [
      { CapabilityNamespace: 'iotsitewise:publisher:3', CapabilityConfiguration: configuration },
    ],
    ...changes,
  };
  return { Gateway: { Type: 'AWS::IoTSiteWise::Gateway', Properties } };
}
const publisher = (path: string) =>
  JSON.stringify({ destinations: [{ type: 'SITEWISE_REALTIME', filters: [{ config: { paths: [path] } }] }] });
const source = (securityPolicy: string, messageSecurityMode: string) =>
  JSON.stringify({ sources: [{ endpoint: { securityPolicy, messageSecurityMode } }] });

describe('a SiteWise Edge gateway', () => {
  test.each([
    ['as it should be', gateway()],
    ['with a path', gateway({}, publisher('/demo/bottling/filler'))],
    [
      'with a configuration that CloudFormation completes',
      gateway({}, { 'Fn::Join': ['', ['{"bucket":"', { Ref: 'B' }, '"}']] }),
    ],
    ['encrypted', gateway({}, source('BASIC256_SHA256', 'SIGN_AND_ENCRYPT'))],
    ['without any security', gateway({}, source('NONE', 'NONE'))],
  ])('is accepted %s', (_what, template) => {
    expect(foundBy('Plantbridge-GatewayVersion', template)).toEqual([]);
    expect(foundBy('Plantbridge-GatewayCapabilities', template)).toEqual([]);
  });

  test.each([
    ['Plantbridge-GatewayVersion', gateway({ GatewayVersion: '2' }), 'GatewayVersion must be "3", got: "2"'],
    [
      'Plantbridge-GatewayVersion',
      gateway({ GatewayPlatform: { GreengrassV2: { CoreDeviceThingName: 'gw' } } }),
      'CoreDeviceOperatingSystem must be LINUX_AARCH64, LINUX_AMD64, WINDOWS_AMD64, got: nothing',
    ],
    [
      'Plantbridge-GatewayCapabilities',
      gateway({}, { sources: [] }),
      'CapabilityConfiguration must be JSON as a string, got: {"sources":[]}. Use JSON.stringify',
    ],
    ['Plantbridge-GatewayCapabilities', gateway({}, 'sources: []'), 'must be JSON as a string'],
    [
      'Plantbridge-GatewayCapabilities',
      gateway({}, publisher('#')),
      'destinations[0].filters[0].config.paths[0] must be the topics themselves, got: "#"',
    ],
    [
      'Plantbridge-GatewayCapabilities',
      gateway({}, source('NONE', 'SIGN')),
      'must have securityPolicy and messageSecurityMode both NONE or neither, got: NONE and SIGN',
    ],
  ])('%s refuses what would fail or flood (%#)', (rule, template, text) => {
    expect(foundBy(rule, template)).toEqual([expect.stringContaining(text)]);
  });
});
