import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { topics } from '../core/path.ts';
import { type BatchMessage, fromMachineMessage, type HelloMessage } from '../core/telemetry/message.ts';
import { EDGE_NODE_ARGUMENTS } from '../edge/options.ts';
import type { Bench, BenchFigure } from './bench.ts';
import { freePort, startChild, usageOf } from './child.ts';
import { loadNodes, type OpcUaLoadOptions } from './opcua-load.ts';

const MACHINES = 10;
const SENSORS_PER_MACHINE = 100;
const SENSORS = MACHINES * SENSORS_PER_MACHINE;
const INTERVAL_MS = 100;
const WARM_UP_MS = 10_000;
const DURATION_MS = 60_000;
/** How late a value may be and still count as gone through: what falls behind for good shows in valuesPerSecond. */
const GRACE_MS = 2000;
const SITE = 'bench';
const GATEWAY = 'gateway-1';

function siteFile(opcUaPort: number): string {
  const node = (name: string) => `node: 'ns=1;s=${name}'`;
  const machines = Array.from({ length: MACHINES }, (_, machine) => {
    const sensors = Array.from({ length: SENSORS_PER_MACHINE }, (__, sensor) => {
      return `          - { id: sensor-${sensor}, ${node(loadNodes.sensor(machine, sensor))} }`;
    });
    return `      - id: machine-${machine}
        source: plc
        idealCycleSeconds: 0.1
        state: { ${node(loadNodes.state(machine))}, map: { 1: RUNNING } }
        produced: { ${node(loadNodes.produced(machine))}, counter: { maxRatePerSecond: 20 } }
        sensors:
${sensors.join('\n')}`;
  });
  return `
version: 1
id: ${SITE}
timeZone: Etc/UTC
gateways: [{ id: ${GATEWAY} }]
sources:
  - { id: plc, protocol: opcua, endpointUrl: 'opc.tcp://127.0.0.1:${opcUaPort}', samplingIntervalMs: 0, publishingIntervalMs: 200 }
lines:
  - id: line
    machines:
${machines.join('\n')}
`;
}

/** Stands in for the hub: acknowledges batches as the hub does after its commit, and keeps the ledger of each node's count. */
class Ledger {
  readonly #newest = new Map<string, number>();
  /** Values whose source time lies in the measured span. */
  values = 0;
  /** Values within the span that never came. */
  lost = 0;
  #fromMs = Number.POSITIVE_INFINITY;
  #toMs = Number.POSITIVE_INFINITY;
  #sequence = 0;

  /** Counts the values from now on for a while, by their source's time. */
  measure(durationMs: number): void {
    this.#fromMs = Date.now();
    this.#toMs = this.#fromMs + durationMs;
    this.values = 0;
  }

  async listen(client: MqttClient): Promise<void> {
    client.on('message', (topic, payload) => {
      const message = JSON.parse(payload.toString()) as BatchMessage | HelloMessage;
      if (topic.endsWith('/batch')) this.#take(message as BatchMessage);
      const kind = topic.endsWith('/batch') ? 'ack' : 'ask';
      const cursor = { version: 1, outbox: message.outbox, sequence: this.#sequence };
      client.publish(topics[kind](SITE, GATEWAY), JSON.stringify(cursor), { qos: 1 });
    });
    await client.subscribeAsync([topics.filters.batches(SITE), topics.filters.hellos(SITE)], { qos: 1 });
  }

  #take(batch: BatchMessage): void {
    if (batch.sequence !== this.#sequence + 1) return;
    this.#sequence = batch.sequence;
    for (const message of batch.machines) {
      for (const { path, timeMs, value } of fromMachineMessage(message)) {
        if (path.includes('/sensor-') && typeof value === 'number') this.#count(path, timeMs, value);
      }
    }
  }

  /** A node counts 1, 2, 3, ...: a step of more than one has lost what lies between. */
  #count(path: string, timeMs: number, value: number): void {
    const newest = this.#newest.get(path);
    this.#newest.set(path, value);
    if (timeMs < this.#fromMs || timeMs >= this.#toMs) return;
    this.values += 1;
    if (newest !== undefined) this.lost += Math.max(0, value - newest - 1);
  }

  /** Sensors of which nothing has come at all. */
  get silentSensors(): number {
    return SENSORS - this.#newest.size;
  }
}

/** 10,000 OPC UA values a second from 1,000 nodes, through the gateway as it is deployed. */
export const edgeBench: Bench = {
  name: 'edge',
  method: `${SENSORS} sensors at ${1000 / INTERVAL_MS} Hz (and ${MACHINES} states and counters, whose ticks come beside) of ${MACHINES} machines, from an OPC UA server in another process, through edge/main.ts (subscription, pipeline, LAN copy, synced outbox, batches to a stand-in for the hub that acknowledges) over a broker in a third, for ${DURATION_MS / 1000} s after ${WARM_UP_MS / 1000} s of warm-up. valuesPerSecond counts by the values' own time what had reached the stand-in ${GRACE_MS / 1000} s after the end; each sensor counts, so each value that is lost within the span shows as a step. cpuCores = user + system CPU of the edge process over wall time; rssMb = the highest of a reading a second.`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'plantbridge-edge-'));
    const [opcUaPort, brokerPort] = [await freePort(), await freePort()];
    const file = join(folder, 'bench.yaml');
    writeFileSync(file, siteFile(opcUaPort));
    const brokerUrl = `mqtt://127.0.0.1:${brokerPort}`;
    const broker = await startChild('local/broker-main.ts', { port: brokerPort });
    const load: OpcUaLoadOptions = {
      port: opcUaPort,
      machines: MACHINES,
      sensorsPerMachine: SENSORS_PER_MACHINE,
      intervalMs: INTERVAL_MS,
      pkiFolder: join(folder, 'pki'),
    };
    const server = await startChild('bench/opcua-load-main.ts', load);
    const ledger = new Ledger();
    const client = await connectAsync(brokerUrl);
    await ledger.listen(client);
    const options = { siteFile: file, dataFolder: folder, brokerUrl, gateway: GATEWAY, logLevel: 'warn' };
    const edge = await startChild('edge/main.ts', options, EDGE_NODE_ARGUMENTS);
    try {
      return await measure(edge.pid, ledger);
    } finally {
      await edge.stop();
      await client.endAsync(true);
      await server.stop();
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measure(pid: number, ledger: Ledger): Promise<BenchFigure[]> {
  await sleep(WARM_UP_MS);
  const before = { usage: usageOf(pid), at: performance.now() };
  ledger.measure(DURATION_MS);
  let rssMb = 0;
  for (let second = 0; second < DURATION_MS / 1000; second += 1) {
    await sleep(1000);
    rssMb = Math.max(rssMb, usageOf(pid).rssMb);
  }
  const cpuCores = (usageOf(pid).cpuSeconds - before.usage.cpuSeconds) / ((performance.now() - before.at) / 1000);
  await sleep(GRACE_MS);
  const valuesPerSecond = ledger.values / (DURATION_MS / 1000);
  const lost = ledger.lost + ledger.silentSensors;
  const row = (figure: string, value: number, unit: string, target: string, holds: boolean): BenchFigure => {
    return { bench: 'edge', figure, value, unit, target, holds };
  };
  return [
    row('valuesPerSecond', valuesPerSecond, '1/s', '>= 10000', valuesPerSecond >= 10_000),
    row('lost', lost, 'values', '= 0', lost === 0),
    row('cpuCores', cpuCores, 'cores', '< 1', cpuCores < 1),
    row('rssMb', rssMb, 'MB', '< 300', rssMb < 300),
  ];
}
