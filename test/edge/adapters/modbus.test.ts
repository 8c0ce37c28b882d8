import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { modbusTcpSourceSchema } from '../../../core/site/source-schema.ts';
import type { Adapter } from '../../../edge/adapters/adapter.ts';
import { createAdapter } from '../../../edge/adapters/create.ts';
import { machineOf, RecordingLogger, RecordingSink } from '../../support/adapter-fixtures.ts';
import { type Behaviour, TestModbusServer } from '../../support/modbus-server.ts';

let server: TestModbusServer;
let port: number;
let running: Adapter[] = [];

beforeEach(async () => {
  server = new TestModbusServer();
  port = await server.listen();
  server.setHolding(0, 2, 0, 0x0001, 0x0002, 0x41ac, 0x0000);
  server.input.set(3, 700);
  server.coils.set(8, true);
  server.discrete.set(1, false);
});
afterEach(async () => {
  await Promise.all(running.map((adapter) => adapter.stop()));
  running = [];
  await server.close();
});

const holding = (address: number, format = 'uint16') => ({ table: 'holding-register', address, format });
const press = machineOf({
  id: 'press',
  source: 'plc',
  state: { modbus: holding(0), map: { 2: 'RUNNING' } },
  produced: { modbus: holding(2, 'uint32'), counter: { maxRatePerSecond: 10 } },
  sensors: [
    { id: 'temperature', modbus: holding(4, 'float32') },
    { id: 'speed', modbus: { table: 'input-register', address: 3 } },
    { id: 'door', modbus: { table: 'coil', address: 8 } },
    { id: 'lamp', modbus: { table: 'discrete-input', address: 1 } },
  ],
});

async function start(settings: Record<string, unknown> = {}, machine = press) {
  const sink = new RecordingSink();
  const log = new RecordingLogger();
  const source = modbusTcpSourceSchema.parse({
    id: 'plc',
    protocol: 'modbus-tcp',
    host: '127.0.0.1',
    port,
    pollingIntervalMs: 20,
    timeoutMs: 150,
    ...settings,
  });
  const adapter = createAdapter(source, [machine], sink, {
    pkiFolder: 'unused',
    secrets: {},
    logger: log.logger,
    backoff: { minMs: 20, maxMs: 100 },
  });
  running.push(adapter);
  await adapter.start();
  return { sink, log, adapter };
}

describe('Modbus TCP adapter', () => {
  test('reads all four tables, all values of a poll in one call', async () => {
    const { sink, log } = await start();
    await sink.until(() => sink.calls.length >= 2);
    expect(sink.calls[0]).toEqual(
      [
        ['state', 2],
        ['produced', 0x0001_0002],
        ['temperature', 21.5],
        ['speed', 700],
        ['door', true],
        ['lamp', false],
      ].map(([signal, value]) => ({ machinePath: 'test/line/press', signal, value, quality: 'GOOD' })),
    );
    expect(server.requests.slice(0, 4)).toEqual([
      [3, 0, 6],
      [4, 3, 1],
      [1, 8, 1],
      [2, 1, 1],
    ]);
    expect(log.matching('info', 'source plc is connected')).toHaveLength(1);
  });

  test('never has two requests under way, however slow the device', async () => {
    server.delayMs = 30;
    const { sink } = await start({ pollingIntervalMs: 10 });
    await sink.until(() => sink.calls.length >= 3);
    expect(server.maxInFlight).toBe(1);
  });

  test('an address that the device lacks is BAD and named once; its neighbours go on', async () => {
    const machine = machineOf({
      id: 'press',
      source: 'plc',
      sensors: [0, 2, 4, 40, 5].map((address) => ({ id: `r${address}`, modbus: holding(address) })),
    });
    const { sink, log } = await start({ maxGapRegisters: 100 }, machine);
    await sink.until(() => sink.calls.length >= 4);
    const last = Object.fromEntries(
      (sink.calls[3] ?? []).map(({ signal, value, quality }) => [signal, [value, quality]]),
    );
    expect(last).toEqual({
      r0: [2, 'GOOD'],
      r2: [1, 'GOOD'],
      r4: [0x41ac, 'GOOD'],
      r5: [0, 'GOOD'],
      r40: [null, 'BAD'],
    });
    expect(log.matching('warn', 'test/line/press/r40 has no value')).toHaveLength(1);
    expect(log.lines.join()).toContain('register 40001 of many manuals is holding-register 0');
    expect(sink.losses).toEqual([]);
  });

  test('polls signals in intervals of their own', async () => {
    const machine = machineOf({
      id: 'press',
      source: 'plc',
      sensors: [
        { id: 'fast', modbus: holding(0), intervalMs: 20 },
        { id: 'slow', modbus: holding(1), intervalMs: 3_600_000 },
      ],
    });
    const { sink } = await start({}, machine);
    await sink.until(() => sink.all.filter(({ signal }) => signal === 'fast').length >= 5);
    expect(sink.all.filter(({ signal }) => signal === 'slow')).toHaveLength(1);
  });

  test('comes back by itself after the device was away', async () => {
    const { sink } = await start();
    await sink.until(() => sink.calls.length > 0);
    await server.close();
    await sink.until(() => sink.losses.some((reason) => reason.includes('Nothing listens there')));
    const before = sink.calls.length;
    server = new TestModbusServer();
    server.setHolding(0, 7, 0, 0, 0, 0, 0);
    server.input.set(3, 1);
    server.coils.set(8, false);
    server.discrete.set(1, true);
    await server.listen(port);
    await sink.until(() => sink.calls.length > before && sink.latest('state')?.value === 7);
  });

  test.each<[Behaviour, RegExp]>([
    ['silent', /does not answer within 150 ms/],
    ['half-frame', /device closed the connection/],
    ['wrong-transaction', /does not answer within 150 ms/],
    ['garbage', /does not answer within 150 ms|no valid Modbus answer/],
    ['wrong-unit', /no valid Modbus answer .*unitId 1/],
    ['gateway-down', /gateway in between gets no answer/],
  ])(
    'a device that is %s is lost with a clear reason, gives no value, and is read again once it behaves',
    async (behaviour, reason) => {
      server.behaviour = behaviour;
      const { sink } = await start();
      await sink.until(() => sink.losses.length > 0);
      expect(sink.losses[0]).toMatch(reason);
      expect(sink.losses[0]).toContain(`127.0.0.1:${port} (source plc)`);
      expect(sink.all).toEqual([]);
      server.behaviour = 'normal';
      await sink.until(() => sink.latest('state')?.value === 2);
    },
  );

  test('says the same reason once, and stops at once while it retries', async () => {
    await server.close();
    const { sink, log, adapter } = await start();
    await sink.until(() => sink.losses.length > 0);
    await new Promise<void>((resolve) => {
      log.onLine = () => log.matching('debug', 'Nothing listens there').length >= 3 && resolve();
    });
    expect(sink.losses).toHaveLength(1);
    expect(log.matching('warn', 'Nothing listens there')).toHaveLength(1);
    const before = performance.now();
    await adapter.stop();
    // The contract of every adapter; it does not wait for an attempt to end.
    expect(performance.now() - before).toBeLessThan(5000);
    server = new TestModbusServer();
    await server.listen();
  });
});
