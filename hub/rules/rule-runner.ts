import { Worker } from 'node:worker_threads';
import { machinesOf, type Site } from '../../core/site/site.ts';
import type { BrokerAccess } from '../broker.ts';
import type { HubLogger } from '../logger.ts';
import type { RuleThreadData, RuleThreadMessage } from './rule-thread.ts';

/** A thread that died is started again after this time. */
const RESTART_MS = 1000;

/** Runs a site's local rules in a thread of their own; without any rule there is none. */
export class RuleRunner {
  readonly #data: RuleThreadData;
  readonly #logger: HubLogger;
  readonly #count: number;
  #thread: Worker | undefined;
  #listening = false;
  #stopped = false;
  #restart: NodeJS.Timeout | undefined;

  private constructor(site: Site, access: BrokerAccess, logger: HubLogger) {
    const machines = machinesOf(site).filter(({ rules }) => rules.length > 0);
    this.#logger = logger;
    this.#count = machines.reduce((sum, { rules }) => sum + rules.length, 0);
    this.#data = {
      access,
      machines: machines.map(({ path, rules, sensors, state, reason, product, stalenessSeconds }) => ({
        path,
        rules,
        sensors,
        stalenessSeconds,
        ...(state !== undefined && { state }),
        ...(reason !== undefined && { reason }),
        ...(product !== undefined && { product }),
      })),
    };
  }

  /** Starts listening; the broker need not be there yet. */
  static start(site: Site, access: BrokerAccess, logger: HubLogger): RuleRunner {
    const runner = new RuleRunner(site, access, logger);
    if (runner.#count > 0) runner.#run();
    return runner;
  }

  health(): { readonly ok: boolean; readonly detail: string } {
    if (this.#count === 0) return { ok: true, detail: 'the site has none' };
    const detail = this.#listening ? `${this.#count} watched` : 'not connected to the broker; tried again';
    return { ok: this.#listening, detail };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    const thread = this.#thread;
    if (thread === undefined) return;
    const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    thread.postMessage('stop');
    await ended;
  }

  #run(): void {
    const thread = new Worker(new URL('./rule-thread.ts', import.meta.url), { workerData: this.#data });
    this.#thread = thread;
    thread.on('message', (message: RuleThreadMessage) => this.#hear(message));
    thread.on('error', (error) => this.#logger.error({ reason: error.message }, 'the rules failed; they start again'));
    thread.on('exit', () => {
      this.#listening = false;
      if (!this.#stopped) this.#restart = setTimeout(() => this.#run(), RESTART_MS);
    });
  }

  #hear(message: RuleThreadMessage): void {
    if (message.type === 'listening') this.#listening = message.listening;
    else if (message.type === 'warning') this.#logger.warn({ part: 'rules' }, message.text);
    else {
      const { requester, command, id } = message;
      this.#logger.info({ requester, command, id }, 'a rule asked for a command');
    }
  }
}
