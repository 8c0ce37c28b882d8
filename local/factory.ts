import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserFault } from '../core/process.ts';
import { formatFault, loadSiteWithWarnings } from '../core/site/load.ts';
import { resolveSecret, SecretError } from '../core/site/secret.ts';
import type { Site } from '../core/site/site.ts';
import { buildDashboardInChild, WEB_FOLDER } from './factory/dashboard-build.ts';
import { moveAside, prepareDataFolder } from './factory/data-folder.ts';
import { clauseOf, toDiskFault } from './factory/disk-fault.ts';
import { InstanceLock } from './factory/instance-lock.ts';
import { LogFollower } from './factory/log-follower.ts';
import {
  brokerPlan,
  edgePlans,
  type FactoryFrame,
  historyPlan,
  hubPlan,
  logFileOf,
  simulatorPlan,
} from './factory/plans.ts';
import { assertPortsFree, freePort, type NeededPort } from './factory/ports.ts';
import type { FactoryReporter, ProcessSummary } from './factory/reporter.ts';
import { newSecret, secretFile } from './factory/secret-file.ts';
import { type SimulationRecord, simulationRecord, writeSimulationRecord } from './factory/simulation-file.ts';
import { type ProcessListener, type ProcessPlan, SupervisedProcess } from './factory/supervised-process.ts';

/** How to run a factory on this machine. */
export interface FactoryOptions {
  readonly siteFile: string;
  readonly dataFolder: string;
  /** Of the dashboard and API, on loopback; 0 picks a free one. */
  readonly port: number;
  /** Of the MQTT broker where the site names none; 0 picks a free one. */
  readonly brokerPort: number;
  /** Whether the machines are simulated; else they are the ones that the site file names. */
  readonly simulate: boolean;
  /** Whether the first start makes a day of history. Only with `simulate`. @default true */
  readonly history?: boolean;
  /** Moves existing data aside first. */
  readonly fresh: boolean;
}

const MINUTE_MS = 60_000;
/** A process that dies so often before it was ever up will not come up. */
const MAX_FAILED_STARTS = 4;
/** After a kill -9 the old processes notice within a second or two that they are alone. */
const TAKE_OVER_GRACE_MS = 8_000;
/** All that Ctrl-C may take is five seconds. */
const STOP_STAGES_MS = [2_000, 1_800, 800] as const;
/** The name of the environment variable that the demo's site file takes its OPC UA password from. */
const DEMO_PASSWORD_VARIABLE = 'PLANT_DEMO_OPCUA_PASSWORD';

/** A factory on one machine: broker, simulated PLCs, gateways, hub and dashboard, each in a process of its own. */
export class Factory {
  /** Settles when a fault ended it that only a person can mend. */
  readonly ended: Promise<UserFault>;
  readonly site: Site;
  readonly dataFolder: string;
  /** Where the MQTT broker is. */
  brokerUrl = '';
  /** Address of the dashboard with its token. */
  url = '';
  private readonly options: FactoryOptions;
  private readonly lock: InstanceLock;
  private readonly reporter: FactoryReporter;
  private readonly processes: SupervisedProcess[] = [];
  private readonly followers: LogFollower[] = [];
  private readonly abort = new AbortController();
  private readonly waiting = new Map<string, (info: Readonly<Record<string, string>>) => void>();
  private readonly startedAt = new Map<string, number>();
  private readonly failedStarts = new Map<string, number>();
  private fail: (fault: UserFault) => void = () => undefined;
  private stopped: Promise<void> | undefined;

  private constructor(options: FactoryOptions, site: Site, lock: InstanceLock, reporter: FactoryReporter) {
    this.options = options;
    this.site = site;
    this.dataFolder = options.dataFolder;
    this.lock = lock;
    this.reporter = reporter;
    this.ended = new Promise((resolveEnded) => {
      this.fail = resolveEnded;
    });
  }

  /**
   * Reads the site file, prepares the data folder and takes its lock; nothing runs yet.
   * @throws SiteFileError, UserFault: nothing was destroyed.
   */
  static prepare(options: FactoryOptions, reporter: FactoryReporter): Factory {
    const siteFile = resolve(options.siteFile);
    const { site, warnings } = loadSiteWithWarnings(siteFile, readSiteText);
    for (const warning of warnings) reporter.notice(`Warning: ${formatFault(warning)}`);
    const dataFolder = resolve(options.dataFolder);
    let lock: InstanceLock;
    try {
      lock = lockFolder(dataFolder, site.id, options.fresh, reporter);
    } catch (error) {
      throw toDiskFault(error);
    }
    return new Factory({ ...options, siteFile, dataFolder }, site, lock, reporter);
  }

  /**
   * Checks ports and secrets, then starts everything; settles when the page can be looked at.
   * @throws UserFault: nothing runs any more then.
   */
  async start(): Promise<void> {
    try {
      await Promise.race([
        this.run(),
        this.ended.then((fault) => {
          throw fault;
        }),
      ]);
    } catch (error) {
      await this.stop();
      throw toDiskFault(error);
    }
  }

  /** What runs now. */
  summary(): ProcessSummary[] {
    return this.processes.map(({ name, pid, info }) => ({ name, pid, info }));
  }

  /** Stops everything in good order, within five seconds; what doesn't end by then is killed. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  /** Ends everything at once. */
  kill(): void {
    this.abort.abort();
    for (const one of this.processes) one.kill();
    this.lock.release();
  }

  private async stopAll(): Promise<void> {
    this.abort.abort();
    for (const follower of this.followers) follower.stop();
    const stages: SupervisedProcess[][] = [[], [], []];
    for (const one of this.processes) stages[one.name === 'broker' ? 2 : one.name === 'hub' ? 1 : 0]?.push(one);
    for (const [index, stage] of stages.entries()) {
      await Promise.all(stage.map((one) => one.stop(STOP_STAGES_MS[index] ?? 1_000)));
    }
    this.lock.release();
  }

  private async run(): Promise<void> {
    const { site, dataFolder, options } = this;
    const { siteFile } = options;
    const ownBroker = site.broker === undefined;
    const port = options.port === 0 ? await freePort() : options.port;
    const brokerPort = options.brokerPort === 0 ? await freePort() : options.brokerPort;
    await assertPortsFree(
      [
        ...(options.port === 0 ? [] : [{ port, owner: 'the dashboard', remedy: 'with --port' }]),
        ...(ownBroker && options.brokerPort !== 0
          ? [{ port: brokerPort, owner: 'the MQTT broker', remedy: 'with --broker-port' }]
          : []),
        ...(options.simulate ? simulatedPorts(site) : []),
      ],
      this.lock.takenOver ? TAKE_OVER_GRACE_MS : 0,
    );
    const token = secretFile(join(dataFolder, 'token'));
    const env = options.simulate
      ? { [DEMO_PASSWORD_VARIABLE]: secretFile(join(dataFolder, 'demo-opcua-password')) }
      : {};
    assertSecrets(site, siteFile, { ...process.env, ...env });
    const brokerUrl = site.broker?.url ?? `mqtt://127.0.0.1:${brokerPort}`;
    this.brokerUrl = brokerUrl;
    const frame: FactoryFrame = { site, siteFile, dataFolder, brokerUrl };

    const dashboard = this.buildDashboard();
    // A failed build is looked at below; until then nobody must take it for unhandled.
    dashboard.catch(() => undefined);
    if (ownBroker) await this.startProcess(brokerPlan(dataFolder, brokerPort));
    const control = { port: await freePort(), secret: newSecret() };
    const record = options.simulate ? simulationRecord(dataFolder, site.simulation?.seed ?? 1, Date.now()) : undefined;
    const hub = this.startProcess(
      hubPlan(
        frame,
        { port, webFolder: WEB_FOLDER, ...(record && { demoControlUrl: `http://127.0.0.1:${control.port}/` }) },
        { token, ...(record && { demoControlSecret: control.secret }) },
      ),
    );
    const machines = record && this.startProcess(simulatorPlan(frame, record, control, env));
    // The gateways pin the certificates that the simulator makes: they come after it, so that the first attempt succeeds.
    let liveFromMs = Date.now();
    const edges = (async () => {
      await machines;
      liveFromMs = Date.now();
      const plans = edgePlans(frame, env);
      for (const { logFile } of plans) this.follow(logFile);
      await Promise.all(plans.map((plan) => this.startProcess(plan)));
    })();
    await Promise.all([hub, machines, edges, dashboard]);
    this.url = `http://127.0.0.1:${port}/?token=${token}`;
    this.lock.announce(this.url);
    if (record !== undefined && !record.historyDone && options.history !== false)
      this.startHistory(frame, record, liveFromMs);
  }

  /** History ends at the full minute before the gateways started: each minute has one writer. */
  private startHistory(frame: FactoryFrame, record: SimulationRecord, liveFromMs: number): void {
    const endMs = record.historyEndMs ?? Math.floor(liveFromMs / MINUTE_MS) * MINUTE_MS;
    if (record.historyEndMs === undefined) writeSimulationRecord(this.dataFolder, { ...record, historyEndMs: endMs });
    void this.startProcess(historyPlan(frame, record, endMs));
  }

  /** What the gateways have to say on their sources belongs in the terminal: a certificate to accept, a wrong password. */
  private follow(logFile: string): void {
    const follower = new LogFollower(logFile, (message) => this.reporter.notice(message));
    this.followers.push(follower);
    follower.start();
  }

  private async buildDashboard(): Promise<void> {
    const began = performance.now();
    this.reporter.starting('dashboard');
    await buildDashboardInChild(logFileOf(this.dataFolder, 'dashboard'), this.abort.signal);
    this.reporter.ready('dashboard', {}, (performance.now() - began) / 1000);
  }

  /** Starts a process and waits until it is ready; it then stays supervised. */
  private startProcess(plan: ProcessPlan): Promise<Readonly<Record<string, string>>> {
    if (this.abort.signal.aborted) return new Promise(() => undefined);
    const supervised = new SupervisedProcess(plan, this.listener);
    this.processes.push(supervised);
    this.reporter.starting(plan.name);
    this.startedAt.set(plan.name, performance.now());
    const ready = new Promise<Readonly<Record<string, string>>>((resolveReady) => {
      this.waiting.set(plan.name, resolveReady);
    });
    supervised.start();
    return ready;
  }

  private readonly listener: ProcessListener = {
    ready: (name, info) => {
      this.waiting.get(name)?.(info);
      this.waiting.delete(name);
      this.reporter.ready(name, info, (performance.now() - (this.startedAt.get(name) ?? performance.now())) / 1000);
    },
    progress: (_, label, done) => this.reporter.progress(label, done),
    died: (name, how, retryMs) => {
      const failed = (this.failedStarts.get(name) ?? 0) + 1;
      this.failedStarts.set(name, failed);
      if (this.waiting.has(name) && failed >= MAX_FAILED_STARTS) {
        const log = logFileOf(this.dataFolder, name);
        this.fail(new UserFault(`The ${name} does not start (${how}, ${failed} times). Its log says why: ${log}`));
        return;
      }
      this.reporter.notice(
        `The ${name} ended unexpectedly (${how}); it is started again in ${retryMs / 1000} s. Its log: ${logFileOf(this.dataFolder, name)}`,
      );
      this.startedAt.set(name, performance.now() + retryMs);
    },
    fault: (_, message) => this.fail(new UserFault(message)),
    finished: (name) => {
      if (name !== 'history') return;
      this.reporter.progress('The first day of history', 1);
      try {
        const record = simulationRecord(this.dataFolder, 1, Date.now());
        writeSimulationRecord(this.dataFolder, { ...record, historyDone: true });
        this.reporter.notice('The first day of history is complete.');
      } catch (error) {
        this.reporter.notice(
          `The first day of history is complete, but that can't be noted (${clauseOf(error)}): the next start makes it again.`,
        );
      }
    },
  };
}

/** Prepares and locks the data folder; with `fresh`, only after the lock says that nobody works with the old one. */
function lockFolder(dataFolder: string, siteId: string, fresh: boolean, reporter: FactoryReporter): InstanceLock {
  if (fresh && existsSync(dataFolder)) {
    InstanceLock.acquire(dataFolder).release();
    const aside = moveAside(dataFolder, new Date());
    if (aside !== undefined)
      reporter.notice(`The data so far were moved to ${aside}. Delete that folder when you no longer need it.`);
  }
  prepareDataFolder(dataFolder, siteId);
  return InstanceLock.acquire(dataFolder);
}

function simulatedPorts(site: Site): NeededPort[] {
  return site.sources.map((source) => ({
    port: source.protocol === 'opcua' ? Number(new URL(source.endpointUrl).port || 4840) : source.port,
    owner: `the simulated PLC "${source.id}"`,
    remedy: 'in the site file',
  }));
}

/** @throws UserFault naming every secret of the site that is missing. */
function assertSecrets(site: Site, siteFile: string, env: Readonly<Record<string, string | undefined>>): void {
  const references = [
    site.broker?.passwordFrom,
    site.hub.historianFrom,
    ...site.sources.flatMap((source) =>
      source.protocol === 'opcua' ? [source.passwordFrom, source.userCertificateFrom, source.userPrivateKeyFrom] : [],
    ),
  ].filter((reference) => reference !== undefined);
  const faults = new Set<string>();
  for (const reference of references) {
    try {
      resolveSecret(reference, { env, readText: readSiteText, siteFile });
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      faults.add(error.message);
    }
  }
  if (faults.size > 0) throw new UserFault([...faults].join('\n'));
}

function readSiteText(path: string): string {
  return readFileSync(path, 'utf8');
}
