import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { opcUaSourceSchema } from '../../../core/site/source-schema.ts';
import type { Adapter, AdapterSecrets } from '../../../edge/adapters/adapter.ts';
import { createAdapter } from '../../../edge/adapters/create.ts';
import { machineOf, RecordingLogger, RecordingSink } from '../../support/adapter-fixtures.ts';
import { freePort } from '../../support/free-port.ts';
import { NAMESPACE_URI, startOpcUaServer, type TestOpcUaServer } from '../../support/opcua-server.ts';

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
});
