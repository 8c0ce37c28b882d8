import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { opcUaSourceSchema } from '../../../core/site/source-schema.ts';
import type { Adapter, AdapterSecrets } from '../../../edge/adapters/adapter.ts';
import { createAdapter } from '../../../edge/adapters/create.ts';
import { ownCertificate } from '../../../edge/adapters/opcua/own-certificate.ts';
import { pinCertificate, thumbprintOf } from '../../../edge/adapters/opcua/trust.ts';
import { machineOf, RecordingLogger, RecordingSink } from '../../support/adapter-fixtures.ts';
import { freePort } from '../../support/free-port.ts';
import { NAMESPACE_URI, PASSWORD, startOpcUaServer, type TestOpcUaServer } from '../../support/opcua-server.ts';

let folder: string;
let server: TestOpcUaServer;
let running: Adapter[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantbridge-opcua-'));
  server = await startOpcUaServer(join(folder, 'server'), await freePort());
});
afterEach(async () => {
  await Promise.all(running.map((adapter) => adapter.stop()));
  running = [];
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const filler = machineOf({
  id: 'filler',
  source: 'plc',
  state: { node: `nsu=${NAMESPACE_URI};s=State`, map: { 1: 'RUNNING' } },
  produced: { node: `nsu=${NAMESPACE_URI};s=Produced`, counter: { maxRatePerSecond: 10 } },
  sensors: [
    { id: 'temperature', node: `nsu=${NAMESPACE_URI};s=Temperature`, intervalMs: 50 },
    { id: 'total', node: `nsu=${NAMESPACE_URI};s=Total` },
    { id: 'text', node: `nsu=${NAMESPACE_URI};s=Text` },
    { id: 'list', node: `nsu=${NAMESPACE_URI};s=List` },
    { id: 'missing', node: `nsu=${NAMESPACE_URI};s=Nowhere` },
    { id: 'elsewhere', node: 'nsu=urn:unknown;s=State' },
  ],
});

async function start(settings: Record<string, unknown> = {}, secrets: AdapterSecrets = {}, pki = 'edge') {
  const sink = new RecordingSink();
  const log = new RecordingLogger();
  const source = opcUaSourceSchema.parse({
    id: 'plc',
    protocol: 'opcua',
    endpointUrl: server.endpointUrl,
    publishingIntervalMs: 50,
    samplingIntervalMs: 50,
    ...settings,
  });
  const adapter = createAdapter(source, [filler], sink, {
    pkiFolder: join(folder, pki),
    secrets,
    logger: log.logger,
    backoff: { minMs: 50, maxMs: 200 },
  });
  running.push(adapter);
  await adapter.start();
  return { sink, log, adapter };
}

describe('OPC UA adapter', () => {
  test('reads what is there, follows changes and keeps order', async () => {
    const { sink } = await start();
    await sink.until(() => ['state', 'produced', 'temperature', 'total', 'text'].every((id) => sink.latest(id)));
    expect(sink.latest('state')).toMatchObject({ machinePath: 'test/line/filler', value: 1, quality: 'GOOD' });
    expect(Math.abs((sink.latest('state')?.sourceTimeMs ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(sink.latest('total')?.value).toBe(2 ** 37 - 1);
    expect(sink.latest('text')?.value).toBe('ok');
    server.set('Temperature', 30);
    await sink.until(() => sink.latest('temperature')?.value === 30);
    await sink.until(() => sink.clocks.length > 0 && sink.confirmations > 0);
    expect(Math.abs((sink.clocks.at(-1) ?? 0) - Date.now())).toBeLessThan(1000);
    expect(sink.losses).toEqual([]);
  });

  test('maps status codes to quality and keeps what the server sent along', async () => {
    const { sink } = await start();
    await sink.until(() => sink.latest('produced') !== undefined);
    server.set('Produced', 101, 'Bad');
    await sink.until(() => sink.latest('produced')?.quality === 'BAD');
    server.set('Produced', 102, 'Uncertain');
    await sink.until(() => sink.latest('produced')?.quality === 'UNCERTAIN');
    expect(sink.latest('produced')?.value).toBe(102);
    server.set('Produced', 103);
    await sink.until(() => sink.latest('produced')?.value === 103);
    expect(sink.latest('produced')?.quality).toBe('GOOD');
  });

  test('names what it cannot read, once and by signal, and goes on with the rest', async () => {
    const { sink, log } = await start();
    await sink.until(() => ['missing', 'elsewhere', 'list', 'state'].every((id) => sink.latest(id)));
    for (const id of ['missing', 'elsewhere', 'list']) {
      expect(sink.latest(id)).toMatchObject({ value: null, quality: 'BAD' });
      expect(log.matching('warn', `signal test/line/filler/${id} has no value`)).toHaveLength(1);
    }
    expect(log.matching('warn', 'does not exist on the server (BadNodeIdUnknown)')).toHaveLength(1);
    expect(log.matching('warn', 'namespace "urn:unknown", which the server does not have')).toHaveLength(1);
    expect(log.matching('warn', 'holds an array of String')).toHaveLength(1);
    expect(sink.latest('state')?.quality).toBe('GOOD');
  });

  test('reports a server that dies within seconds and reads it again when it is back', async () => {
    const { sink } = await start();
    await sink.until(() => sink.latest('state') !== undefined && sink.confirmations > 0);
    await server.stop();
    await sink.until(() => sink.losses.length > 0);
    expect(sink.losses[0]).toContain(`OPC UA server ${server.endpointUrl} (source plc) can't be read.`);
    await sink.until(() => sink.losses.some((reason) => reason.includes('Nothing listens there')));
    const { port } = server;
    server = await startOpcUaServer(join(folder, 'server'), port);
    server.set('State', 9);
    await sink.until(() => sink.latest('state')?.value === 9);
    server.set('State', 1);
    await sink.until(() => sink.latest('state')?.value === 1);
  });

  test('stops within a moment, also while it cannot connect', async () => {
    const { adapter, sink } = await start({ endpointUrl: 'opc.tcp://127.0.0.1:1' });
    await sink.until(() => sink.losses.length > 0);
    const before = performance.now();
    await adapter.stop();
    // The contract of every adapter.
    expect(performance.now() - before).toBeLessThan(5000);
    expect(sink.losses).toHaveLength(1);
  });

  test('says what the server offers where the security that is asked for is not there', async () => {
    const { sink } = await start({ securityPolicy: 'Aes256_Sha256_RsaPss', securityMode: 'Sign' });
    await sink.until(() => sink.losses.length > 0);
    expect(sink.losses[0]).toMatch(/no endpoint with securityPolicy Aes256_Sha256_RsaPss and securityMode Sign/);
    expect(sink.losses[0]).toContain('Basic256Sha256 with SignAndEncrypt');
  });
});

describe('OPC UA security', () => {
  const secured = { securityPolicy: 'Basic256Sha256', securityMode: 'SignAndEncrypt', user: 'operator' };

  test('refuses a server nobody accepted, names its thumbprint, and reads it once it is accepted', async () => {
    const { sink } = await start(secured, { password: PASSWORD }, 'fresh');
    await sink.until(() => sink.losses.length > 0);
    const thumbprint = thumbprintOf(server.certificate);
    expect(sink.losses[0]).toContain(`certificate ${thumbprint}`);
    expect(sink.losses[0]).toContain(`plant trust <site file> --accept ${thumbprint}`);
    expect(sink.all).toEqual([]);
    await pinCertificate(join(folder, 'fresh'), server.certificate);
    await sink.until(() => sink.latest('state')?.quality === 'GOOD');
  });

  test('a wrong password is said without quoting it, and not tried again soon', async () => {
    await pinCertificate(join(folder, 'edge'), server.certificate);
    const before = server.logins.length;
    const { sink, log } = await start(secured, { password: 'not-the-password' });
    await sink.until(() => sink.losses.length > 0);
    expect(sink.losses[0]).toContain('It refuses user "operator": wrong user name, password or certificate');
    // Longer than the usual wait between attempts, which is 200 ms at the most here.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.logins.length - before).toBe(1);
    expect(log.lines.join()).not.toContain('not-the-password');
    expect(sink.losses.join()).not.toContain('not-the-password');
  });

  test('a user without a password is a fault of the site file', async () => {
    await pinCertificate(join(folder, 'edge'), server.certificate);
    const { sink } = await start(secured);
    await sink.until(() => sink.losses.length > 0);
    expect(sink.losses[0]).toContain('add passwordFrom to the site file');
  });

  test('warns once where a password goes over an unsecured channel', async () => {
    const { sink, log } = await start({ user: 'operator' }, { password: PASSWORD });
    await sink.until(() => sink.latest('state') !== undefined);
    expect(log.matching('warn', 'logs in without a secured channel')).toHaveLength(1);
  });

  test('logs in with a user certificate', async () => {
    await pinCertificate(join(folder, 'edge'), server.certificate);
    const { certificateFile, privateKeyFile } = await ownCertificate(join(folder, 'user'));
    const secrets = {
      userCertificatePem: await readFile(certificateFile, 'utf8'),
      userPrivateKeyPem: await readFile(privateKeyFile, 'utf8'),
    };
    const { user: _user, ...withoutUser } = secured;
    const { sink } = await start(withoutUser, secrets);
    await sink.until(() => sink.latest('state')?.quality === 'GOOD');
    const damaged = await start(withoutUser, { ...secrets, userPrivateKeyPem: 'SECRET' });
    await damaged.sink.until(() => damaged.sink.losses.length > 0);
    expect(damaged.sink.losses[0]).toContain('user certificate or private key of source plc is damaged');
    expect(damaged.log.lines.join()).not.toContain('SECRET');
  });
});
