import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { PythonPeer } from '../support/python-peer.ts';

const execute = promisify(execFile);

/** A pilot at a server of someone else: signed, encrypted, with user and password. */
const siteText = (port: number) => `
version: 1
id: pilot
timeZone: Europe/Berlin
gateways: [{ id: gateway-1 }]
sources:
  - id: plc
    protocol: opcua
    endpointUrl: opc.tcp://127.0.0.1:${port}/peer/
    securityPolicy: Basic256Sha256
    securityMode: SignAndEncrypt
    user: operator
    passwordFrom: env:PILOT_PASSWORD
lines:
  - id: line
    machines:
      - id: filler
        source: plc
        idealCycleSeconds: 1
        state: { node: 'nsu=urn:plantbridge:test-plc;s=State', map: { 1: RUNNING, 2: FAULT } }
        produced: { node: 'nsu=urn:plantbridge:test-plc;s=Produced', counter: { maxRatePerSecond: 10 } }
        sensors:
          - { id: temperature, unit: °C, node: 'nsu=urn:plantbridge:test-plc;s=Temperature' }
`;

let folder: string;
let siteFile: string;
let server: PythonPeer;
let running: ChildProcess | undefined;
let pageUrl: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plant-run-'));
  siteFile = join(folder, 'pilot.yaml');
  const port = await freePort();
  server = await PythonPeer.start('opcua_server.py', String(port), join(folder, 'server'));
  writeFileSync(siteFile, siteText(port));
});

afterAll(async () => {
  if (running?.exitCode === null) running.kill('SIGKILL');
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const plant = (...parameters: string[]) => execute(process.execPath, ['bin/plant.ts', ...parameters]);

/** What the API answers, once it answers and `holds`. */
async function until<Answer>(resource: string, holds: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const token = readFileSync(join(folder, 'data', 'token'), 'utf8').trim();
    const response = await fetch(`${pageUrl}/api/v1/${resource}`, { headers: { authorization: `Bearer ${token}` } });
    const answer = (await response.json()) as Answer;
    if (response.ok && holds(answer)) return answer;
    await sleep(200);
  }
}

describe('plant run', () => {
  test('shows the values of an OPC UA server of someone else, once its certificate is accepted', async () => {
    const data = join(folder, 'data');
    const shown = await plant('trust', siteFile, '--data', data).catch((error: { stdout: string }) => error);
    const thumbprint = /\b[0-9A-F]{40}\b/.exec(shown.stdout)?.[0] ?? '';
    expect(thumbprint).toHaveLength(40);
    await plant('trust', siteFile, '--data', data, '--accept', thumbprint);

    const [port, brokerPort] = [await freePort(), await freePort()];
    pageUrl = `http://127.0.0.1:${port}`;
    const ports = ['--port', String(port), '--broker-port', String(brokerPort)];
    const child = spawn(process.execPath, ['bin/plant.ts', 'run', siteFile, '--data', data, '--no-open', ...ports], {
      env: { ...process.env, PILOT_PASSWORD: 'right-password' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running = child;
    let terminal = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text) => {
        terminal += text;
        if (terminal.includes('?token=')) resolve();
      });
      child.once('exit', () => reject(new Error(`plant run ended: ${terminal}`)));
    });
    expect(terminal).not.toContain('right-password');

    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const range = `from=${hourAgo}&to=${new Date(Date.now() + 3_600_000).toISOString()}`;
    const temperature = `samples?path=pilot/line/filler/temperature&${range}`;
    server.send({ set: 'Temperature', value: 64.25 });
    type Samples = { points: { value: unknown; quality: string }[] };
    await until<Samples>(temperature, ({ points }) => points.some(({ value }) => value === 64.25));
    type States = { states: { state: string }[] };
    await until<States>(`states?path=pilot/line/filler&${range}`, ({ states }) => {
      return states.some(({ state }) => state === 'RUNNING');
    });
    const tree = await until<{ demo: boolean }>('tree', () => true);
    expect(tree.demo).toBe(false);

    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});
