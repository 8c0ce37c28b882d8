import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadSite } from '../../core/site/load.ts';
import { machinesOf } from '../../core/site/site.ts';
import { freePort } from '../support/free-port.ts';
import { DEMO_TEXT } from '../support/site-text.ts';
import { commandsOf, documents } from './documents.ts';

const PYTHON = resolve(process.env.PLANT_PEERS_PYTHON ?? '.venv/bin/python');
const COMMANDS = documents()
  .flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'sh').flatMap(commandsOf))
  .map(({ command }) => command);

let folder: string;
let factory: ChildProcess;
/** The ports of the demo's PLCs, and the free ones that they have here. */
const ports = new Map<string, string>();
const onFreePorts = (text: string) => text.replaceAll(/\b(?:4840|5020)\d\b/g, (port) => ports.get(port) ?? port);

beforeAll(async () => {
  if (!existsSync(PYTHON))
    throw new Error(
      `${PYTHON} does not exist: run "python3 -m venv .venv && .venv/bin/pip install -r test/peers/requirements.txt".`,
    );
  folder = mkdtempSync(join(tmpdir(), 'plant-clients-'));
  for (const [port] of DEMO_TEXT.matchAll(/\b(?:4840|5020)\d\b/g)) ports.set(port, String(await freePort()));
  const siteFile = join(folder, 'demo.yaml');
  writeFileSync(siteFile, onFreePorts(DEMO_TEXT));
  const options = ['--data', join(folder, 'data'), '--port', '0', '--broker-port', '0', '--no-open', '--no-history'];
  factory = spawn(process.execPath, ['bin/plant.ts', 'start', siteFile, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let terminal = '';
  await new Promise<void>((up, failed) => {
    factory.stdout?.on('data', (text) => {
      terminal += text;
      if (terminal.includes('Ctrl-C stops everything')) up();
    });
    factory.once('exit', () => failed(new Error(`The demo ended: ${terminal}`)));
  });
});

afterAll(async () => {
  if (factory?.exitCode === null) {
    const ended = new Promise((done) => factory.once('exit', done));
    factory.kill('SIGINT');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** Runs the one documented command that begins so, with the Python that has the clients. */
async function documented(beginning: string): Promise<string> {
  const found = COMMANDS.filter((command) => command.startsWith(beginning));
  expect(found).toHaveLength(1);
  const env = { ...process.env, PATH: `${dirname(PYTHON)}:${process.env.PATH ?? ''}` };
  const { stdout } = await promisify(execFile)('sh', ['-c', onFreePorts(found[0] ?? '')], { env });
  return stdout.trim();
}

describe("the demo's PLCs, read as docs/demo.md says", () => {
  test('with uaread of asyncua: a totaliser', async () => {
    expect(await documented('uaread ')).toMatch(/^\d+$/);
  });

  test('with pymodbus: the state word of a machining cell', async () => {
    const [cell] = machinesOf(loadSite('demo.yaml', () => DEMO_TEXT)).filter(({ id }) => id === 'cell-1');
    const [word] = JSON.parse(await documented('python3 -c ')) as unknown[];
    expect(Object.keys(cell?.state?.map ?? {})).toContain(String(word));
  });
});
