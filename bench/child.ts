import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ChildMessage } from '../core/process-messages.ts';

/** The repository's root: mains are named relative to it. */
const ROOT = join(import.meta.dirname, '..');

/** A process under measurement. */
export interface BenchChild {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly info: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts a main as `npm start` would and waits until it is ready.
 * @param options - handed over as JSON in its only argument.
 * @param execArgv - Node's own arguments, as whoever supervises it would give them.
 */
export async function startChild(main: string, options: object, execArgv: readonly string[] = []): Promise<BenchChild> {
  const child = fork(join(ROOT, main), [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...execArgv],
  });
  const info = await new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') resolve(message.info);
      else if (message.type === 'fault') reject(new Error(`${main}: ${message.message}`));
    });
    child.once('exit', (code) => reject(new Error(`${main} ended with code ${code}`)));
    child.once('error', reject);
  });
  return { pid: child.pid ?? 0, info, stop: () => stopChild(child) };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.send({ type: 'stop' });
  const last = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(last);
}

/** A TCP port on loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** What the kernel says that a process has used (Linux, proc(5)). */
export interface ProcessUsage {
  /** User + system CPU time, seconds. */
  readonly cpuSeconds: number;
  /** Resident memory now, MB (10^6 bytes). */
  readonly rssMb: number;
}

/** Clock ticks a second of /proc/<pid>/stat: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Reads a process's CPU time and memory. */
export function usageOf(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name may hold spaces: count from behind its closing bracket (field 3 on).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const residentKb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    rssMb: (residentKb * 1024) / 1e6,
  };
}

/** The value at a share (0..1) of the sorted values. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
