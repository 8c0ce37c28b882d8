import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const PYTHON = process.env.PLANT_PEERS_PYTHON ?? '.venv/bin/python';

/** A server by others that runs in a Python process of its own. */
export class PythonPeer {
  readonly #process: ChildProcessWithoutNullStreams;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#process = child;
  }

  /**
   * Starts `test/peers/<script>` and waits until it says that it is ready.
   * @throws Error that says what to install where Python or a package is missing.
   */
  static async start(script: string, ...parameters: string[]): Promise<PythonPeer> {
    if (PYTHON.includes('/') && !existsSync(PYTHON)) throw new Error(whatToInstall(`${PYTHON} does not exist`));
    const child = spawn(PYTHON, [`test/peers/${script}`, ...parameters]);
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('error', (error) => reject(new Error(whatToInstall(error.message))));
      child.once('exit', (code) => {
        const lastLine = errors.trim().split('\n').at(-1) ?? '';
        const isMissing = /ModuleNotFoundError/.test(lastLine);
        reject(new Error(isMissing ? whatToInstall(lastLine) : `${script} ended with ${code}: ${errors}`));
      });
    });
    return new PythonPeer(child);
  }

  /** Sends a command as a JSON line. */
  send(command: unknown): void {
    this.#process.stdin.write(`${JSON.stringify(command)}\n`);
  }

  /** Stops it from running without closing anything: what a hanging PLC looks like. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  /** kill -9, and waits for the end. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** What a test says where Python or a package is missing. */
export function whatToInstall(reason: string): string {
  return `This test needs Python with the packages of test/peers/requirements.txt (${reason}): run "python3 -m venv .venv && .venv/bin/pip install -r test/peers/requirements.txt", or name another Python in PLANT_PEERS_PYTHON.`;
}
