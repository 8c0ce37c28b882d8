import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { UserFault } from '../../core/process.ts';
import type { ChildMessage } from '../../core/process-messages.ts';
import { listen } from '../../hub/api/server.ts';
import { tinySiteYaml } from '../local/tiny-site.ts';

let folder: string;
let siteFile: string;
let taken: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plantbridge-start-up-'));
  siteFile = join(folder, 'tiny.yaml');
  writeFileSync(siteFile, tinySiteYaml({ opcua: 48_999, modbus: 50_299 }));
  taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a hub that cannot start. @returns the faults it told, and its exit code. */
async function failingHub(options: object): Promise<[string[], number | null]> {
  const main = join(import.meta.dirname, '../../hub/main.ts');
  const common = {
    siteFile,
    dataFolder: folder,
    brokerUrl: 'mqtt://127.0.0.1:9',
    port: 0,
    token: 't',
    logLevel: 'silent',
  };
  const child = fork(main, [JSON.stringify({ ...common, ...options })], { stdio: 'ignore', execArgv: [] });
  const faults: string[] = [];
  child.on('message', (message: ChildMessage) => {
    if (message.type === 'fault') faults.push(message.message);
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return [faults, code];
}

test('a port that is taken is one sentence with what to do, and exit code 2', async () => {
  expect(await failingHub({ port })).toEqual([
    [`Port ${port} is taken by another program. Choose another with --port.`],
    2,
  ]);
}, 30_000);

test('damaged data are one message that a person understands; nothing is destroyed', async () => {
  const dataFolder = join(folder, 'damaged');
  const historian = join(dataFolder, 'hub/historian');
  mkdirSync(join(historian, 'global'), { recursive: true });
  writeFileSync(join(historian, 'PG_VERSION'), '18\n');
  writeFileSync(join(historian, 'global/pg_control'), 'damaged');
  const before = readdirSync(historian, { recursive: true }).sort();
  const [faults, code] = await failingHub({ dataFolder });
  expect(faults).toEqual([expect.stringMatching(/^The historian's data in .* is damaged or cannot be read[^\n]*$/)]);
  expect(faults[0]).not.toMatch(/Aborted|ASSERTIONS|at .*:\d+:\d+/);
  expect(code).toBe(2);
  expect(readFileSync(join(historian, 'global/pg_control'), 'utf8')).toBe('damaged');
  expect(readdirSync(historian, { recursive: true }).sort()).toEqual(expect.arrayContaining(before));
}, 30_000);

test('a data folder that cannot be made is said by name', async () => {
  const dataFolder = join(siteFile, 'data');
  const [faults, code] = await failingHub({ dataFolder });
  expect(faults).toEqual([expect.stringContaining(`The data folder ${join(dataFolder, 'hub')} cannot be made`)]);
  expect(code).toBe(2);
}, 30_000);

test('an address that this machine does not have is said by name', async () => {
  await expect(listen(new Hono(), 0, '203.0.113.9')).rejects.toThrow(
    new UserFault('This machine has no address 203.0.113.9 to listen on.'),
  );
});
