import { describe, expect, test } from '@jest/globals';
import { loadSite } from '../../../../core/site/load.ts';
import { machinesOf } from '../../../../core/site/site.ts';
import { deployedSite, readByConnector, servedByHub } from '../../../../lib/constructs/greengrass/deployed-site.ts';
import { Deployment } from '../../../../lib/deployment.ts';
import { deployableModels, deployableSite } from '../../../../lib/site-files.ts';
import { testSite } from '../../../support/synth.ts';

const { models: MODELS } = deployableModels();

function deploymentOf(text: string, files: Readonly<Record<string, string>> = {}): Deployment {
  const all: Readonly<Record<string, string>> = { 'sites/site.yaml': text, ...files };
  return new Deployment(deployableSite('sites/site.yaml', MODELS, (path) => all[path] ?? ''));
}

function connectorSite(deployment: Deployment, gatewayId: string) {
  const files = deployedSite(deployment, readByConnector(deployment, gatewayId), 'connector.yaml') ?? {};
  return { files, site: loadSite('connector.yaml', (path) => files[path] ?? '') };
}

const GEN1 = testSite('outpost-gen1');
const gen1 = deploymentOf(GEN1);

describe('the site file on a gateway', () => {
  test('has the machines of this gateway, their sources and nothing of the others', () => {
    const { site } = connectorSite(gen1, 'gateway-2');
    expect(machinesOf(site).map(({ path }) => path)).toEqual(['gen1/packing/packer']);
    expect(site.sources.map(({ id }) => id)).toEqual(['packer-plc']);
    expect(site.gateways.map(({ id }) => id)).toEqual(['gateway-2']);
  });

  test('reads machines as the whole site file has them', () => {
    const before = machinesOf(gen1.site).filter(({ gatewayId }) => gatewayId === 'gateway-1');
    expect(machinesOf(connectorSite(gen1, 'gateway-1').site)).toEqual(before);
  });

  test('tells nothing of accounts, serial numbers, the Outpost and the simulation', () => {
    const text = connectorSite(gen1, 'gateway-1').files['connector.yaml'];
    for (const word of ['123456789012', 'PB-0001', 'vpcCidr', 'simulation', 'erp']) expect(text).not.toContain(word);
  });

  test('has only the line that the phase deploys', () => {
    const pilot = deploymentOf(GEN1.replace('phase: rollout', 'phase: pilot'));
    const lines = connectorSite(pilot, 'gateway-1').site.lines.map(({ id }) => id);
    expect(lines).toEqual(['bottling']);
    expect(deployedSite(pilot, readByConnector(pilot, 'gateway-2'), 'connector.yaml')).toBeUndefined();
  });

  test("leaves machines out that AWS's own collector reads", () => {
    const gen2 = deploymentOf(testSite('outpost-gen2'));
    expect(deployedSite(gen2, readByConnector(gen2, 'gateway-2'), 'connector.yaml')).toBeUndefined();
    expect(
      machinesOf(gen2.site)
        .filter(servedByHub(gen2))
        .map(({ lineId }) => lineId),
    ).toEqual(['bottling', 'bottling']);
  });

  test('counts for the line only machines that it still has', () => {
    const split = GEN1.replace('pilot: { line: bottling, gateway: gateway-1 }\n', '')
      .replace('  - id: packing\n', '')
      .replace('counted: [filler]', 'counted: [filler, packer]')
      .replace(/\n {4}machines:\n {6}- id: packer/, '\n      - id: packer');
    const deployment = deploymentOf(split);
    const { site } = connectorSite(deployment, 'gateway-2');
    expect(site.lines.map(({ countedMachineIds }) => countedMachineIds)).toEqual([['packer']]);
  });

  test('takes the CSV files of its machines along, from wherever they lie', () => {
    const text = GEN1.replace(
      '        model: discrete-machine\n',
      '        model: discrete-machine\n        signals: { csv: ../tags/packer.csv }\n',
    );
    const csv = 'id,node\nspeed,ns=2;s=Speed\n';
    const deployment = deploymentOf(text, { 'sites/../tags/packer.csv': csv });
    const { files, site } = connectorSite(deployment, 'gateway-2');
    expect(files).toHaveProperty(['signals/1-packer.csv'], csv);
    expect(machinesOf(site)[0]?.sensors.map(({ id }) => id)).toEqual(['speed']);
    expect(Object.keys(connectorSite(deployment, 'gateway-1').files)).toEqual(['connector.yaml']);
  });

  test('looks for secrets in files where a person can put them', () => {
    const relative = GEN1.replace('secretsmanager:plant/filler-plc', 'file:secrets/filler');
    expect(connectorSite(deploymentOf(relative), 'gateway-1').files['connector.yaml']).toContain(
      'file:/etc/plantbridge/secrets/filler',
    );
    const absolute = GEN1.replace('secretsmanager:plant/filler-plc', 'file:/run/filler');
    expect(connectorSite(deploymentOf(absolute), 'gateway-1').files['connector.yaml']).toContain('file:/run/filler');
    expect(connectorSite(gen1, 'gateway-1').files['connector.yaml']).toContain('secretsmanager:plant/filler-plc');
  });
});

test('the hub serves the deployed machines of every gateway', () => {
  expect(
    machinesOf(gen1.site)
      .filter(servedByHub(gen1))
      .map(({ id }) => id),
  ).toEqual(['filler', 'capper', 'packer']);
});
