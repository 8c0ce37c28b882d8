import { readFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { readBrokerTls } from '../core/broker-tls.ts';
import { forgivingDestination } from '../core/log-destination.ts';
import { type RunningTier, UserFault } from '../core/process.ts';
import { loadSite, SiteFileError } from '../core/site/load.ts';
import { resolveSecret, SecretError } from '../core/site/secret.ts';
import { machinesOf, type Site } from '../core/site/site.ts';
import { createApp } from './api/app.ts';
import type { HealthResponse } from './api/contract.ts';
import { instantWriter } from './api/instants.ts';
import { listen } from './api/server.ts';
import { StateDays } from './api/state-days.ts';
import { brokerAccess, connectBroker } from './broker.ts';
import { openHistorian } from './historian/open.ts';
import { Ingest } from './ingest/ingest.ts';
import { listenToLan } from './live/lan-listener.ts';
import { LiveService } from './live/live-service.ts';
import { OeeEngine } from './oee/engine.ts';
import { readAssetModels } from './oee/models.ts';
import type { HubOptions } from './options.ts';
import { RuleRunner } from './rules/rule-runner.ts';
import { every } from './timers.ts';
import { HUB_VERSION } from './version.ts';

const SECOND_MS = 1000;
const ROLL_UP_MS = 5 * SECOND_MS;
const MAINTAIN_MS = 600 * SECOND_MS;

const readText = (path: string) => readFileSync(path, 'utf8');

/**
 * Puts the hub together: ingest -> historian -> OEE engine; LAN copy -> rules and live view; all of it -> API and dashboard.
 * @throws {UserFault} for what only a person can mend.
 */
export async function startHub(options: HubOptions): Promise<RunningTier> {
  const startedMs = Date.now();
  const logger = pino(
    { name: 'hub', level: options.logLevel ?? 'info' },
    forgivingDestination((line) => writeSync(1, line)),
  );
  const site = readSite(options.siteFile);
  const place = await historianPlace(options, site);
  const historian = await openHistorian(place, { retentionDays: site.hub.retentionDays, now: Date.now });
  const instant = instantWriter(site.timeZone);
  const live = new LiveService({ site, historian, now: Date.now, instant });
  await live.load();
  const engine = new OeeEngine({
    site,
    models: readAssetModels(),
    historian,
    now: Date.now,
    log: {
      info: (message) => logger.info({ part: 'oee' }, message),
      warn: (message) => logger.warn({ part: 'oee' }, message),
    },
  });
  const { brokerTls } = options;
  const access = {
    ...brokerAccess(site, options.brokerUrl, options.siteFile, readText),
    ...(brokerTls !== undefined && { tls: readBrokerTls(brokerTls, readText) }),
  };
  const lan = connectBroker(access, 'live', logger);
  const link = connectBroker(access, 'ingest', logger);
  const rules = RuleRunner.start(site, access, logger);
  listenToLan({
    site: site.id,
    client: lan,
    view: live.view,
    logger,
    now: Date.now,
    onProgress: (label, done) => live.progress(label, done),
  });
  const confirmedAtMs = (machinePath: string) => live.view.machine(machinePath)?.confirmedAtMs;
  const stateDays = new StateDays({ historian, now: Date.now, confirmedAtMs });
  const ingest = new Ingest({
    site: site.id,
    client: link,
    store: historian,
    logger,
    onCommitted: (batches) => {
      live.committed(batches);
      engine.committed(batches);
      stateDays.committed(batches);
    },
  });
  const health = (): HealthResponse => {
    const { waiting, fault } = engine.status;
    const checks = {
      broker: { ok: lan.connected, detail: lan.connected ? 'connected' : 'not connected; tried again' },
      ingest: ingest.health(),
      oee: { ok: fault === undefined, detail: fault ?? `${waiting} days of lines wait to be computed` },
      rules: rules.health(),
    };
    const ok = Object.values(checks).every((check) => check.ok);
    const uptimeSeconds = Math.round((Date.now() - startedMs) / SECOND_MS);
    return { status: ok ? 'ok' : 'degraded', version: HUB_VERSION, uptimeSeconds, checks };
  };
  const { demoControlUrl: url, demoControlSecret: secret } = options;
  const app = createApp(
    {
      site,
      historian,
      feed: live.feed,
      snapshot: () => live.snapshot(),
      confirmedAtMs,
      stateDays,
      health,
      demo: url === undefined || secret === undefined ? undefined : { url, secret },
      logger,
      now: Date.now,
      instant,
    },
    { token: options.token, hostNames: options.hostNames ?? [], webFolder: options.webFolder },
  );
  const failed = (what: string) => (error: unknown) =>
    logger.warn({ reason: String(error) }, `${what} failed; tried again`);
  const timers = [
    every(SECOND_MS, async () => live.tick(), failed('the live view')),
    every(ROLL_UP_MS, () => rollUpAll(historian), failed('rolling up')),
    every(MAINTAIN_MS, () => historian.maintain(Date.now()), failed('maintenance')),
  ];
  const stopping = new AbortController();
  const stop = async () => {
    stopping.abort();
    live.feed.each((client) => client.close());
    await Promise.all(timers.map((timer) => timer.stop()));
    await ingest.stop();
    await engine.stop();
    await rules.stop();
    await Promise.allSettled([lan.endAsync(true), link.endAsync(true)]);
    await historian.close();
  };
  try {
    const server = await listen(app, options.port, options.host ?? '127.0.0.1');
    await ingest.start();
    engine.start();
    const withState = machinesOf(site).filter(({ state }) => state !== undefined);
    stateDays.warm(withState, stopping.signal).catch(failed('reading the states of the last weeks'));
    logger.info({ url: server.url, historian: 'folder' in place ? 'PGlite' : 'PostgreSQL' }, 'the hub is up');
    return {
      info: { url: server.url },
      stop: async () => {
        await server.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readSite(siteFile: string): Site {
  try {
    return loadSite(siteFile, readText);
  } catch (error) {
    if (error instanceof SiteFileError) throw new UserFault(error.message);
    throw error;
  }
}

async function historianPlace(options: HubOptions, site: Site) {
  const { historianFrom } = site.hub;
  if (options.historianUrl !== undefined) return { connectionString: options.historianUrl };
  if (historianFrom !== undefined) return { connectionString: connectionStringOf(historianFrom, options.siteFile) };
  const folder = join(options.dataFolder, 'hub');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserFault(`The data folder ${folder} cannot be made: ${error instanceof Error ? error.message : error}.`);
  }
  return { folder: join(folder, 'historian') };
}

/** `hub.historianFrom` says where the connection string is kept, with its password. */
function connectionStringOf(reference: string, siteFile: string): string {
  try {
    return resolveSecret(reference, { env: process.env, readText, siteFile });
  } catch (error) {
    if (error instanceof SecretError) throw new UserFault(error.message);
    throw error;
  }
}

/** Minutes that are due, some at a time: reads and commits come in between. */
async function rollUpAll(historian: { rollUp(nowMs: number): Promise<number> }): Promise<void> {
  while ((await historian.rollUp(Date.now())) > 0) await new Promise((resolve) => setImmediate(resolve));
}
