import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { modbusTcpSourceSchema } from '../../../core/site/source-schema.ts';
import { createAdapter } from '../../../edge/adapters/create.ts';
import { machineOf, RecordingLogger, RecordingSink } from '../../support/adapter-fixtures.ts';
import { freePort } from '../../support/free-port.ts';
import { PythonPeer } from '../../support/python-peer.ts';

let port: number;
let server: PythonPeer;

beforeAll(async () => {
  port = await freePort();
  server = await PythonPeer.start('modbus_server.py', String(port));
});
afterAll(async () => {
  await server?.kill();
});

const holding = (address: number, format: string, more: object = {}) => ({
  modbus: { table: 'holding-register', address, format, ...more },
});
const filler = machineOf({
  id: 'filler',
  source: 'plc',
  state: { ...holding(0, 'uint16'), map: { 2: 'RUNNING' } },
  produced: { ...holding(2, 'uint32'), counter: { maxRatePerSecond: 10 } },
  sensors: [
    { id: 'int16', ...holding(1, 'int16') },
    { id: 'float32', ...holding(4, 'float32') },
    { id: 'int64', ...holding(6, 'int64') },
    { id: 'float64', ...holding(10, 'float64') },
    { id: 'text', ...holding(14, 'string', { registers: 4 }) },
    { id: 'bit', ...holding(18, 'bit', { bit: 15 }) },
    { id: 'low-word-first', ...holding(19, 'uint32', { wordOrder: 'little' }) },
    { id: 'missing', ...holding(30, 'uint16') },
    { id: 'input', modbus: { table: 'input-register', address: 3 } },
    { id: 'coil', modbus: { table: 'coil', address: 10 } },
    { id: 'discrete', modbus: { table: 'discrete-input', address: 2 } },
  ],
});

test('reads every table and format of a pymodbus server, and comes back after kill -9', async () => {
  const sink = new RecordingSink();
  const log = new RecordingLogger();
  const source = modbusTcpSourceSchema.parse({
    id: 'plc',
    protocol: 'modbus-tcp',
    host: '127.0.0.1',
    port,
    pollingIntervalMs: 50,
  });
  const context = { pkiFolder: 'unused', secrets: {}, logger: log.logger, backoff: { minMs: 50, maxMs: 500 } };
  const adapter = createAdapter(source, [filler], sink, context);
  await adapter.start();
  try {
    await sink.until(() => sink.calls.length > 0);
    expect(Object.fromEntries((sink.calls[0] ?? []).map(({ signal, value }) => [signal, value]))).toEqual({
      state: 2,
      produced: 70_000,
      int16: -2,
      float32: 21.5,
      int64: -7,
      float64: 1.25,
      text: 'FILLER-1',
      bit: true,
      'low-word-first': 70_000,
      missing: null,
      input: 700,
      coil: true,
      discrete: true,
    });
    const notGood = (sink.calls[0] ?? []).filter(({ quality }) => quality !== 'GOOD');
    expect(notGood.map(({ signal }) => signal)).toEqual(['missing']);
    await server.kill();
    await sink.until(() => sink.losses.length > 0, 3000);
    const before = sink.calls.length;
    server = await PythonPeer.start('modbus_server.py', String(port));
    await sink.until(() => sink.calls.length > before && sink.latest('state')?.value === 2);
  } finally {
    await adapter.stop();
  }
});
