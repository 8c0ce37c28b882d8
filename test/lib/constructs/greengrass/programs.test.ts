import { type ChildProcess, fork } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChildMessage } from '../../../../core/process-messages.ts';
import { EDGE_NODE_ARGUMENTS } from '../../../../edge/options.ts';
import { HUB_NODE_ARGUMENTS } from '../../../../hub/options.ts';
import { connectorProgram, hubProgram } from '../../../../lib/constructs/greengrass/programs.ts';
import { recipeTemplate } from '../../../../lib/constructs/greengrass/recipe.ts';

/** Nothing listens on these: a gateway must come up while machines and broker are not there. */
const SITE = `
version: 1
id: demo
timeZone: Europe/Berlin
gateways: [{ id: gateway-1 }]
sources:
  - { id: filler-plc, protocol: opcua, endpointUrl: "opc.tcp://127.0.0.1:9" }
  - { id: capper-plc, protocol: modbus-tcp, host: 127.0.0.1, port: 9 }
lines:
  - id: bottling
    machines:
      - { id: filler, source: filler-plc, sensors: [{ id: temperature, node: "ns=2;s=T" }] }
      - { id: capper, source: capper-plc, sensors: [{ id: torque, modbus: { table: holding-register, address: 1 } }] }
`;
const STARTING = 60_000;

/** Far from the repository: nothing of its node_modules is to be found from here. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantbridge-programs-'));
  writeFileSync(join(folder, 'site.yaml'), SITE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly info: Readonly<Record<string, string>>;
  /** Ends it as Greengrass does, and gives its exit code. */
  stop(): Promise<number | null>;
}

async function start(program: string, main: string, options: object, secrets = {}): Promise<Run> {
  const place = join(folder, program);
  mkdirSync(join(folder, 'data', program), { recursive: true });
  const all = { siteFile: join(folder, 'site.yaml'), dataFolder: join(folder, 'data', program), ...options };
  const child: ChildProcess = fork(join(place, main), [JSON.stringify({ ...all, brokerUrl: 'mqtt://127.0.0.1:9' })], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: { PATH: process.env.PATH ?? '', PLANT_SECRET_OPTIONS: JSON.stringify(secrets) },
  });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += String(chunk);
  });
  const info = await new Promise<Run['info']>((resolve, reject) => {
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') resolve(message.info);
      else if (message.type === 'fault') reject(new Error(message.message));
    });
    child.once('exit', (code) => reject(new Error(`ended with code ${code}: ${errors}`)));
  });
  const stop = () =>
    new Promise<number | null>((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', (code) => resolve(code));
      child.kill('SIGTERM');
    });
  return { info, stop };
}

test(
  'the bundled connector starts and stops far from the repository, its outbox in a thread of its own',
  async () => {
    cpSync(connectorProgram().folder, join(folder, 'connector'), { recursive: true });
    const run = await start('connector', 'main.mjs', { gateway: 'gateway-1' });
    expect(run.info).toEqual({ gateway: 'gateway-1', outbox: join(folder, 'data/connector/edge/gateway-1') });
    expect(await run.stop()).toBe(0);
  },
  STARTING,
);

test(
  'the bundled hub starts far from the repository with the database that it brings, answers and stops',
  async () => {
    cpSync(hubProgram().folder, join(folder, 'hub'), { recursive: true });
    const run = await start('hub', 'hub/program/main.mjs', { port: 0 }, { token: 'a-token' });
    const answer = await fetch(`${run.info.url}/api/v1/tree`, { headers: { authorization: 'Bearer a-token' } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('filler');
    expect(await run.stop()).toBe(0);
  },
  STARTING,
);

test('a missing client key for the broker is said in one sentence', async () => {
  cpSync(connectorProgram().folder, join(folder, 'keyless'), { recursive: true });
  const missing = join(folder, 'missing.pem');
  const brokerTls = { ca: missing, certificate: missing, key: missing };
  await expect(start('keyless', 'main.mjs', { gateway: 'gateway-1', brokerTls })).rejects.toThrow(
    `The certificate authority for the LAN broker, ${missing}, can't be read: there is no such file.`,
  );
});

test('the same sources give the same bundle', () => {
  expect(connectorProgram().hash).toMatch(/^[0-9a-f]{64}$/);
  expect(connectorProgram()).toEqual(connectorProgram());
});

test('on a gateway Node runs with the settings that the programs were measured with', () => {
  expect(recipeTemplate('connector').text).toContain(` ${EDGE_NODE_ARGUMENTS.join(' ')} `);
  expect(recipeTemplate('hub').text).toContain(` ${HUB_NODE_ARGUMENTS.join(' ')} `);
});
