import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import {
  AttributeIds,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  setErrorLogger,
  setWarningLogger,
  type UserIdentityInfo,
  UserTokenType,
} from 'node-opcua-client';
import { machinesOf, type Site } from '../../../../core/site/site.ts';
import type { OpcUaSource } from '../../../../core/site/source-schema.ts';
import { freePort } from '../../../../local/factory/ports.ts';
import { Plant } from '../../../../local/simulator/model/plant.ts';
import { SimulatedOpcUaServer } from '../../../../local/simulator/opcua/server.ts';
import { tinySite } from '../../tiny-site.ts';

const PASSWORD = 'a password of this test';

describe('the simulated PLC on OPC UA, secured', () => {
  let folder: string;
  let site: Site;
  let server: SimulatedOpcUaServer;
  let plant: Plant;
  let trust: OPCUACertificateManager;

  beforeAll(async () => {
    setErrorLogger(() => undefined);
    setWarningLogger(() => undefined);
    folder = mkdtempSync(join(tmpdir(), 'plant-opcua-'));
    site = tinySite({ opcua: await freePort(), modbus: 1 });
    const [first] = site.sources;
    if (first?.protocol !== 'opcua') throw new Error('the first source is OPC UA');
    const source: OpcUaSource = {
      ...first,
      securityPolicy: 'Basic256Sha256',
      securityMode: 'SignAndEncrypt',
      user: 'plant',
    };
    server = await SimulatedOpcUaServer.create({ site, source, pkiFolder: join(folder, 'plc'), password: PASSWORD });
    plant = new Plant(site, 3, Date.parse('2026-11-20T12:00:00Z'));
    await server.start();
    show();
    trust = new OPCUACertificateManager({
      rootFolder: join(folder, 'client'),
      automaticallyAcceptUnknownCertificate: true,
    });
    await trust.initialize();
  });
  afterAll(async () => {
    await server.stop();
    await trust.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const show = () =>
    server.update((path) => plant.view(machinesOf(site).find((machine) => machine.path === path)!), true);

  async function read(user: UserIdentityInfo, nodes: readonly string[], mode = MessageSecurityMode.SignAndEncrypt) {
    const none = mode === MessageSecurityMode.None;
    const client = OPCUAClient.create({
      endpointMustExist: true,
      clientCertificateManager: trust,
      securityMode: mode,
      securityPolicy: none ? SecurityPolicy.None : SecurityPolicy.Basic256Sha256,
      connectionStrategy: { maxRetry: 0 },
    });
    try {
      await client.connect(server.address);
      const session = await client.createSession(user);
      const values = await session.read(nodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })));
      await session.close();
      return values.map(({ value }) => value.value as unknown);
    } finally {
      await client.disconnect();
    }
  }

  const person = (password: string): UserIdentityInfo => ({
    type: UserTokenType.UserName,
    userName: 'plant',
    password,
  });

  test('shows a client that knows the password what the plant does, and its changes', async () => {
    const press = plant.simulated('tiny/line-1/press')!;
    plant.act('tiny/line-1/press', 'stop', true);
    plant.advanceTo(plant.nowMs + 60_000);
    show();
    const nodes = ['ns=2;s=Press.State', 'ns=2;s=Press.Reason', 'ns=2;s=Press.Produced', 'ns=2;s=Press.DoorClosed'];
    expect(await read(person(PASSWORD), nodes)).toEqual([2, 7, press.produced.count, true]);
    plant.act('tiny/line-1/press', 'stop', false);
    plant.advanceTo(plant.nowMs + 1_000);
    show();
    expect(await read(person(PASSWORD), nodes.slice(0, 2))).toEqual([1, 0]);
  });

  test.each([
    ['with a wrong password', () => read(person('guessed'), [])],
    ['without a user', () => read({ type: UserTokenType.Anonymous }, [])],
    ['without encryption', () => read(person(PASSWORD), [], MessageSecurityMode.None)],
  ])('lets nobody in %s', async (_, attempt) => {
    await expect(attempt()).rejects.toThrow();
  });

  test('comes back after it was disconnected, with the same certificate', async () => {
    await server.stop();
    await expect(read(person(PASSWORD), [])).rejects.toThrow();
    await server.start();
    show();
    expect(await read(person(PASSWORD), ['ns=2;s=Press.State'])).toEqual([1]);
  });
});
