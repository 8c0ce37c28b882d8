import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { topics } from '../../core/path.ts';
import type { BatchMessage, CursorMessage, HelloMessage } from '../../core/telemetry/message.ts';
import { HubLink } from '../../edge/hub-link.ts';
import { Outbox } from '../../edge/outbox/outbox.ts';
import { startBroker, type TestBroker } from '../support/broker.ts';

const silent = { warn: () => {}, info: () => {} };
const site = 'demo';
const gateway = 'gateway-1';

/** A hub that commits nothing but in memory: it keeps the ledger of what came, and acknowledges when told to. */
class FakeHub {
  readonly sequences: number[] = [];
  readonly hellos: HelloMessage[] = [];
  #waiting: (() => void)[] = [];
  readonly #client: MqttClient;
  acknowledges = true;
  cursor = 0;

  constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload) => {
      if (topic.endsWith('/hello')) this.#hello(JSON.parse(payload.toString()) as HelloMessage);
      else this.#batch(JSON.parse(payload.toString()) as BatchMessage);
      for (const check of [...this.#waiting]) check();
    });
  }

  static async start(url: string): Promise<FakeHub> {
    const client = await connectAsync(url, { reconnectPeriod: 20 });
    const hub = new FakeHub(client);
    await client.subscribeAsync([topics.filters.batches(site), topics.filters.hellos(site)], { qos: 1 });
    return hub;
  }

  #hello(message: HelloMessage) {
    this.hellos.push(message);
    this.say('ask', { version: 1, outbox: message.outbox, sequence: this.cursor });
  }

  #batch(message: BatchMessage) {
    this.sequences.push(message.sequence);
    if (!this.acknowledges) return;
    this.cursor = Math.max(this.cursor, message.sequence);
    this.say('ack', { version: 1, outbox: message.outbox, sequence: this.cursor });
  }

  say(kind: 'ack' | 'ask', message: CursorMessage) {
    this.#client.publish(topics[kind](site, gateway), JSON.stringify(message), { qos: 1 });
  }

  async until(condition: () => boolean) {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const check = () => {
        if (!condition()) return;
        this.#waiting = this.#waiting.filter((other) => other !== check);
        resolve();
      };
      this.#waiting.push(check);
    });
  }

  stop = () => this.#client.endAsync(true);
}

let folder: string;
let broker: TestBroker;
let outbox: Outbox;
let client: MqttClient;
let link: HubLink;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'link-'));
  broker = await startBroker();
  outbox = Outbox.open({ folder });
  client = await connectAsync(broker.url, { reconnectPeriod: 20 });
  link = new HubLink({ site, gateway, outbox, client, logger: silent, windowBatches: 4, patienceMs: 200 });
});
afterEach(async () => {
  link.stop();
  await client.endAsync(true);
  await broker.stop();
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const fill = (count: number) => {
  for (let index = 0; index < count; index += 1) outbox.append(['[]'], new Map(), 1);
};
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('hub link', () => {
  test('sends what the hub has not committed, in order, and is drained when all of it is acknowledged', async () => {
    fill(20);
    const hub = await FakeHub.start(broker.url);
    link.start();
    await link.drained();
    expect(hub.sequences).toEqual(upTo(20));
    expect(outbox.cursor('hub')).toBe(20);
    await hub.stop();
  });

  test('begins after what the hub says it has, however far back that lies', async () => {
    fill(10);
    const hub = await FakeHub.start(broker.url);
    hub.cursor = 7;
    link.start();
    await link.drained();
    expect(hub.sequences).toEqual([8, 9, 10]);
    hub.sequences.length = 0;
    hub.cursor = 2;
    hub.say('ask', { version: 1, outbox: outbox.id, sequence: 2 });
    await hub.until(() => hub.sequences.length === 8);
    expect(hub.sequences).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    await hub.stop();
  });

  test('never has more on the way than its window, until the hub acknowledges', async () => {
    fill(10);
    const hub = await FakeHub.start(broker.url);
    hub.acknowledges = false;
    link.start();
    await hub.until(() => hub.sequences.length === 4);
    expect(hub.sequences).toEqual([1, 2, 3, 4]);
    hub.acknowledges = true;
    hub.say('ack', { version: 1, outbox: outbox.id, sequence: 2 });
    await hub.until(() => hub.sequences.includes(6));
    expect(hub.sequences.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
    await hub.stop();
  });

  test('greets again and again until a hub that starts later answers', async () => {
    fill(3);
    link.start();
    const hub = await FakeHub.start(broker.url);
    await hub.until(() => hub.sequences.length >= 3);
    expect(hub.sequences.slice(0, 3)).toEqual([1, 2, 3]);
    await hub.stop();
  });

  test('sends again what a hub took but never acknowledged', async () => {
    fill(2);
    const hub = await FakeHub.start(broker.url);
    hub.acknowledges = false;
    link.start();
    await hub.until(() => hub.sequences.length >= 2);
    hub.acknowledges = true;
    await link.drained();
    expect(hub.sequences).toEqual([1, 2, 1, 2]);
    await hub.stop();
  });

  test('goes on where it was after the broker was gone', async () => {
    fill(3);
    const hub = await FakeHub.start(broker.url);
    link.start();
    await link.drained();
    const port = Number(new URL(broker.url).port);
    await broker.stop();
    fill(3);
    broker = await startBroker(port);
    await link.drained();
    expect([...new Set(hub.sequences)]).toEqual(upTo(6));
    await hub.stop();
  });

  test('tells a hub that knows it by another outbox which one this is', async () => {
    fill(1);
    const hub = await FakeHub.start(broker.url);
    link.start();
    await link.drained();
    const greetings = hub.hellos.length;
    hub.say('ask', { version: 1, outbox: '00000000-0000-4000-8000-000000000000', sequence: 5 });
    await hub.until(() => hub.hellos.length > greetings);
    expect(hub.hellos.at(-1)).toEqual({ version: 1, outbox: outbox.id, firstSequence: 1, lastSequence: 1 });
    await hub.stop();
  });
});
