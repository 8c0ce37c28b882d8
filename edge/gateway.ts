import type { MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { type Machine, machinesOf, type Site } from '../core/site/site.ts';
import type { SourceConfig } from '../core/site/source-schema.ts';
import { MachinePipeline, type PipelineCheckpoint } from '../core/telemetry/machine-pipeline.ts';
import type { Adapter, AdapterSink } from './adapters/adapter.ts';
import { CommitGroup } from './commit-group.ts';
import { LanCopy } from './lan-copy.ts';
import { CommitRefused, type DurableWay } from './outbox/durable-way.ts';
import { SourceSink } from './source-sink.ts';

/** How often samples are committed to the outbox. Local decisions do not wait for it. */
const COMMIT_INTERVAL_MS = 100;
/** How often minutes are closed, staleness is judged and the running minute is published. */
const ADVANCE_INTERVAL_MS = 1000;
/** How often checkpoints are stored where nothing changes: as much observed time may be lost (it becomes unknown) by kill -9. */
const CHECKPOINT_INTERVAL_MS = 2000;
/** A minute's tick waits for readings that are on their way: see graceMsOf, this at least. */
const MIN_GRACE_MS = 1500;
/** How long a disk may refuse commits before the gateway gives up: what it holds in memory until then is bounded. */
const COMMIT_PATIENCE_MS = 30_000;

/** What a {@link Gateway} is made of. */
export interface GatewayOptions {
  readonly site: Site;
  readonly gatewayId: string;
  /** Outbox and hub link. */
  readonly durable: DurableWay;
  /** The connection for the LAN copy. */
  readonly lanClient: MqttClient;
  readonly createAdapter: (source: SourceConfig, machines: readonly Machine[], sink: AdapterSink) => Adapter;
  readonly logger: Logger;
  /** Told once, in one sentence, when the gateway can't go on (a full disk); whoever runs it ends it then. */
  readonly onFault: (message: string) => void;
  /** @default Date.now */
  readonly now?: () => number;
}

/** One gateway at work: adapters -> pipelines -> LAN copy and outbox -> hub. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #now: () => number;
  readonly #pipelines = new Map<string, MachinePipeline>();
  readonly #adapters: Adapter[] = [];
  readonly #group: CommitGroup;
  readonly #lan: LanCopy;
  readonly #timers: NodeJS.Timeout[] = [];
  #refusedSinceMs: number | undefined;
  #gaveUp = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { site, gatewayId } = options;
    this.#group = new CommitGroup(options.durable);
    this.#lan = new LanCopy(options.lanClient);
    for (const machine of machinesOf(site)) {
      if (machine.gatewayId === gatewayId) this.#pipelines.set(machine.path, this.#resume(machine));
    }
    for (const source of site.sources) this.#addSource(source);
  }

  /** Starts the adapters; a machine that can't be reached keeps nobody waiting. */
  async start(): Promise<void> {
    this.#timers.push(
      setInterval(() => this.#commitUnlessBusy(), COMMIT_INTERVAL_MS),
      setInterval(() => this.#advance(), ADVANCE_INTERVAL_MS),
      setInterval(() => this.#touchAll(), CHECKPOINT_INTERVAL_MS),
    );
    await Promise.all(this.#adapters.map((adapter) => adapter.start()));
  }

  /** Stops the adapters, commits what is there and leaves the rest of the way to the next start. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.allSettled(this.#adapters.map((adapter) => adapter.stop()));
    this.#advance();
    this.#touchAll();
    await this.#commit();
  }

  #resume(machine: Machine): MachinePipeline {
    const { durable, logger, site } = this.#options;
    const source = site.sources.find(({ id }) => id === machine.source);
    const options = source === undefined ? {} : { graceMs: graceMsOf(machine, source) };
    const text = durable.checkpoints.get(machine.path);
    let checkpoint: PipelineCheckpoint | undefined;
    try {
      checkpoint = text === undefined ? undefined : (JSON.parse(text) as PipelineCheckpoint);
      return new MachinePipeline(machine, this.#now(), checkpoint, options);
    } catch (error) {
      // A checkpoint of another version: the gap is then reported as one, which is true.
      logger.warn(
        { machine: machine.path, reason: String(error) },
        'began without the checkpoint, which can not be read',
      );
      return new MachinePipeline(machine, this.#now(), undefined, options);
    }
  }

  #addSource(source: SourceConfig): void {
    const { site, createAdapter, gatewayId } = this.#options;
    if (source.collector !== 'connector') return;
    const machines = machinesOf(site).filter(
      (machine) => machine.source === source.id && machine.gatewayId === gatewayId,
    );
    if (machines.length === 0) return;
    const pipelines = machines.flatMap((machine) => this.#pipelines.get(machine.path) ?? []);
    const sink = new SourceSink(pipelines, (pipeline) => this.#take(pipeline), this.#now);
    this.#adapters.push(createAdapter(source, machines, sink));
  }

  /** Takes what a pipeline made of readings: to the LAN at once, to the outbox with the next commit. */
  #take(pipeline: MachinePipeline): void {
    const samples = pipeline.drain();
    if (samples.length === 0) return;
    this.#lan.publish(samples);
    this.#group.add(pipeline, samples);
  }

  #advance(): void {
    const nowMs = this.#now();
    for (const pipeline of this.#pipelines.values()) {
      pipeline.advance(nowMs);
      this.#take(pipeline);
      this.#lan.publishMinute(pipeline.minute(nowMs));
    }
  }

  #touchAll(): void {
    for (const pipeline of this.#pipelines.values()) this.#group.touch(pipeline);
  }

  /** A disk slower than the interval is not given more to do, only larger groups. */
  #commitUnlessBusy(): void {
    if (!this.#group.busy) void this.#commit();
  }

  async #commit(): Promise<void> {
    try {
      await this.#group.commit();
      this.#refusedSinceMs = undefined;
    } catch (error) {
      this.#refuse(error, this.#now());
    }
  }

  /** A disk that refuses once may only be full for a moment; one that goes on refusing must be seen by a person. */
  #refuse(error: unknown, nowMs: number): void {
    const { logger, onFault } = this.#options;
    if (this.#refusedSinceMs === undefined) {
      this.#refusedSinceMs = nowMs;
      logger.error({ reason: String(error), waiting: this.#group.size }, 'the outbox refuses to commit; tried again');
    }
    if (this.#gaveUp || nowMs - this.#refusedSinceMs < COMMIT_PATIENCE_MS) return;
    this.#gaveUp = true;
    const cause = error instanceof CommitRefused && error.diskFull ? 'its disk is full' : String(error);
    onFault(
      `The gateway ${this.#options.gatewayId} can't store samples any more: ${cause}. ${this.#group.size} samples that were not stored are lost; everything acknowledged is safe. Free some space and start again.`,
    );
  }
}

/** How long a tick waits, ms: twice the source's interval, and until the slowest signal that OEE depends on was sampled once more. */
function graceMsOf({ state, reason, product, produced, rejected }: Machine, source: SourceConfig): number {
  const usualMs = source.protocol === 'opcua' ? source.samplingIntervalMs : source.pollingIntervalMs;
  const samplingMs = [state, reason, product, produced, rejected].map((signal) => signal?.intervalMs ?? usualMs);
  return Math.max(MIN_GRACE_MS, 2 * intervalMsOf(source), intervalMsOf(source) + Math.max(...samplingMs));
}

/** How long a value may be on its way from a source by the source's own settings, ms. */
function intervalMsOf(source: SourceConfig): number {
  return source.protocol === 'opcua' ? source.publishingIntervalMs : source.pollingIntervalMs;
}
