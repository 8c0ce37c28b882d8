import { describe, expect, test } from '@jest/globals';
import { formatFault, SiteFileError } from '../../../../core/site/load.ts';
import { onPremSettings } from '../../../../lib/constructs/on-prem/site-faults.ts';
import { Deployment } from '../../../../lib/deployment.ts';
import { deployableModels, deployableSite } from '../../../../lib/site-files.ts';
import { testSite } from '../../../support/synth.ts';

const { models } = deployableModels();

function settingsOf(text: string) {
  const deployment = new Deployment(deployableSite('site.yaml', models, () => text));
  const { outpost } = deployment.site;
  if (outpost === undefined) throw new Error('The site has no Outpost.');
  return onPremSettings(deployment, outpost);
}

/** The faults of a test site with texts replaced, as lines without their position. */
function faults(name: string, ...changes: readonly (readonly [from: string | RegExp, to: string])[]): string[] {
  const text = changes.reduce((changed, [from, to]) => {
    expect(changed).toMatch(from instanceof RegExp ? from : new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    return changed.replace(from, to);
  }, testSite(name));
  try {
    settingsOf(text);
    return [];
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    return error.faults.map((fault) => formatFault(fault).replace(/^site\.yaml:\d+:\d+ /, ''));
  }
}

describe('the part on the Outpost', () => {
  test('takes from the site file what it needs', () => {
    expect(settingsOf(testSite('outpost-gen1'))).toEqual({
      hostName: 'hub.plant.example',
      certificateArn: expect.stringMatching(/^arn:aws:acm:/),
      endpointSubnetCidr: '10.60.0.0/28',
      broker: {
        url: 'mqtts://192.168.10.5:8883',
        host: '192.168.10.5',
        port: 8883,
        passwordSecretName: 'plant/broker',
      },
    });
  });

  test.each([
    ['mqtt://192.168.10.5', 1883],
    ['mqtts://192.168.10.5', 8883],
    ['wss://192.168.10.5/mqtt', 443],
  ])('reaches the broker %s at port %d', (url, port) => {
    const text = testSite('outpost-gen1').replace('mqtts://192.168.10.5:8883', url);
    expect(settingsOf(text).broker).toMatchObject({ host: '192.168.10.5', port });
  });

  test('is refused without name and certificate of the hub, which speaks TLS only', () => {
    expect(faults('outpost-gen1', [/ {2}hostName: .*\n/, ''], [/ {2}certificateArn: .*\n/, ''])).toEqual([
      expect.stringMatching(/^outpost needs hostName/),
      expect.stringMatching(/^outpost needs certificateArn: the hub on the Outpost speaks TLS only/),
    ]);
  });

  test('is refused without a LAN broker, or one that the Outpost has no way to', () => {
    expect(faults('outpost-gen1', [/broker: .*\n/, ''])).toEqual([
      expect.stringMatching(/^outpost needs broker beside it/),
    ]);
    expect(faults('outpost-gen1', ['mqtts://192.168.10.5:8883', 'mqtts://192.168.30.5:8883'])).toEqual([
      expect.stringMatching(
        /^broker\.url must be an address in one of network\.otNetworks.*got: 192\.168\.30\.5\. Allowed: 192\.168\.10\.0\/24, 192\.168\.20\.0\/24/,
      ),
    ]);
    expect(faults('outpost-gen1', ['mqtts://192.168.10.5:8883', 'mqtts://broker.plant.example'])).toEqual([
      expect.stringMatching(/^broker\.url must name the broker by its address in numbers.*got: broker\.plant\.example/),
    ]);
  });

  test.each(['env:BROKER_PASSWORD', 'file:password'])(
    'is refused a password of the broker that no container has: %s',
    (reference) => {
      expect(faults('outpost-gen1', ['secretsmanager:plant/broker', reference])).toEqual([
        expect.stringContaining('broker.passwordFrom must be in AWS Secrets Manager'),
      ]);
    },
  );

  test.each(['db.m5.xlarge', 'db.r5.2xlarge'])('of generation 1 has the database %s', (type) => {
    expect(faults('outpost-gen1', ['  racks: 1', `  racks: 1\n  databaseInstanceClass: ${type}`])).toEqual([]);
  });

  test('needs room for a second subnet in its VPC', () => {
    expect(faults('outpost-gen1', ['subnetCidr: "10.60.1.0/24"', 'subnetCidr: "10.60.0.0/16"'])).toEqual([
      expect.stringMatching(/^outpost\.subnetCidr leaves no room in vpcCidr/),
    ]);
  });
});
