import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { MqttClient } from 'mqtt';
import { pino } from 'pino';
import { fromMachineMessage, type MachineMessage } from '../../core/telemetry/message.ts';
import type { AdapterSink } from '../../edge/adapters/adapter.ts';
import { Gateway } from '../../edge/gateway.ts';
import { CommitRefused, type DurableWay } from '../../edge/outbox/durable-way.ts';
import { loadText } from '../support/site-text.ts';

const TEXT = `
version: 1
id: demo
timeZone: Etc/UTC
gateways: [{ id: gateway-1 }]
sources:
  - { id: plc, protocol: opcua, endpointUrl: 'opc.tcp://127.0.0.1:4840' }
lines:
  - id: line
    machines:
      - id: filler
        source: plc
        idealCycleSeconds: 1
        state: { node: 'ns=1;s=State', map: { 1: RUNNING, 2: FAULT } }
        produced: { node: 'ns=1;s=Produced', counter: { maxRatePerSecond: 10 } }
        sensors:
          - { id: temperature, node: 'ns=1;s=Temperature' }
`;
const { site: SITE } = loadText(TEXT);
/** The same, but its state is sampled every five seconds only. */
const { site: SLOW_SITE } = loadText(TEXT.replace("node: 'ns=1;s=State'", "node: 'ns=1;s=State', intervalMs: 5000"));
const FILLER = 'demo/line/filler';

/** A durable way in memory, that refuses while `full`. */
class MemoryWay implements DurableWay {
  readonly checkpoints = new Map<string, string>();
  readonly entries: string[] = [];
  full = false;

  async append(entries: readonly string[], checkpoints: ReadonlyMap<string, string>): Promise<void> {
    if (this.full) throw new CommitRefused('database or disk is full', true);
    this.entries.push(...entries);
    for (const [path, checkpoint] of checkpoints) this.checkpoints.set(path, checkpoint);
  }

  async stop(): Promise<void> {}

  /** The values of a signal, as they became durable. */
  values(signal: string): unknown[] {
    return this.entries
      .flatMap((text) => JSON.parse(text) as MachineMessage[])
      .flatMap(fromMachineMessage)
      .filter(({ path }) => path === `${FILLER}/${signal}`)
      .map(({ value }) => value);
  }
}

let durable: MemoryWay;
let published: string[];
let faults: string[];
let sink: AdapterSink | undefined;

function makeGateway(site = SITE): Gateway {
  const lanClient = {
    connected: true,
    publish: (topic: string) => published.push(topic),
  } as unknown as MqttClient;
  return new Gateway({
    site,
    gatewayId: 'gateway-1',
    durable,
    lanClient,
    logger: pino({ level: 'silent' }),
    onFault: (message) => faults.push(message),
    createAdapter: (_source, _machines, given) => {
      sink = given;
      return { start: async () => {}, stop: async () => {} };
    },
  });
}

const read = (signal: string, value: unknown) =>
  sink?.readings([{ machinePath: FILLER, signal, value, quality: 'GOOD', sourceTimeMs: Date.now() }]);

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 0, 5, 8, 0, 10) });
  durable = new MemoryWay();
  published = [];
  faults = [];
});
afterEach(() => {
  jest.useRealTimers();
});

describe('gateway', () => {
  test('publishes the LAN copy at once and commits with the next group', async () => {
    const gateway = makeGateway();
    await gateway.start();
    read('temperature', 20.5);
    expect(published).toContain(`plant/v1/${FILLER}`);
    expect(durable.values('temperature')).toEqual([]);
    await jest.advanceTimersByTimeAsync(100);
    expect(durable.values('temperature')).toEqual([20.5]);
    await gateway.stop();
  });

  test('a state change is also retained on a topic of its own', async () => {
    const gateway = makeGateway();
    await gateway.start();
    read('state', 2);
    expect(published).toContain(`plant/v1/${FILLER}/state`);
    await gateway.stop();
  });

  test('what a full disk refuses is committed, in order, once there is room again', async () => {
    const gateway = makeGateway();
    await gateway.start();
    durable.full = true;
    read('temperature', 1);
    await jest.advanceTimersByTimeAsync(500);
    read('temperature', 2);
    await jest.advanceTimersByTimeAsync(500);
    durable.full = false;
    await jest.advanceTimersByTimeAsync(200);
    expect(durable.values('temperature')).toEqual([1, 2]);
    expect(faults).toEqual([]);
    await gateway.stop();
  });

  test('a minute waits for the slowest signal that OEE depends on', async () => {
    const gateway = makeGateway(SLOW_SITE);
    await gateway.start();
    read('state', 1);
    for (let second = 11; second < 63; second += 1) {
      await jest.advanceTimersByTimeAsync(1000);
      sink?.confirmed();
    }
    // 08:01:03: the server sampled only now, and says that the machine stands since 08:00:58.
    const sourceTimeMs = Date.UTC(2026, 0, 5, 8, 0, 58);
    sink?.readings([{ machinePath: FILLER, signal: 'state', value: 2, quality: 'GOOD', sourceTimeMs }]);
    expect(durable.values('run-s')).toEqual([]);
    await jest.advanceTimersByTimeAsync(4000);
    expect(durable.values('run-s')).toEqual([48]);
    expect(durable.values('down-s')).toEqual([2]);
    await gateway.stop();
  });

  test('a disk that refuses for half a minute is reported in one sentence', async () => {
    const gateway = makeGateway();
    await gateway.start();
    durable.full = true;
    read('temperature', 1);
    await jest.advanceTimersByTimeAsync(31_000);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^The gateway gateway-1 can't store samples any more: its disk is full\./);
    durable.full = false;
    await gateway.stop();
  });

  test('goes on after a restart with what the checkpoint knows: parts of the time between belong to no minute', async () => {
    const first = makeGateway();
    await first.start();
    read('state', 1);
    read('produced', 100);
    await jest.advanceTimersByTimeAsync(2500);
    await first.stop();
    jest.setSystemTime(Date.now() + 60_000);
    const second = makeGateway();
    await second.start();
    read('state', 1);
    read('produced', 130);
    await jest.advanceTimersByTimeAsync(2500);
    await second.stop();
    expect(durable.values('produced-unattributed')).toEqual([30]);
  });
});
