import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { topics } from '../core/path.ts';
import { decodeCursor } from '../core/telemetry/decode.ts';
import { toMachineMessages } from '../core/telemetry/message.ts';
import { type Sample, TICK_SIGNALS } from '../core/telemetry/types.ts';
import { HUB_NODE_ARGUMENTS } from '../hub/options.ts';
import type { Bench, BenchFigure } from './bench.ts';
import { freePort, startChild, usageOf } from './child.ts';

const MACHINES = 20;
const SENSORS = 50;
/** One batch holds a second of all sensors. */
const VALUES_PER_BATCH = MACHINES * SENSORS;
const BATCHES = 600;
const WINDOW = 32;
const TICKS_EVERY = 60;
const OUTBOX = 'bench-outbox';
const TARGET = 10_000;
/** How long the figures may take after the last acknowledgement. */
const PATIENCE_MS = 60_000;
const TOKEN = 'bench';
/** The first second of the data: a full hour, an hour and more ago. */
const START_MS = Math.floor(Date.now() / 3_600_000 - 2) * 3_600_000;

const machineIds = Array.from({ length: MACHINES }, (_, index) => `machine-${index}`);
const sensorIds = Array.from({ length: SENSORS }, (_, index) => `sensor-${index}`);

const SITE = `
version: 1
id: bench
timeZone: Etc/UTC
gateways: [{ id: gateway-1 }]
sources: [{ id: plc, protocol: opcua, endpointUrl: 'opc.tcp://127.0.0.1:4840' }]
lines:
  - id: line
    machines:
${machineIds
  .map(
    (id) => `      - id: ${id}
        source: plc
        idealCycleSeconds: 2
        state: { node: 'ns=1;s=state', map: { 1: RUNNING } }
        produced: { node: 'ns=1;s=produced', counter: { maxRatePerSecond: 5 } }
        sensors:
${sensorIds.map((sensor) => `          - { id: ${sensor}, node: 'ns=1;s=${sensor}' }`).join('\n')}`,
  )
  .join('\n')}
`;

/** The values of one second, and at a full minute its ticks. */
function batchOf(sequence: number): string {
  const timeMs = START_MS + sequence * 1000;
  const samples: Sample[] = [];
  for (const machine of machineIds) {
    const path = `bench/line/${machine}`;
    for (const [index, sensor] of sensorIds.entries()) {
      samples.push({
        path: `${path}/${sensor}`,
        timeMs,
        value: Math.round(sequence * index * 7.13) / 100,
        quality: 'GOOD',
      });
    }
    if (sequence % TICKS_EVERY !== 0) continue;
    const facts: Readonly<Record<string, number>> = {
      'run-s': 45,
      'down-s': 15,
      'busy-s': 60,
      produced: 20,
      'ideal-s': 40,
      'good-s': 40,
    };
    for (const signal of TICK_SIGNALS)
      samples.push({ path: `${path}/${signal}`, timeMs, value: facts[signal] ?? 0, quality: 'GOOD' });
  }
  return JSON.stringify({ version: 1, outbox: OUTBOX, sequence, machines: toMachineMessages(samples) });
}

/** From a gateway's outbox over the broker into the historian, acknowledged, with the figures of every window. */
export const hubBench: Bench = {
  name: 'hub',
  method: `${BATCHES} batches of ${VALUES_PER_BATCH} values of ${MACHINES * SENSORS} signals and the ticks of ${MACHINES} machines, sent over the broker with ${WINDOW} unacknowledged at most, until the last is acknowledged (committed by PGlite) and the factory's OEE of the last minutes is served; broker, hub (real main) and sender are three processes.`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'plantbridge-hub-'));
    const siteFile = join(folder, 'bench.yaml');
    writeFileSync(siteFile, SITE);
    const brokerPort = await freePort();
    const brokerUrl = `mqtt://127.0.0.1:${brokerPort}`;
    const broker = await startChild('local/broker-main.ts', { port: brokerPort });
    const options = { siteFile, dataFolder: folder, brokerUrl, port: 0, token: TOKEN, logLevel: 'warn' };
    const hub = await startChild('hub/main.ts', options, HUB_NODE_ARGUMENTS);
    const client = await connectAsync(brokerUrl);
    try {
      return await measure(client, hub.pid, hub.info.url ?? '');
    } finally {
      await client.endAsync(true);
      await hub.stop();
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measure(client: MqttClient, hubPid: number, hubUrl: string): Promise<BenchFigure[]> {
  const batches = Array.from({ length: BATCHES }, (_, index) => batchOf(index + 1));
  const cpuBefore = usageOf(hubPid).cpuSeconds;
  const began = performance.now();
  await sendAll(client, batches);
  const takenInSeconds = (performance.now() - began) / 1000;
  await oeeServed(hubUrl);
  const seconds = (performance.now() - began) / 1000;
  const { cpuSeconds, rssMb } = usageOf(hubPid);
  const valuesPerSecond = (BATCHES * VALUES_PER_BATCH) / seconds;
  const row = (figure: string, value: number, unit: string): BenchFigure => {
    return { bench: 'hub', figure, value, unit, target: '', holds: true };
  };
  return [
    { ...row('valuesPerSecond', valuesPerSecond, '1/s'), target: `>= ${TARGET}`, holds: valuesPerSecond >= TARGET },
    row('oeeDelaySeconds', seconds - takenInSeconds, 's'),
    row('cpuCores', (cpuSeconds - cpuBefore) / seconds, ''),
    row('rssMb', rssMb, 'MB'),
  ];
}

/** Sends with a window, as edge's link does, and resolves when everything is acknowledged. */
async function sendAll(client: MqttClient, batches: readonly string[]): Promise<void> {
  const topic = topics.batch('bench', 'gateway-1');
  const done = Promise.withResolvers<void>();
  let sent = 0;
  const pump = (acknowledged: number) => {
    while (sent < batches.length && sent < acknowledged + WINDOW) {
      client.publish(topic, batches[sent] ?? '', { qos: 1 });
      sent += 1;
    }
    if (acknowledged >= batches.length) done.resolve();
  };
  client.on('message', (_topic, payload) => {
    const message = decodeCursor(payload);
    if (typeof message === 'string') done.reject(new Error(message));
    else pump(message.sequence);
  });
  await client.subscribeAsync([topics.ack('bench', 'gateway-1'), topics.ask('bench', 'gateway-1')], { qos: 1 });
  pump(0);
  await done.promise;
}

/** Waits until the engine's figure of the last complete 5 minutes is what the ticks say. */
async function oeeServed(hubUrl: string): Promise<void> {
  const endMs = START_MS + Math.floor((BATCHES * 1000) / 300_000) * 300_000;
  const expected = 40 / 60;
  const query = `path=bench&window=5m&from=${new Date(endMs - 1).toISOString()}&to=${new Date(endMs).toISOString()}`;
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(`${hubUrl}/api/v1/oee?${query}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const body = (await answer.json()) as { figures?: { oee: number | null }[] };
    const health = (await (await fetch(`${hubUrl}/api/v1/health`)).json()) as { checks: { oee: { detail: string } } };
    const current = health.checks.oee.detail.startsWith('0 ');
    if (current && Math.abs((body.figures?.[0]?.oee ?? 0) - expected) < 1e-9) return;
    if (performance.now() > deadlineMs) {
      throw new Error(`the hub does not serve the figure that its ticks make: ${JSON.stringify(body)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
