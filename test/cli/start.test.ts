import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SamplesResponse } from '../../hub/api/contract.ts';
import { freePort } from '../../local/factory/ports.ts';
import { tinySiteYaml } from '../local/tiny-site.ts';

/** A `plant` command in a process of its own. */
class Command {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output = '';
  private readonly listeners = new Set<() => void>();

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, ['bin/plant.ts', ...args], {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        for (const listener of this.listeners) listener();
      });
    }
    this.exit = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Waits until the output matches. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(this.output);
        if (found === null) return;
        this.listeners.delete(look);
        resolve(found);
      };
      this.listeners.add(look);
      void this.exit.then(() => reject(new Error(`ended without saying ${pattern}:\n${this.output}`)));
      look();
    });
  }

  /** The process numbers that the card of the running factory names. */
  get processes(): Map<string, number> {
    return new Map(
      [...this.output.matchAll(/^ {2}(\S.*?) +process (\d+)/gm)].map((found) => [found[1]!, Number(found[2])]),
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(100);
}

let folder: string;
let siteFile: string;
let ports: { opcua: number; modbus: number; page: number };
const commands: Command[] = [];
const plant = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const command = new Command(args, env);
  commands.push(command);
  return command;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plant-start-'));
  siteFile = join(folder, 'tiny.yaml');
  ports = { opcua: await freePort(), modbus: await freePort(), page: await freePort() };
  writeFileSync(siteFile, tinySiteYaml(ports));
});

afterAll(async () => {
  for (const { child } of commands) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await delay(500);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

describe('plant start', () => {
  test('starts a factory, heals it after any kill -9, and stops in good order', async () => {
    const data = join(folder, 'data');
    const args = [
      'start',
      siteFile,
      '--data',
      data,
      '--port',
      String(ports.page),
      '--broker-port',
      '0',
      '--no-open',
      '--no-history',
    ];
    const first = plant(args);
    const [, url = ''] = await first.says(/(http:\/\/127\.0\.0\.1:\d+\/)\?token=\S+[\s\S]*Ctrl-C stops/);
    const token = readFileSync(join(data, 'token'), 'utf8').trim();

    // Every user of a machine may read every process' arguments.
    for (const pid of existsSync('/proc/self') ? first.processes.values() : []) {
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toMatch(/main\.ts\0\{(?!.*(token|secret)).*\}\0$/i);
    }

    // A value of the PLC, through protocol, edge, broker, hub and historian.
    const newest = async (): Promise<number> => {
      const now = Date.now();
      const query = new URLSearchParams({
        path: 'tiny/line-1/press/vibration',
        from: new Date(now - 60_000).toISOString(),
        to: new Date(now + 1_000).toISOString(),
      });
      try {
        const response = await fetch(`${url}api/v1/samples?${query}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        if (!response.ok) return 0;
        const { points } = (await response.json()) as SamplesResponse;
        return Date.parse(points.at(-1)?.t ?? '1970-01-01T00:00:00Z');
      } catch {
        return 0;
      }
    };
    await until(async () => (await newest()) > 0);

    const second = plant(args);
    expect(await second.exit).toBe(2);
    expect(second.output).toMatch(/A factory already runs .*process \d+; see http:\/\/127\.0\.0\.1/);

    const edge = first.processes.get('Edge gateway')!;
    const hub = first.processes.get('Hub')!;
    process.kill(edge, 'SIGKILL');
    process.kill(hub, 'SIGKILL');
    await first.says(/edge ended unexpectedly \(signal SIGKILL\)/);
    await first.says(/hub ended unexpectedly/);
    const killedAt = Date.now();
    await until(async () => (await newest()) > killedAt);

    // The supervisor itself: its children notice that they are alone.
    const others = ['MQTT broker', 'Simulated PLCs'].map((name) => first.processes.get(name)!);
    expect(others.every(isAlive)).toBe(true);
    first.child.kill('SIGKILL');
    await first.exit;

    const again = plant(args);
    await again.says(/Ctrl-C stops/);
    expect(others.some(isAlive)).toBe(false);
    const began = performance.now();
    again.child.kill('SIGINT');
    expect(await again.exit).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(again.output).toMatch(/Stopped after/);
    expect([...again.processes.values()].some(isAlive)).toBe(false);
    expect(existsSync(join(data, 'lock'))).toBe(false);
  }, 60_000);

  test("that can't begin says why in one sentence and ends with code 2", async () => {
    const taken = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => taken.listen(port, '127.0.0.1', resolve));
    const file = join(folder, 'a-file');
    writeFileSync(file, 'something of somebody');
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, tinySiteYaml(ports).replace('kind: bottling', 'kind: brewing'));
    const common = ['--no-open', '--broker-port', '0'];
    const cases = [
      {
        args: [siteFile, '--data', join(folder, 'd1'), '--port', String(port)],
        says: /Port \d+ of the dashboard is taken by another program.*--port/,
      },
      { args: [siteFile, '--data', file, '--port', '0'], says: /is a file\. Choose another with --data/ },
      { args: [wrong, '--data', join(folder, 'd2'), '--port', '0'], says: /wrong\.yaml:\d+:\d+ .*kind.*brewing/s },
      { args: [join(folder, 'none.yaml'), '--data', join(folder, 'd3'), '--port', '0'], says: /none\.yaml/ },
    ];
    for (const { args, says } of cases) {
      const command = plant(['start', ...args, ...common]);
      expect(await command.exit).toBe(2);
      expect(command.output).toMatch(says);
      expect(command.output).not.toMatch(/\n\s+at /);
    }
    await new Promise((resolve) => taken.close(resolve));
    expect(readFileSync(file, 'utf8')).toBe('something of somebody');
  }, 30_000);
});

describe('plant run', () => {
  test('refuses to start while a secret is missing, and says which', async () => {
    const secured = join(folder, 'secured.yaml');
    writeFileSync(
      secured,
      tinySiteYaml(ports).replace(
        'protocol: opcua,',
        'protocol: opcua, securityPolicy: Basic256Sha256, securityMode: SignAndEncrypt, user: plant, passwordFrom: "env:PRESS_PASSWORD",',
      ),
    );
    const command = plant([
      'run',
      secured,
      '--data',
      join(folder, 'd4'),
      '--port',
      '0',
      '--broker-port',
      '0',
      '--no-open',
    ]);
    expect(await command.exit).toBe(2);
    expect(command.output).toMatch(/PRESS_PASSWORD.*is not set/);
  }, 20_000);
});
