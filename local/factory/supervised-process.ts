import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import {
  type ChildMessage,
  EXIT_CODE_FAULT,
  type ParentMessage,
  SECRET_OPTIONS_VARIABLE,
} from '../../core/process-messages.ts';
import { boundLog } from './bounded-log.ts';

/** What to run and how. */
export interface ProcessPlan {
  /** Short name for people, e.g. `hub`. */
  readonly name: string;
  /** The main module. */
  readonly module: URL;
  /** Handed over as JSON in the only argument, which every user of the machine may read. */
  readonly options: object;
  /** Options that are nobody else's to read: handed over in the environment. @default none */
  readonly secrets?: object;
  /** Node's own arguments. @default none */
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** It ends by itself when its work is done, and is not restarted then. @default false */
  readonly endsByItself?: boolean;
}

/** What a supervised process tells its supervisor. */
export interface ProcessListener {
  ready(name: string, info: Readonly<Record<string, string>>): void;
  progress(name: string, label: string, done: number): void;
  /** It ended without having been asked to, and is started again. */
  died(name: string, how: string, retryMs: number): void;
  /** A fault that only a person can mend. */
  fault(name: string, message: string): void;
  /** Only with `endsByItself`: its work is done. */
  finished(name: string): void;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** Having run that long, it counts as healthy, and its next restart is quick again. */
const HEALTHY_MS = 30_000;
const LOOK_AT_LOG_MS = 10_000;

/** Runs one process of the factory and starts it again when it dies. */
export class SupervisedProcess {
  readonly name: string;
  info: Readonly<Record<string, string>> = {};
  private readonly plan: ProcessPlan;
  private readonly listener: ProcessListener;
  private child: ChildProcess | undefined;
  private stopping = false;
  private timer: NodeJS.Timeout | undefined;
  private logTimer: NodeJS.Timeout | undefined;
  private retryMs = FIRST_RETRY_MS;
  private startedAt = 0;
  private faulted = false;

  constructor(plan: ProcessPlan, listener: ProcessListener) {
    this.plan = plan;
    this.name = plan.name;
    this.listener = listener;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    this.startedAt = performance.now();
    const { module, options, secrets, env, nodeArguments = [], logFile } = this.plan;
    this.watchLog();
    const log = openLog(logFile);
    const child = fork(module, [JSON.stringify(options)], {
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...env, ...(secrets && { [SECRET_OPTIONS_VARIABLE]: JSON.stringify(secrets) }) },
      execArgv: ['--disable-warning=ExperimentalWarning', ...nodeArguments],
    });
    if (log !== 'ignore') closeSync(log);
    this.child = child;
    child.on('message', (message: ChildMessage) => this.heard(message));
    child.on('error', (error) =>
      this.listener.fault(this.name, `The process ${this.name} can't be started: ${error.message}.`),
    );
    child.on('exit', (code, signal) => this.ended(code, signal));
  }

  /** Asks it to end in good order, and makes it after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    this.clearTimers();
    const child = this.child;
    if (child === undefined) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const message: ParentMessage = { type: 'stop' };
    if (child.connected) child.send(message, () => undefined);
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(kill);
  }

  /** Ends it at once. */
  kill(): void {
    this.stopping = true;
    this.clearTimers();
    this.child?.kill('SIGKILL');
  }

  private clearTimers(): void {
    clearTimeout(this.timer);
    clearInterval(this.logTimer);
  }

  /** A factory that runs for weeks must not fill the disk with its logs. */
  private watchLog(): void {
    boundLog(this.plan.logFile);
    this.logTimer ??= setInterval(() => boundLog(this.plan.logFile), LOOK_AT_LOG_MS);
    this.logTimer.unref();
  }

  private heard(message: ChildMessage): void {
    if (this.stopping) return;
    if (message.type === 'ready') {
      this.info = message.info;
      this.listener.ready(this.name, message.info);
    } else if (message.type === 'progress') this.listener.progress(this.name, message.label, message.done);
    else {
      this.faulted = true;
      this.listener.fault(this.name, message.message);
    }
  }

  private ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.child = undefined;
    if (this.stopping || this.faulted) return;
    if (this.plan.endsByItself === true && code === 0) {
      this.clearTimers();
      this.listener.finished(this.name);
      return;
    }
    if (code === EXIT_CODE_FAULT) {
      this.listener.fault(this.name, `The process ${this.name} gave up; its log says why: ${this.plan.logFile}`);
      return;
    }
    if (performance.now() - this.startedAt > HEALTHY_MS) this.retryMs = FIRST_RETRY_MS;
    this.listener.died(this.name, signal === null ? `exit code ${code}` : `signal ${signal}`, this.retryMs);
    this.timer = setTimeout(() => this.start(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }
}

/** A process may run without its log, but a factory not without the process. */
function openLog(file: string): number | 'ignore' {
  try {
    return openSync(file, 'a');
  } catch {
    return 'ignore';
  }
}
