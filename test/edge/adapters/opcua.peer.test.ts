import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { opcUaSourceSchema } from '../../../core/site/source-schema.ts';
import type { Adapter, AdapterSecrets } from '../../../edge/adapters/adapter.ts';
import { createAdapter } from '../../../edge/adapters/create.ts';
import { pinCertificate, thumbprintOf } from '../../../edge/adapters/opcua/trust.ts';
import { machineOf, RecordingLogger, RecordingSink } from '../../support/adapter-fixtures.ts';
import { freePort } from '../../support/free-port.ts';
import { PythonPeer } from '../../support/python-peer.ts';

const node = (name: string) => `nsu=urn:plantbridge:test-plc;s=${name}`;
const names = ['Temperature', 'Pressure', 'Total', 'Negative', 'Text', 'Door', 'List', 'Nowhere'];
const filler = machineOf({
  id: 'filler',
  source: 'plc',
  state: { node: node('State'), map: { 1: 'RUNNING' } },
  produced: { node: node('Produced'), counter: { maxRatePerSecond: 10 } },
  sensors: names.map((name) => ({ id: name.toLowerCase(), node: node(name) })),
});
const secured = { securityPolicy: 'Basic256Sha256', securityMode: 'SignAndEncrypt', user: 'operator' };
const password = 'right-password';

let folder: string;
let port: number;
let server: PythonPeer;
let running: Adapter[] = [];

const startServer = () => PythonPeer.start('opcua_server.py', String(port), join(folder, 'server'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantbridge-asyncua-'));
  port = await freePort();
  server = await startServer();
});
afterEach(async () => {
  await Promise.all(running.map((adapter) => adapter.stop()));
  running = [];
});
afterAll(async () => {
  await server?.kill();
  await rm(folder, { recursive: true, force: true });
});

async function start(settings: Record<string, unknown> = {}, secrets: AdapterSecrets = {}) {
  const sink = new RecordingSink();
  const log = new RecordingLogger();
  const source = opcUaSourceSchema.parse({
    id: 'plc',
    protocol: 'opcua',
    endpointUrl: `opc.tcp://127.0.0.1:${port}/peer/`,
    publishingIntervalMs: 100,
    samplingIntervalMs: 100,
    ...settings,
  });
  const adapter = createAdapter(source, [filler], sink, {
    pkiFolder: join(folder, 'edge'),
    secrets,
    logger: log.logger,
    backoff: { minMs: 100, maxMs: 500 },
  });
  running.push(adapter);
  await adapter.start();
  return { sink, log, adapter };
}

async function expectValues(sink: RecordingSink): Promise<void> {
  await sink.until(() =>
    ['state', 'produced', ...names.map((name) => name.toLowerCase())].every((id) => sink.latest(id)),
  );
  const values = ['state', 'produced', 'temperature', 'pressure', 'total', 'negative', 'text', 'door'];
  expect(values.map((id) => sink.latest(id)?.value)).toEqual([1, 100, 21.5, 1.5, 2 ** 40 + 1, -5, 'Füller', true]);
  expect(values.every((id) => sink.latest(id)?.quality === 'GOOD')).toBe(true);
  expect(sink.latest('list')).toMatchObject({ value: null, quality: 'BAD' });
  expect(sink.latest('nowhere')).toMatchObject({ value: null, quality: 'BAD' });
}

describe('OPC UA adapter against asyncua', () => {
  test('reads values without security, follows changes and status codes', async () => {
    const { sink, log } = await start();
    await expectValues(sink);
    expect(log.matching('warn', 'signal test/line/filler/nowhere has no value')).toHaveLength(1);
    server.send({ set: 'Temperature', value: 30.25 });
    await sink.until(() => sink.latest('temperature')?.value === 30.25);
    expect(Math.abs((sink.latest('temperature')?.sourceTimeMs ?? 0) - Date.now())).toBeLessThan(5000);
    server.send({ set: 'Pressure', value: 2, status: 'BadSensorFailure' });
    await sink.until(() => sink.latest('pressure')?.quality === 'BAD');
    server.send({ set: 'Pressure', value: 1.5, status: 'UncertainLastUsableValue' });
    await sink.until(() => sink.latest('pressure')?.quality === 'UNCERTAIN');
    server.send({ set: 'Pressure', value: 1.5 });
    server.send({ set: 'Temperature', value: 21.5 });
    await sink.until(() => sink.latest('pressure')?.quality === 'GOOD' && sink.latest('temperature')?.value === 21.5);
    await sink.until(() => sink.confirmations > 1);
    // asyncua moves its clock once a second.
    expect(Math.abs((sink.clocks.at(-1) ?? 0) - Date.now())).toBeLessThan(2500);
  });

  test('reads signed and encrypted with user and password, once the certificate is accepted', async () => {
    const der = await readFile(join(folder, 'server', 'certificate.der'));
    const { sink } = await start(secured, { password });
    await sink.until(() => sink.losses.length > 0);
    expect(sink.losses[0]).toContain(`--accept ${thumbprintOf(der)}`);
    await pinCertificate(join(folder, 'edge'), der);
    await expectValues(sink);
  });

  test('a wrong password is refused with a clear sentence', async () => {
    await pinCertificate(join(folder, 'edge'), await readFile(join(folder, 'server', 'certificate.der')));
    const { sink } = await start(secured, { password: 'wrong' });
    await sink.until(() => sink.losses.length > 0);
    expect(sink.losses[0]).toContain('It refuses user "operator"');
  });

  test('kill -9 of the server is noticed at once, and its return as well', async () => {
    await pinCertificate(join(folder, 'edge'), await readFile(join(folder, 'server', 'certificate.der')));
    const { sink } = await start(secured, { password });
    await sink.until(() => sink.latest('state') !== undefined);
    await server.kill();
    await sink.until(() => sink.losses.length > 0, 3000);
    const readBefore = sink.all.length;
    server = await startServer();
    await sink.until(() => sink.all.length > readBefore && sink.latest('state')?.quality === 'GOOD', 15_000);
    server.send({ set: 'State', value: 2 });
    await sink.until(() => sink.latest('state')?.value === 2);
    server.send({ set: 'State', value: 1 });
    await sink.until(() => sink.latest('state')?.value === 1);
  });

  test('a server that hangs is lost within the ten seconds of staleness, and read again when it goes on', async () => {
    const { sink } = await start();
    await sink.until(() => sink.confirmations > 0);
    server.freeze();
    await sink.until(() => sink.losses.length > 0, 9000);
    const readBefore = sink.all.length;
    server.thaw();
    await sink.until(() => sink.all.length > readBefore, 20_000);
  });

  test('a server that comes back with another certificate is refused', async () => {
    await pinCertificate(join(folder, 'edge'), await readFile(join(folder, 'server', 'certificate.der')));
    const { sink } = await start(secured, { password });
    await sink.until(() => sink.latest('state') !== undefined);
    await server.kill();
    await rm(join(folder, 'server'), { recursive: true });
    server = await startServer();
    await sink.until(() => sink.losses.some((reason) => reason.includes('its certificate has changed')), 15_000);
  });
});
