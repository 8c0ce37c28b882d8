import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { ChildMessage } from '../../core/process-messages.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A tier's main as a process of its own, to be killed and started again. */
export class ForkedTier {
  readonly #main: string;
  readonly #options: object;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  /**
   * @param main - relative to the repository, e.g. `edge/main.ts`.
   * @param env - environment variables beside those of the test.
   */
  constructor(main: string, options: object, env: Readonly<Record<string, string>> = {}) {
    this.#main = main;
    this.#options = options;
    this.#env = env;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const child = fork(join(ROOT, this.#main), [JSON.stringify(this.#options)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // What jest runs with is not for the tiers; the project's own Node is.
      execPath: process.execPath,
      execArgv: [],
      env: { ...process.env, ...this.#env },
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: ChildMessage) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'fault') reject(new Error(`${this.#main}: ${message.message}`));
      });
      child.once('exit', (code) => reject(new Error(`${this.#main} ended with code ${code}`)));
    });
  }

  /** kill -9, without any chance to tidy up. */
  async kill(): Promise<void> {
    await this.#end((child) => child.kill('SIGKILL'));
  }

  async stop(): Promise<void> {
    await this.#end((child) => child.send({ type: 'stop' }));
  }

  async #end(how: (child: ChildProcess) => unknown): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    how(child);
    await ended;
  }
}
