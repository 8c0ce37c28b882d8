import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { topics } from '../core/path.ts';
import type { BatchMessage, HelloMessage } from '../core/telemetry/message.ts';
import { EDGE_NODE_ARGUMENTS } from '../edge/options.ts';
import type { Bench, BenchFigure } from './bench.ts';
import { freePort, startChild, usageOf } from './child.ts';

const NODES = 1000;
const INTERVAL_MS = 100;
const WARM_UP_MS = 10_000;
const DURATION_MS = 60_000;
const SITE = 'bench';
const GATEWAY = 'gateway-1';

function siteFile(opcUaPort: number): string {
  const sensors = Array.from({ length: NODES }, (_, index) => {
    return `          - { id: node-${index}, node: 'ns=1;s=node-${index}' }`;
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
      - id: machine
        source: plc
        sensors:
${sensors.join('\n')}
`;
}

/** Stands in for the hub: acknowledges batches as the hub does after its commit, and keeps the ledger of each node's count. */
class Ledger {
  readonly #newest = new Map<string, number>();
  values = 0;
  lost = 0;
  #sequence = 0;

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
    for (const machine of batch.machines) {
      for (const [signal, { v }] of Object.entries(machine.signals)) {
        if (signal.startsWith('node-')) this.#count(signal, v);
      }
    }
  }

  /** A node counts 1, 2, 3, ...: a step of more than one has lost what lies between. */
  #count(signal: string, values: readonly unknown[]): void {
    for (const value of values) {
      if (typeof value !== 'number') continue;
      const newest = this.#newest.get(signal);
      if (newest !== undefined) this.lost += Math.max(0, value - newest - 1);
      this.#newest.set(signal, value);
      this.values += 1;
    }
  }

  /** Nodes of which nothing has come at all. */
  get silentNodes(): number {
    return NODES - this.#newest.size;
  }
}

/** 10,000 OPC UA values a second from 1,000 nodes, through the gateway as it is deployed. */
export const edgeBench: Bench = {
  name: 'edge',
  method: `${NODES} nodes at ${1000 / INTERVAL_MS} Hz from an OPC UA server in another process, through edge/main.ts (subscription, pipeline, LAN copy, synced outbox, batches to a stand-in for the hub that acknowledges) over a broker in a third, for ${DURATION_MS / 1000} s after ${WARM_UP_MS / 1000} s of warm-up. Each node counts, so each lost value shows as a step. cpuCores = user + system CPU of the edge process over wall time; rssMb = the highest of a reading a second.`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'plantbridge-edge-'));
    const [opcUaPort, brokerPort] = [await freePort(), await freePort()];
    const file = join(folder, 'bench.yaml');
    writeFileSync(file, siteFile(opcUaPort));
    const brokerUrl = `mqtt://127.0.0.1:${brokerPort}`;
    const broker = await startChild('local/broker-main.ts', { port: brokerPort });
    const load = { port: opcUaPort, nodes: NODES, intervalMs: INTERVAL_MS, pkiFolder: join(folder, 'pki') };
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
  const before = { usage: usageOf(pid), values: ledger.values, at: performance.now() };
  let rssMb = 0;
  for (let second = 0; second < DURATION_MS / 1000; second += 1) {
    await sleep(1000);
    rssMb = Math.max(rssMb, usageOf(pid).rssMb);
  }
  const seconds = (performance.now() - before.at) / 1000;
  const cpuCores = (usageOf(pid).cpuSeconds - before.usage.cpuSeconds) / seconds;
  const valuesPerSecond = (ledger.values - before.values) / seconds;
  const lost = ledger.lost + ledger.silentNodes;
  const row = (figure: string, value: number, unit: string, target: string, holds: boolean): BenchFigure => {
    return { bench: 'edge', figure, value, unit, target, holds };
  };
  // The load is offered, not pushed: 1 % allows for where the measured second begins and ends.
  return [
    row('valuesPerSecond', valuesPerSecond, '1/s', '>= 10000 (offered; within 1 %)', valuesPerSecond >= 9900),
    row('lost', lost, 'values', '= 0', lost === 0),
    row('cpuCores', cpuCores, 'cores', '< 1', cpuCores < 1),
    row('rssMb', rssMb, 'MB', '< 300', rssMb < 300),
  ];
}
