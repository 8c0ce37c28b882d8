import type { MqttClient } from 'mqtt';
import { topics } from '../core/path.ts';
import { decodeCursor } from '../core/telemetry/decode.ts';
import type { CursorMessage, HelloMessage } from '../core/telemetry/message.ts';
import { MESSAGE_VERSION } from '../core/telemetry/message.ts';
import type { Outbox } from './outbox/outbox.ts';

/** The consumer name of the hub's cursor in the outbox. */
export const HUB_CONSUMER = 'hub';

/** What {@link HubLink} needs. */
export interface HubLinkOptions {
  readonly site: string;
  readonly gateway: string;
  readonly outbox: Outbox;
  /** A connection of the link's own, so that batches never stand in the way of the LAN copy. */
  readonly client: MqttClient;
  readonly logger: { warn(details: object, message: string): void; info(details: object, message: string): void };
  /** True where a simulator's virtual clock made the samples. */
  readonly simulated?: boolean;
  /** Batches on the way and not yet acknowledged. @default 32 */
  readonly windowBatches?: number;
  /** How long to wait for the hub's answer before greeting again, ms. @default 5000 */
  readonly patienceMs?: number;
}

/**
 * Brings the outbox to the hub (docs/telemetry.md, "The durable way"). The broker is transport, never storage: after each connect the hub says
 * which sequence number it has committed, and the link sends what follows. An entry is done when the hub acknowledged it.
 */
export class HubLink {
  readonly #options: Required<Omit<HubLinkOptions, 'simulated'>> & { readonly simulated: boolean };
  /** The newest sequence number sent since the hub's last ask; undefined while the hub has not asked. */
  #sent: number | undefined;
  #acknowledged = 0;
  #pumping = false;
  #lastWordMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #onIdle: (() => void)[] = [];

  constructor(options: HubLinkOptions) {
    this.#options = { windowBatches: 32, patienceMs: 5000, simulated: false, ...options };
  }

  /** Up to which sequence number the hub has confirmed that it is durable. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Subscribes and greets now, if connected, and at every connect from now on. */
  start(): void {
    const { client, patienceMs } = this.#options;
    client.on('connect', () => void this.#arrive());
    client.on('message', (topic, payload) => this.#hear(topic, payload));
    client.on('close', () => {
      this.#sent = undefined;
    });
    if (client.connected) void this.#arrive();
    // A hub that restarted, or a message that the broker lost: greet again while something waits and nobody answers.
    this.#timer = setInterval(() => {
      const waiting = this.#sent === undefined || this.#options.outbox.lastSequence > this.#acknowledged;
      if (client.connected && waiting && Date.now() - this.#lastWordMs > patienceMs) this.#greet();
    }, patienceMs / 2);
  }

  /** To be called after each append: sends what the window has room for. */
  wake(): void {
    if (this.#sent !== undefined) void this.#pump();
  }

  /** Resolves once the hub has acknowledged everything that the outbox holds now. */
  async drained(): Promise<void> {
    if (this.#acknowledged >= this.#options.outbox.lastSequence) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#sent = undefined;
  }

  /** The answer to the greeting must not come before the subscription stands. */
  async #arrive(): Promise<void> {
    const { client, site, gateway, logger } = this.#options;
    try {
      await client.subscribeAsync([topics.ack(site, gateway), topics.ask(site, gateway)], { qos: 1 });
      this.#greet();
    } catch (error) {
      // The connection went away again: the next connect comes back here.
      logger.info({ reason: String(error) }, 'the broker did not take the subscription');
    }
  }

  #greet(): void {
    const { client, site, gateway, outbox } = this.#options;
    this.#sent = undefined;
    this.#lastWordMs = Date.now();
    const hello: HelloMessage = {
      version: MESSAGE_VERSION,
      outbox: outbox.id,
      firstSequence: outbox.firstSequence,
      lastSequence: outbox.lastSequence,
    };
    client.publish(topics.hello(site, gateway), JSON.stringify(hello), { qos: 1 });
  }

  #hear(topic: string, payload: Buffer): void {
    const { site, gateway, outbox, logger } = this.#options;
    const kind = topic === topics.ack(site, gateway) ? 'ack' : topic === topics.ask(site, gateway) ? 'ask' : undefined;
    if (kind === undefined) return;
    const message = decodeCursor(payload);
    if (typeof message === 'string') {
      logger.warn({ topic, reason: message }, 'refused a message from the hub');
      return;
    }
    if (message.outbox !== outbox.id) {
      // The hub knows this gateway by an older outbox. Unless it has just been greeted, tell it which one this is.
      if (kind === 'ask' && this.#sent !== undefined) this.#greet();
      return;
    }
    this.#lastWordMs = Date.now();
    if (kind === 'ask') this.#follow(message);
    else this.#confirm(message);
  }

  /** The hub asks for what follows a number: that may lie far back, after it was restored from a backup. */
  #follow(message: CursorMessage): void {
    const { outbox, logger } = this.#options;
    const from = Math.max(message.sequence, outbox.firstSequence - 1);
    if (from > message.sequence) {
      logger.warn({ asked: message.sequence + 1, first: from + 1 }, 'the hub asks for entries that have expired');
    }
    this.#sent = Math.min(from, outbox.lastSequence);
    this.#acknowledged = Math.min(message.sequence, outbox.lastSequence);
    this.#settle(message.sequence);
  }

  #confirm(message: CursorMessage): void {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(message.sequence, this.#options.outbox.lastSequence));
    this.#settle(message.sequence);
  }

  #settle(sequence: number): void {
    const { outbox } = this.#options;
    outbox.acknowledge(HUB_CONSUMER, sequence);
    if (this.#acknowledged >= outbox.lastSequence) for (const resolve of this.#onIdle.splice(0)) resolve();
    void this.#pump();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        const { client, site, gateway, outbox, windowBatches, simulated } = this.#options;
        if (this.#sent === undefined || !client.connected) return;
        const room = this.#acknowledged + windowBatches - this.#sent;
        const entries = room > 0 ? outbox.read(this.#sent, Math.min(room, 8)) : [];
        if (entries.length === 0) return;
        for (const { sequence, machines } of entries) {
          const head = `{"version":${MESSAGE_VERSION},"outbox":"${outbox.id}","sequence":${sequence}`;
          const batch = `${head}${simulated ? ',"simulated":true' : ''},"machines":${machines}}`;
          client.publish(topics.batch(site, gateway), batch, { qos: 1 });
          this.#sent = sequence;
        }
        // Let acknowledgements and readings in between.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      this.#pumping = false;
    }
  }
}
