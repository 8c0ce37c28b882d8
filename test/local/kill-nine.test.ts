import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fromMachineMessage, type MachineMessage } from '../../core/telemetry/message.ts';
import { Outbox } from '../../edge/outbox/outbox.ts';
import { ForkedTier } from '../support/forked-tier.ts';
import { freePort } from '../support/free-port.ts';
import { TestModbusServer } from '../support/modbus-server.ts';

const TOKEN = 'a-token-of-the-test';
const SENSORS = ['level', 'pressure', 'speed'];

const siteText = (port: number) => `
version: 1
id: ledger
timeZone: Etc/UTC
gateways: [{ id: gateway-1 }]
sources:
  - { id: plc, protocol: modbus-tcp, host: 127.0.0.1, port: ${port}, pollingIntervalMs: 100 }
lines:
  - id: line
    machines:
      - id: machine
        source: plc
        sensors:
${SENSORS.map((id, index) => `          - { id: ${id}, modbus: { table: holding-register, address: ${index} } }`).join('\n')}
`;

let folder: string;
let plc: TestModbusServer;
let counting: NodeJS.Timeout;
let broker: ForkedTier;
let hub: ForkedTier;
let edge: ForkedTier;
let hubUrl: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kill-nine-'));
  plc = new TestModbusServer();
  const port = await plc.listen();
  let count = 0;
  counting = setInterval(() => {
    count += 1;
    plc.setHolding(0, ...SENSORS.map((_, index) => count + index));
  }, 50);
  const siteFile = join(folder, 'ledger.yaml');
  writeFileSync(siteFile, siteText(port));
  const [brokerPort, hubPort] = [await freePort(), await freePort()];
  hubUrl = `http://127.0.0.1:${hubPort}`;
  const common = { siteFile, dataFolder: folder, brokerUrl: `mqtt://127.0.0.1:${brokerPort}` };
  broker = new ForkedTier('local/broker-main.ts', { port: brokerPort });
  hub = new ForkedTier('hub/main.ts', { ...common, port: hubPort, token: TOKEN });
  edge = new ForkedTier('edge/main.ts', { ...common, gateway: 'gateway-1' });
  await broker.start();
  await Promise.all([hub.start(), edge.start()]);
}, 60_000);

afterAll(async () => {
  clearInterval(counting);
  await Promise.allSettled([edge.kill(), hub.kill(), broker.kill(), plc.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** What the gateway's disk holds: `path time value` of each sample. */
function outboxLedger(): Set<string> {
  using outbox = Outbox.open({ folder: join(folder, 'edge', 'gateway-1') });
  const ledger = new Set<string>();
  for (const { machines } of outbox.read(0, 1_000_000)) {
    for (const message of JSON.parse(machines) as MachineMessage[]) {
      for (const { path, timeMs, value } of fromMachineMessage(message)) ledger.add(`${path} ${timeMs} ${value}`);
    }
  }
  return ledger;
}

/** What the hub answers for the sensors, in the same form. */
async function historianLedger(): Promise<Set<string>> {
  const ledger = new Set<string>();
  for (const sensor of SENSORS) {
    const path = `ledger/line/machine/${sensor}`;
    const query = new URLSearchParams({
      path,
      from: new Date(Date.now() - 3_600_000).toISOString(),
      to: new Date(Date.now() + 60_000).toISOString(),
      maxPoints: '10000',
    });
    const answer = await fetch(`${hubUrl}/api/v1/samples?${query}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).toBe(200);
    const { points, reduced } = (await answer.json()) as { points: { t: string; value: unknown }[]; reduced: boolean };
    expect(reduced).toBe(false);
    for (const { t, value } of points) ledger.add(`${path} ${Date.parse(t)} ${value}`);
  }
  return ledger;
}

describe('kill -9', () => {
  test('of edge, hub and broker in turn loses nothing that the outbox has acknowledged, and invents nothing', async () => {
    await sleep(1500);
    await edge.kill();
    await edge.start();
    await sleep(1000);
    await hub.kill();
    await sleep(1000);
    await hub.start();
    await sleep(1000);
    await broker.kill();
    await sleep(500);
    await broker.start();
    await sleep(500);
    await Promise.all([edge.kill(), hub.kill()]);
    await Promise.all([hub.start(), edge.start()]);
    await sleep(1000);
    await edge.kill();

    const kept = [...outboxLedger()].filter((entry) => SENSORS.some((sensor) => entry.includes(`/${sensor} `)));
    expect(kept.length).toBeGreaterThan(SENSORS.length * 30);
    // The last batches are still on the gateway's disk: the next start brings them.
    await edge.start();
    let stored = await historianLedger();
    for (let attempt = 0; attempt < 100 && !kept.every((entry) => stored.has(entry)); attempt += 1) {
      await sleep(100);
      stored = await historianLedger();
    }
    expect(kept.filter((entry) => !stored.has(entry))).toEqual([]);
    await edge.stop();
    const inOutbox = outboxLedger();
    expect([...(await historianLedger())].filter((entry) => !inOutbox.has(entry))).toEqual([]);
  }, 60_000);
});
