import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { UserFault } from '../../core/process.ts';

/** A port that has to be free, and what to do if it isn't. */
export interface NeededPort {
  readonly port: number;
  /** Whose port it is, e.g. `the dashboard`. */
  readonly owner: string;
  /** How to choose another, as a clause: `with --port`. */
  readonly remedy: string;
}

/**
 * @param graceMs how long to wait for a port to become free: after a kill, the old processes need a moment to end.
 * @throws UserFault naming all ports that are taken.
 */
export async function assertPortsFree(needed: readonly NeededPort[], graceMs: number): Promise<void> {
  const until = performance.now() + graceMs;
  let faults: string[] = [];
  do {
    if (faults.length > 0) await delay(200);
    const states = await Promise.all(needed.map(async (one) => ({ one, state: await probe(one.port) })));
    faults = states
      .filter(({ state }) => state !== undefined)
      .map(({ one, state }) =>
        state === 'EADDRINUSE'
          ? `Port ${one.port} of ${one.owner} is taken by another program: stop that program, or choose another port ${one.remedy}.`
          : `Port ${one.port} of ${one.owner} can't be opened (${state === 'EACCES' ? 'the system reserves it' : state}): choose another port ${one.remedy}.`,
      );
  } while (faults.length > 0 && performance.now() < until);
  if (faults.length > 0) throw new UserFault(faults.join('\n'));
}

/** A free port on loopback. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (typeof address !== 'object' || address === null) throw new Error('The system gave no port');
  return address.port;
}

function probe(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}
