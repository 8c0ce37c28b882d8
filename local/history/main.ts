import { readFileSync, rmSync, writeSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { connect, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { forgivingDestination } from '../../core/log-destination.ts';
import { topics } from '../../core/path.ts';
import { type RunningTier, runTier, type TierContext } from '../../core/process.ts';
import { loadSite } from '../../core/site/load.ts';
import { resolveSecret } from '../../core/site/secret.ts';
import type { Site } from '../../core/site/site.ts';
import { toMachineMessages } from '../../core/telemetry/message.ts';
import { HubLink } from '../../edge/hub-link.ts';
import { Outbox } from '../../edge/outbox/outbox.ts';
import { HistoryMaker } from './history-maker.ts';
import type { HistoryOptions } from './options.ts';

/** The pseudo-gateway whose outbox the history takes. */
const GATEWAY = 'history';
/** The outbox keeps it beside the samples: they are all there. */
const COMPLETE = 'complete';
/** Virtual time that goes into one commit, a batch for each machine. */
const SLICE_MS = 3_600_000;
const LABEL = 'Making 24 hours of history';
/** What part of the work the making is; the rest is bringing it to the hub. */
const MAKING_SHARE = 0.3;
/** Few batches on the way, so that live values get their turn in the hub. */
const WINDOW_BATCHES = 6;

const readText = (path: string) => readFileSync(path, 'utf8');

/**
 * Makes the first day's history and brings it to the hub the way of all samples: outbox, broker, durable acknowledgement.
 * A process that was killed goes on: with what the outbox holds, if that was complete, else from the beginning (the same
 * samples again, which overwrite themselves).
 */
async function startHistory(options: HistoryOptions, context: TierContext): Promise<RunningTier> {
  setPriority(constants.priority.PRIORITY_LOW);
  const site = loadSite(options.siteFile, readText);
  const folder = join(options.dataFolder, 'simulator', 'history');
  const outbox = openOutbox(folder);
  const client = connect(options.brokerUrl, credentialsOf(site, options.siteFile));
  // mqtt.js connects again by itself; without a listener its errors would end the process.
  client.on('error', () => undefined);
  const link = new HubLink({
    site: site.id,
    gateway: GATEWAY,
    outbox,
    client,
    logger: pino(
      { name: 'history' },
      forgivingDestination((line) => writeSync(1, line)),
    ),
    simulated: true,
    windowBatches: WINDOW_BATCHES,
  });
  link.start();
  const progress = new Progress(site.id, client, context);
  const abort = new AbortController();
  const stop = async () => {
    abort.abort();
    link.stop();
    await client.endAsync(true).catch(() => undefined);
    outbox.close();
  };
  work(site, options, outbox, link, progress, abort.signal).then(
    async (done) => {
      if (!done) return;
      await client.publishAsync(topics.historyProgress(site.id), progress.message(1), { retain: true, qos: 1 });
      await stop();
      rmSync(folder, { recursive: true, force: true });
      process.exit(0);
    },
    (error: unknown) =>
      context.fault(`The history can't be made: ${error instanceof Error ? error.message : String(error)}.`),
  );
  return { info: {}, stop };
}

/** @returns false if it was stopped before its end. */
async function work(
  site: Site,
  options: HistoryOptions,
  outbox: Outbox,
  link: HubLink,
  progress: Progress,
  signal: AbortSignal,
): Promise<boolean> {
  if (!isComplete(outbox)) await make(site, options, outbox, link, progress, signal);
  if (signal.aborted) return false;
  const sent = link.drained().then(() => true);
  const timer = setInterval(
    () => progress.say(MAKING_SHARE + (1 - MAKING_SHARE) * (link.acknowledged / outbox.lastSequence)),
    500,
  );
  signal.addEventListener('abort', () => clearInterval(timer));
  const done = await sent;
  clearInterval(timer);
  return done && !signal.aborted;
}

async function make(
  site: Site,
  { seed, startMs, endMs }: HistoryOptions,
  outbox: Outbox,
  link: HubLink,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const maker = new HistoryMaker(site, seed, startMs, endMs);
  while (maker.nowMs < endMs && !signal.aborted) {
    const entries = maker
      .advanceTo(maker.nowMs + SLICE_MS)
      .filter((samples) => samples.length > 0)
      .map((samples) => JSON.stringify(toMachineMessages(samples)));
    outbox.append(entries, new Map(), Date.now());
    link.wake();
    progress.say((MAKING_SHARE * (maker.nowMs - startMs)) / (endMs - startMs));
    await new Promise(setImmediate);
  }
  if (!signal.aborted) outbox.append([], new Map([[GATEWAY, COMPLETE]]), Date.now());
}

function isComplete(outbox: Outbox): boolean {
  return outbox.checkpoints().get(GATEWAY) === COMPLETE;
}

/** An outbox that an earlier process left incomplete is of no use: it can't be gone on with in the middle. */
function openOutbox(folder: string): Outbox {
  const existing = Outbox.open({ folder });
  if (isComplete(existing) || existing.lastSequence === 0) return existing;
  existing.close();
  rmSync(folder, { recursive: true, force: true });
  return Outbox.open({ folder });
}

function credentialsOf(site: Site, siteFile: string) {
  const reference = site.broker?.passwordFrom;
  return {
    reconnectPeriod: 500,
    ...(site.broker?.user !== undefined && { username: site.broker.user }),
    ...(reference !== undefined && { password: resolveSecret(reference, { env: process.env, readText, siteFile }) }),
  };
}

/** Tells supervisor and dashboard how far it is. */
class Progress {
  private readonly site: string;
  private readonly client: MqttClient;
  private readonly context: TierContext;

  constructor(site: string, client: MqttClient, context: TierContext) {
    this.site = site;
    this.client = client;
    this.context = context;
  }

  message(done: number): string {
    return JSON.stringify({ label: LABEL, done });
  }

  say(done: number): void {
    this.context.progress(LABEL, done);
    if (this.client.connected)
      this.client.publish(topics.historyProgress(this.site), this.message(done), { retain: true });
  }
}

await runTier(process, startHistory, (message) => process.stderr.write(`${message}\n`));
