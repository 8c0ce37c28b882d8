import { describe, expect, test } from '@jest/globals';
import { formatFault } from '../../../../core/site/load.ts';
import { type Change, oneFault } from '../../../support/site-faults.ts';
import { faultsOf, SMALL_TEXT, smallSiteWith } from '../../../support/site-text.ts';
import { testSite } from '../../../support/synth.ts';

const TWO_GATEWAYS: readonly Change[] = [
  ['gateways: [{ id: gateway-1 }]', 'gateways: [{ id: gateway-1 }, { id: gateway-2 }]'],
  ['id: plc, ', 'id: plc, gateway: gateway-1, '],
];
const onGateway = (gateway: string): Change => ['id: modbus, ', `id: modbus, gateway: ${gateway}, `];

describe('what is deployed', () => {
  oneFault([
    [
      'the pilot line exists',
      [['gateways:', 'pilot: { line: lin-1, gateway: gateway-1 }\ngateways:']],
      'pilot.line',
      'must be the id of a line in this file, got: "lin-1". Allowed: line-1. Did you mean line-1?',
    ],
    [
      'the pilot gateway exists',
      [['gateways:', 'pilot: { line: line-1, gateway: gateway-7 }\ngateways:']],
      'pilot.gateway',
      'must be the id of a gateway in this file',
    ],
    [
      'the pilot gateway reads all of the pilot line',
      [
        ...TWO_GATEWAYS,
        onGateway('gateway-2'),
        ['timeZone:', 'pilot: { line: line-1, gateway: gateway-1 }\ntimeZone:'],
      ],
      'pilot.gateway',
      'must be the gateway of every machine of line line-1: the pilot deploys one gateway alone, got: "gateway-1", but washer is read by another',
    ],
    [
      'the hub runs on a gateway of the site',
      [['gateways:', 'hub: { gateway: gateway-9 }\ngateways:']],
      'hub.gateway',
      'must be the id of a gateway in this file',
    ],
    [
      'a serial number enrols one gateway',
      [
        ...TWO_GATEWAYS.slice(1),
        onGateway('gateway-2'),
        [
          'gateways: [{ id: gateway-1 }]',
          'gateways: [{ id: gateway-1, serialNumbers: [PB-1] }, { id: gateway-2, serialNumbers: [PB-1] }]',
        ],
      ],
      'gateways[1].serialNumbers[0]',
      'must be given once in the site: a device enrols as one gateway, got: "PB-1", which gateway gateway-1 has already',
    ],
    [
      'a machine has one gateway',
      [
        ...TWO_GATEWAYS,
        onGateway('gateway-2'),
        ['lines:', '  - { id: again, gateway: gateway-1, protocol: modbus-tcp, host: 10.0.0.6 }\nlines:'],
      ],
      'sources[2].gateway',
      'which gateway gateway-2 reads: two gateways for one machine, got: gateway-1 for "10.0.0.6:502 unit 1"',
    ],
    [
      'the Region has SiteWise',
      [['gateways:', 'aws: { region: eu-north-1 }\ngateways:']],
      'aws.region',
      'must be a Region with AWS IoT SiteWise, got: "eu-north-1"',
    ],
    [
      'the Region has Grafana where it is asked for',
      [['gateways:', 'aws: { region: ca-central-1 }\nobservability: { grafana: true }\ngateways:']],
      'observability.grafana',
      'needs Amazon Managed Grafana, which Region ca-central-1 does not have',
    ],
    [
      'SiteWise Edge has its broker',
      [
        ['id: plc, ', 'id: plc, collector: sitewise-edge, '],
        ['node: "ns=2;s=State",', 'node: "ns=2;s=State", browsePath: /State,'],
        ['node: "ns=2;s=Produced",', 'node: "ns=2;s=Produced", browsePath: /Produced,'],
        ['node: "ns=2;s=Temperature",', 'node: "ns=2;s=Temperature", browsePath: /Temperature,'],
      ],
      'sources[0].collector',
      'needs the broker emqx on gateway gateway-1',
    ],
  ]);
});

describe('what only a deployment needs', () => {
  const deploymentFaults = (text: string) => faultsOf(text, {}, { forDeployment: true }).map(formatFault);

  test('is not asked for on one machine', () => {
    expect(faultsOf(smallSiteWith(['id: small', 'id: small\nphase: production']))).toEqual([]);
  });

  test('an account and a PostgreSQL historian, from production on', () => {
    expect(deploymentFaults(SMALL_TEXT)).toEqual([]);
    expect(deploymentFaults(smallSiteWith(['id: small', 'id: small\nphase: production']))).toEqual([
      expect.stringMatching(/^site.yaml:1:1 aws.account is missing: with phase production the account must not depend/),
      expect.stringMatching(/^site.yaml:1:1 hub.historianFrom is missing: from phase production on/),
    ]);
  });

  test('an account, where there is an Outpost', () => {
    const pilotWithOutpost = testSite('outpost-gen1')
      .replace('phase: rollout', 'phase: pilot')
      .replace(', account: "123456789012"', '');
    expect(deploymentFaults(pilotWithOutpost)).toEqual([
      expect.stringContaining('aws.account is missing: with an outpost'),
    ]);
  });

  test('a broker of the plant, where a gateway must reach a hub elsewhere', () => {
    const text = testSite('outpost-gen1')
      .replace(/^broker: .*\n/m, '')
      .replace(/outpost:\n( {2}.*\n)+/, '');
    const hub = 'hub: { historianFrom: "file:/etc/plantbridge/historian" }\n';
    expect(deploymentFaults(hub + text)).toEqual([
      expect.stringContaining(
        'broker is missing: the hub runs on gateway gateway-1, and gateway gateway-2 can not reach it without a broker of the plant',
      ),
    ]);
  });

  test('the line and gateway to begin with, where there are several', () => {
    const text = testSite('outpost-gen1').replace(/phase: rollout\npilot:.*\n/, 'phase: pilot\n');
    expect(deploymentFaults(text)).toEqual([
      expect.stringContaining(
        'site.yaml:6:8 phase needs to know which line and gateway the roadmap begins with, since the site has 2 lines and 2 gateways',
      ),
    ]);
  });
});
