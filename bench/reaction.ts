import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { pino } from 'pino';
import { topics } from '../core/path.ts';
import { loadSite } from '../core/site/load.ts';
import type { Reading } from '../core/telemetry/types.ts';
import type { Adapter, AdapterSink } from '../edge/adapters/adapter.ts';
import { connectBroker } from '../edge/broker.ts';
import { Gateway } from '../edge/gateway.ts';
import { OutboxThread } from '../edge/outbox/durable-way.ts';
import type { Bench, BenchFigure } from './bench.ts';
import { freePort, quantile, startChild } from './child.ts';

const MACHINE_PATH = 'bench/line/machine';
const SENSORS = 100;
/** Used in turn, since a signal may change ten times a second only (the pipeline's limiter). */
const TRIGGERS = 20;
/** Ten groups of 100 values a second: 1,000 values/s beside the trigger. */
const LOAD_INTERVAL_MS = 100;
const SAMPLES = 1000;
const WARM_UP = 100;
const TARGET_MS = 5;
const PATIENCE_MS = 5000;

/** The lines that `line` gives for 0, 1, 2, ... */
function list(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

const SITE = `
version: 1
id: bench
timeZone: Etc/UTC
gateways: [{ id: gateway-1 }]
sources:
  - { id: plc, protocol: opcua, endpointUrl: 'opc.tcp://127.0.0.1:4840' }
lines:
  - id: line
    machines:
      - id: machine
        source: plc
        sensors:
${list(TRIGGERS, (index) => `          - { id: trigger-${index}, node: 'ns=1;s=trigger-${index}' }`)}
${list(SENSORS, (index) => `          - { id: sensor-${index}, node: 'ns=1;s=sensor-${index}' }`)}
        rules:
${list(TRIGGERS, (index) => `          - { id: react-${index}, when: 'trigger_${index} > 0.5', do: { command: stop-feed } }`)}
`;

/** An adapter without a wire: the measurement begins where a real one would hand over what it has read. */
class MeasuringAdapter implements Adapter {
  readonly #sink: AdapterSink;
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  constructor(sink: AdapterSink) {
    this.#sink = sink;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#load(), LOAD_INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  trigger(index: number, value: number): void {
    this.#sink.readings([reading(`trigger-${index}`, value)]);
  }

  #load(): void {
    this.#turn += 1;
    this.#sink.readings(Array.from({ length: SENSORS }, (_, index) => reading(`sensor-${index}`, this.#turn + index)));
  }
}

function reading(signal: string, value: number): Reading {
  return { machinePath: MACHINE_PATH, signal, value, quality: 'GOOD', sourceTimeMs: Date.now() };
}

/** From a sample in the adapter over MQTT through the hub's rule to the published command, as its subscriber gets it. */
export const reactionBench: Bench = {
  name: 'reaction',
  method: `${SAMPLES} triggers, one after the other at random moments beside 1,000 values/s: from the adapter handing over the sample to a subscriber holding the hub's command; broker, hub (real main, PGlite) and gateway (in the measuring process) are three processes. After ${WARM_UP} triggers of warm-up.`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'plantbridge-reaction-'));
    const siteFile = join(folder, 'bench.yaml');
    writeFileSync(siteFile, SITE);
    const port = await freePort();
    const brokerUrl = `mqtt://127.0.0.1:${port}`;
    const broker = await startChild('local/broker-main.ts', { port });
    const hubPort = await freePort();
    const options = { siteFile, dataFolder: folder, brokerUrl, port: hubPort, token: 'bench' };
    const hub = await startChild('hub/main.ts', options);
    try {
      await untilRulesListen(`http://127.0.0.1:${hubPort}/api/v1/health`);
      return figures(await measure(siteFile, folder, brokerUrl));
    } finally {
      await hub.stop();
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The rules connect by themselves, after the hub is ready. */
async function untilRulesListen(healthUrl: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const health = (await (await fetch(healthUrl)).json()) as { checks: Record<string, { ok: boolean }> };
    if (health.checks.rules?.ok) return;
    await sleep(100);
  }
  throw new Error('the rules of the hub do not listen');
}

async function measure(siteFile: string, folder: string, brokerUrl: string): Promise<number[]> {
  const logger = pino({ level: 'silent' });
  const lanClient = connectBroker(brokerUrl, { queueQoSZero: false }, logger);
  await new Promise<void>((resolve) => lanClient.once('connect', () => resolve()));
  const observer = await connectAsync(brokerUrl);
  const durable = await OutboxThread.start({
    folder: join(folder, 'edge'),
    site: 'bench',
    gateway: 'gateway-1',
    brokerUrl,
    brokerOptions: {},
    logLevel: 'silent',
  });
  let adapter: MeasuringAdapter | undefined;
  const gateway = new Gateway({
    site: loadSite(siteFile, (path) => readFileSync(path, 'utf8')),
    gatewayId: 'gateway-1',
    durable,
    lanClient,
    logger,
    onFault: (message) => {
      throw new Error(message);
    },
    createAdapter: (_source, _machines, sink) => {
      adapter = new MeasuringAdapter(sink);
      return adapter;
    },
  });
  await observer.subscribeAsync(topics.command(MACHINE_PATH), { qos: 1 });
  await gateway.start();
  // A rule fires when its condition becomes true: it has to have seen it false.
  for (let index = 0; index < TRIGGERS; index += 1) adapter?.trigger(index, 0);
  const latencies: number[] = [];
  for (let round = 0; round < WARM_UP + SAMPLES; round += 1) {
    const arrived = new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no command within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      observer.once('message', () => {
        clearTimeout(late);
        resolve(performance.now());
      });
    });
    const began = performance.now();
    adapter?.trigger(round % TRIGGERS, 1);
    const latency = (await arrived) - began;
    if (round >= WARM_UP) latencies.push(latency);
    adapter?.trigger(round % TRIGGERS, 0);
    await sleep(5 + Math.random() * 20);
  }
  await gateway.stop();
  await durable.stop();
  await Promise.all([lanClient, observer].map((client) => client.endAsync(true)));
  return latencies;
}

function figures(latencies: number[]): BenchFigure[] {
  const sorted = latencies.toSorted((a, b) => a - b);
  const row = (figure: string, value: number): BenchFigure => {
    return { bench: 'reaction', figure, value, unit: 'ms', target: '', holds: true };
  };
  const p99 = quantile(sorted, 0.99);
  return [
    row('median', quantile(sorted, 0.5)),
    { ...row('p99', p99), target: `< ${TARGET_MS}`, holds: p99 < TARGET_MS },
    row('maximum', sorted.at(-1) ?? Number.NaN),
  ];
}
