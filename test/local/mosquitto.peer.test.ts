import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectAsync } from 'mqtt';
import type { SamplesResponse } from '../../hub/api/contract.ts';
import { ForkedTier } from '../support/forked-tier.ts';
import { freePort } from '../support/free-port.ts';
import { TestModbusServer } from '../support/modbus-server.ts';

/** Debian puts it where only root looks. */
const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find(existsSync) ?? 'mosquitto';
const USER = 'plant';
const PASSWORD = 'the-password-of-the-broker';
const TOKEN = 'a-token-of-the-test';
const PATH = 'foreign/line/machine/level';

let folder: string;
let plc: TestModbusServer;
let counting: NodeJS.Timeout;
let broker: ChildProcess | undefined;
let startBroker: () => Promise<void>;
let brokerUrl: string;
let hub: ForkedTier;
let edge: ForkedTier;
let hubUrl: string;

const siteText = (plcPort: number, brokerPort: number) => `
version: 1
id: foreign
timeZone: Etc/UTC
broker: { url: "mqtt://127.0.0.1:${brokerPort}", user: ${USER}, passwordFrom: env:PLANT_TEST_BROKER_PASSWORD }
gateways: [{ id: gateway-1 }]
sources:
  - { id: plc, protocol: modbus-tcp, host: 127.0.0.1, port: ${plcPort}, pollingIntervalMs: 100 }
lines:
  - id: line
    machines:
      - id: machine
        source: plc
        sensors:
          - { id: level, modbus: { table: holding-register, address: 0 } }
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plantbridge-mosquitto-'));
  const port = await freePort();
  brokerUrl = `mqtt://127.0.0.1:${port}`;
  const passwords = join(folder, 'passwords');
  const tool = MOSQUITTO.replace(/sbin\/mosquitto$/, 'bin/mosquitto').concat('_passwd');
  await promisify(execFile)(tool, ['-c', '-b', passwords, USER, PASSWORD]).catch((error: unknown) => {
    throw new Error('Mosquitto is missing: sudo apt-get install mosquitto', { cause: error });
  });
  // A broker that root starts goes on as another user, who cannot read this folder.
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${passwords}\n${user}`);
  startBroker = async () => {
    broker = spawn(MOSQUITTO, ['-c', config], { stdio: 'ignore' });
    for (;;) {
      const client = await connectAsync(brokerUrl, { username: USER, password: PASSWORD, reconnectPeriod: 0 }).catch(
        () => undefined,
      );
      if (client !== undefined) return void (await client.endAsync());
      if (broker.exitCode !== null) throw new Error(`mosquitto ended with code ${broker.exitCode}`);
      await sleep(50);
    }
  };
  await startBroker();
  plc = new TestModbusServer();
  let count = 0;
  counting = setInterval(() => {
    count += 1;
    plc.setHolding(0, count);
  }, 50);
  const siteFile = join(folder, 'foreign.yaml');
  writeFileSync(siteFile, siteText(await plc.listen(), port));
  const env = { PLANT_TEST_BROKER_PASSWORD: PASSWORD };
  const hubPort = await freePort();
  hubUrl = `http://127.0.0.1:${hubPort}`;
  const common = { siteFile, dataFolder: folder, brokerUrl, logLevel: 'silent' };
  hub = new ForkedTier('hub/main.ts', { ...common, port: hubPort, token: TOKEN }, env);
  edge = new ForkedTier('edge/main.ts', { ...common, gateway: 'gateway-1' }, env);
  await Promise.all([hub.start(), edge.start()]);
});

afterAll(async () => {
  clearInterval(counting);
  await Promise.allSettled([edge?.stop(), hub?.stop(), plc?.close()]);
  if (broker !== undefined && broker.exitCode === null) broker.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** The values of the last minute, once there are more than `atLeast`. */
async function stored(atLeast: number): Promise<number[]> {
  for (;;) {
    const from = new Date(Date.now() - 60_000).toISOString();
    const query = new URLSearchParams({ path: PATH, from, to: new Date(Date.now() + 1000).toISOString() });
    const answer = await fetch(`${hubUrl}/api/v1/samples?${query}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const { points } = (await answer.json()) as SamplesResponse;
    const values = points.map(({ value }) => Number(value));
    if (values.length > atLeast) return values;
    await sleep(100);
  }
}

test('the broker lets nobody in without the password', async () => {
  await expect(connectAsync(brokerUrl, { reconnectPeriod: 0 })).rejects.toThrow(/not authorized/i);
});

test('values go over Mosquitto into the historian, and those of its outage follow when it is back', async () => {
  const before = await stored(10);
  expect(before).toEqual(before.toSorted((one, other) => one - other));
  broker?.kill('SIGKILL');
  if (broker !== undefined) await once(broker, 'exit');
  await sleep(2000);
  await startBroker();
  const after = await stored(before.length + 25);
  expect(after.slice(0, before.length)).toEqual(before);
  // Polled each 100 ms, counted each 50 ms: a hole of two seconds would be a step of forty.
  const steps = after.slice(1).map((value, index) => value - (after[index] ?? 0));
  expect(Math.max(...steps)).toBeLessThan(20);
});
