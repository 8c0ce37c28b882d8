import type { MqttClient } from 'mqtt';
import { isId, topics } from '../../core/path.ts';
import { decodeBatch, decodeHello } from '../../core/telemetry/decode.ts';
import { type BatchMessage, type CursorMessage, MESSAGE_VERSION } from '../../core/telemetry/message.ts';
import { type DatabaseError, toDatabaseError } from '../historian/database.ts';
import type { HubLogger } from '../logger.ts';
import { GatewayStream, type Incoming } from './gateway-stream.ts';
import { poisonOf, unreadablePoison, valuesOf } from './poison.ts';
import type { IngestStore } from './store.ts';

const BACK_OFF_MS = { first: 500, longest: 10_000 };
/** The same question is not asked again within this time unless something was committed since. */
const ASK_AGAIN_MS = 500;

export interface IngestOptions {
  readonly site: string;
  /** A connection of ingest's own, so that batches never stand in the way of rules and live view. */
  readonly client: MqttClient;
  readonly store: IngestStore;
  readonly logger: HubLogger;
  /** Called after each commit with what is durable now, in order. Must return quickly. */
  readonly onCommitted: (batches: readonly BatchMessage[], gateway: string) => void;
  /** ms since 1970; injected in tests. @default Date.now */
  readonly now?: () => number;
}

/** How ingest is, for health. */
export interface IngestHealth {
  readonly ok: boolean;
  readonly detail: string;
}

/**
 * Takes batches from the gateways' outboxes, commits many in one transaction and acknowledges what is durable, never earlier
 * (docs/telemetry.md, "The durable way"). A batch that can never be stored is set aside; a database that fails is tried again.
 */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #streams = new Map<string, GatewayStream>();
  /** The outbox that each gateway used last. */
  readonly #current = new Map<string, GatewayStream>();
  readonly #asked = new Map<GatewayStream, { sequence: number; atMs: number }>();
  #failure: DatabaseError | undefined;
  #setAside = 0;
  #backOffMs = BACK_OFF_MS.first;
  #stopped = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: IngestOptions) {
    this.#options = options;
  }

  /** Reads the cursors, then listens: at each connect it asks every gateway for what follows. */
  async start(): Promise<void> {
    const { client, store } = this.#options;
    for (const { gateway, outbox, sequence } of await store.cursors()) {
      const stream = new GatewayStream(gateway, outbox, sequence);
      this.#streams.set(`${gateway} ${outbox}`, stream);
      if (!this.#current.has(gateway)) this.#current.set(gateway, stream);
    }
    client.on('message', (topic, payload) => this.#hear(topic, payload));
    client.on('connect', () => void this.#arrive());
    if (client.connected) await this.#arrive();
    this.#running = this.#commitAll();
  }

  /** Ends after the transaction that runs. What waits stays in the outboxes. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
  }

  health(): IngestHealth {
    const { client } = this.#options;
    const waiting = [...this.#streams.values()].reduce((sum, stream) => sum + stream.pendingBatches, 0);
    if (this.#failure !== undefined) {
      return { ok: false, detail: `the historian takes nothing: ${this.#failure.message}; tried again` };
    }
    if (!client.connected) return { ok: false, detail: 'the broker is not connected; tried again' };
    const aside = this.#setAside === 0 ? '' : `, ${this.#setAside} set aside`;
    return { ok: true, detail: `${this.#current.size} outboxes, ${waiting} batches waiting${aside}` };
  }

  async #arrive(): Promise<void> {
    const { client, site, logger } = this.#options;
    try {
      await client.subscribeAsync([topics.filters.batches(site), topics.filters.hellos(site)], { qos: 1 });
      this.#asked.clear();
      for (const stream of this.#current.values()) this.#ask(stream);
    } catch (error) {
      // The connection went away again: the next connect comes back here.
      logger.info({ reason: String(error) }, 'the broker did not take the subscription');
    }
  }

  #hear(topic: string, payload: Buffer): void {
    const [, , site, gateway = '', kind] = topic.split('/');
    if (site !== this.#options.site || !isId(gateway)) return;
    if (kind === 'hello') this.#hello(gateway, payload);
    else if (kind === 'batch') this.#batch(gateway, payload);
  }

  #hello(gateway: string, payload: Buffer): void {
    const { logger } = this.#options;
    const hello = decodeHello(payload);
    if (typeof hello === 'string') {
      logger.warn({ gateway, reason: hello }, 'refused a greeting');
      return;
    }
    const stream = this.#stream(gateway, hello.outbox);
    const doubt = stream.greeted(hello.firstSequence, hello.lastSequence);
    if (doubt !== undefined) logger.warn({ gateway, reason: doubt }, 'an outbox does not fit the historian');
    this.#asked.delete(stream);
    this.#ask(stream);
  }

  #batch(gateway: string, payload: Buffer): void {
    const decoded = decodeBatch(payload);
    const incoming: Incoming | undefined =
      typeof decoded === 'string'
        ? poisonOf(payload, decoded)
        : { sequence: decoded.sequence, values: valuesOf(decoded), batch: decoded };
    if (incoming === undefined) {
      this.#unreadable(gateway, payload, String(decoded));
      return;
    }
    const stream = this.#stream(gateway, 'batch' in incoming ? incoming.batch.outbox : incoming.poison.outbox);
    this.#accept(stream, incoming);
  }

  #accept(stream: GatewayStream, incoming: Incoming): void {
    const verdict = stream.accept(incoming);
    if (verdict === 'queued') this.#wake();
    else if (verdict === 'committed') this.#say('ack', stream);
    else if (verdict === 'hole') this.#ask(stream);
  }

  #unreadable(gateway: string, payload: Buffer, reason: string): void {
    this.#options.logger.warn({ gateway, reason }, 'a batch cannot be read');
    const stream = this.#current.get(gateway);
    if (stream === undefined) return;
    if (stream.unreadable()) {
      this.#accept(stream, unreadablePoison(stream.outbox, stream.expected, reason, payload));
    } else this.#ask(stream);
  }

  #stream(gateway: string, outbox: string): GatewayStream {
    const key = `${gateway} ${outbox}`;
    const stream = this.#streams.get(key) ?? new GatewayStream(gateway, outbox, 0);
    this.#streams.set(key, stream);
    this.#current.set(gateway, stream);
    return stream;
  }

  /** Asks for what follows the cursor, but not for every single batch behind a hole. */
  #ask(stream: GatewayStream): void {
    const atMs = (this.#options.now ?? Date.now)();
    const before = this.#asked.get(stream);
    if (before !== undefined && before.sequence === stream.committed && atMs - before.atMs < ASK_AGAIN_MS) return;
    this.#asked.set(stream, { sequence: stream.committed, atMs });
    this.#say('ask', stream);
  }

  #say(kind: 'ack' | 'ask', stream: GatewayStream): void {
    const { client, site } = this.#options;
    const message: CursorMessage = { version: MESSAGE_VERSION, outbox: stream.outbox, sequence: stream.committed };
    // Unsent answers are not worth keeping: after a reconnect the cursors are asked anew.
    if (client.connected) client.publish(topics[kind](site, stream.gateway), JSON.stringify(message), { qos: 1 });
  }

  async #commitAll(): Promise<void> {
    while (!this.#stopped) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const busy = [...this.#streams.values()].filter((stream) => stream.pendingBatches > 0);
      // Every gateway gets its turn: a backlog of one never holds up another.
      for (const stream of busy) if (!this.#stopped) await this.#commitNext(stream);
      if (busy.length === 0) await woken;
    }
  }

  async #commitNext(stream: GatewayStream): Promise<void> {
    const { store, logger, onCommitted } = this.#options;
    const taken = stream.next();
    const batches = taken.flatMap((incoming) => ('batch' in incoming ? [incoming.batch] : []));
    try {
      const [first] = taken;
      if (first !== undefined && 'poison' in first) {
        await store.setAside(stream.gateway, first.poison);
        this.#setAside += 1;
        const { sequence, reason } = first.poison;
        logger.error({ gateway: stream.gateway, sequence, reason }, 'a batch can never be stored and was set aside');
      } else {
        await store.commit(stream.gateway, batches);
      }
    } catch (error) {
      await this.#failed(stream, taken, toDatabaseError(error));
      return;
    }
    if (this.#failure !== undefined) logger.info({}, 'the historian takes values again');
    this.#failure = undefined;
    this.#backOffMs = BACK_OFF_MS.first;
    const askAgain = stream.done(taken.length);
    this.#say(askAgain ? 'ask' : 'ack', stream);
    if (batches.length > 0) onCommitted(batches, stream.gateway);
  }

  async #failed(stream: GatewayStream, taken: readonly Incoming[], error: DatabaseError): Promise<void> {
    const [first] = taken;
    if (error.kind === 'data' && taken.length > 1) {
      stream.isolate(taken.length);
    } else if (error.kind === 'data' && first !== undefined && 'batch' in first) {
      const { outbox, sequence } = first.batch;
      const content = JSON.stringify(first.batch);
      stream.poisonFirst({ outbox, sequence, reason: `the database refuses it: ${error.message}`, content });
    } else {
      if (this.#failure === undefined) {
        this.#options.logger.error(
          { reason: error.message, code: error.code },
          'the historian takes nothing; tried again',
        );
      }
      this.#failure = error;
      await this.#pause();
    }
  }

  /** Waits before the next attempt, longer each time; ends at once on stop. */
  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#backOffMs);
    this.#backOffMs = Math.min(this.#backOffMs * 2, BACK_OFF_MS.longest);
    this.#wake = () => {
      if (this.#stopped) resolve();
    };
    await promise;
    clearTimeout(timer);
  }
}
