import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { topics } from '../../../core/path.ts';
import type { BatchMessage, CursorMessage } from '../../../core/telemetry/message.ts';
import { DatabaseError } from '../../../hub/historian/database.ts';
import type { OutboxCursor } from '../../../hub/historian/historian.ts';
import type { PoisonBatch } from '../../../hub/historian/poison.ts';
import { Ingest } from '../../../hub/ingest/ingest.ts';
import type { IngestStore } from '../../../hub/ingest/store.ts';
import { startBroker, type TestBroker } from '../../support/broker.ts';
import { keepingLogger } from '../../support/keeping-logger.ts';

/** A store that fails as it is told to. */
class FakeStore implements IngestStore {
  readonly committed: number[][] = [];
  readonly aside: PoisonBatch[] = [];
  stored: OutboxCursor[] = [];
  /** Refuses these for ever. */
  refused: readonly number[] = [];
  /** Fails this often in passing. */
  failures = 0;

  async commit(_gateway: string, batches: readonly BatchMessage[]): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new DatabaseError('could not extend file: No space left on device', 'unavailable', '53100');
    }
    if (batches.some(({ sequence }) => this.refused.includes(sequence))) {
      throw new DatabaseError('invalid byte sequence', 'data', '22021');
    }
    this.committed.push(batches.map(({ sequence }) => sequence));
  }

  async cursors(): Promise<OutboxCursor[]> {
    return this.stored;
  }

  async setAside(_gateway: string, poison: PoisonBatch): Promise<void> {
    this.aside.push(poison);
  }
}

const GATEWAY = 'gateway-1';
let broker: TestBroker;
let hubClient: MqttClient;
let gateway: MqttClient;
let store: FakeStore;
let ingest: Ingest;
let logger: ReturnType<typeof keepingLogger>;
let announced: number[];
let heard: { kind: string; sequence: number }[];
let onHeard: () => void;

/** Waits until the hub has said something. */
async function until(kind: 'ack' | 'ask', sequence: number): Promise<void> {
  while (!heard.some((one) => one.kind === kind && one.sequence === sequence)) {
    await new Promise<void>((resolve) => {
      onHeard = resolve;
    });
  }
}

function batch(sequence: number, outbox = 'box'): BatchMessage {
  const signals = { 'run-s': { t: [0], v: [60] } };
  return {
    version: 1,
    outbox,
    sequence,
    machines: [{ version: 1, machine: 's/l/m', base: 1_760_000_000_000 + sequence * 60_000, signals }],
  };
}

const send = (message: object | string) =>
  gateway.publishAsync(topics.batch('s', GATEWAY), typeof message === 'string' ? message : JSON.stringify(message), {
    qos: 1,
  });
const greet = (firstSequence: number, lastSequence: number, outbox = 'box') =>
  gateway.publishAsync(
    topics.hello('s', GATEWAY),
    JSON.stringify({ version: 1, outbox, firstSequence, lastSequence }),
    { qos: 1 },
  );

beforeEach(async () => {
  broker = await startBroker();
  [hubClient, gateway] = await Promise.all([connectAsync(broker.url), connectAsync(broker.url)]);
  heard = [];
  onHeard = () => undefined;
  await gateway.subscribeAsync([topics.ack('s', GATEWAY), topics.ask('s', GATEWAY)], { qos: 1 });
  gateway.on('message', (topic, payload) => {
    const { sequence } = JSON.parse(payload.toString()) as CursorMessage;
    heard.push({ kind: topic.endsWith('ack') ? 'ack' : 'ask', sequence });
    onHeard();
  });
  store = new FakeStore();
  logger = keepingLogger();
  announced = [];
  ingest = new Ingest({
    site: 's',
    client: hubClient,
    store,
    logger,
    onCommitted: (batches) => announced.push(...batches.map(({ sequence }) => sequence)),
  });
});

afterEach(async () => {
  await ingest.stop();
  await Promise.all([hubClient.endAsync(true), gateway.endAsync(true)]);
  await broker.stop();
});

describe('ingest', () => {
  test('answers a greeting with what is committed, commits in order, acknowledges and announces', async () => {
    await ingest.start();
    await greet(1, 3);
    await until('ask', 0);
    for (const sequence of [1, 2, 3]) await send(batch(sequence));
    await until('ack', 3);
    expect(store.committed.flat()).toEqual([1, 2, 3]);
    expect(announced).toEqual([1, 2, 3]);
    expect(ingest.health()).toEqual({ ok: true, detail: '1 outboxes, 0 batches waiting' });
  });

  test('asks every gateway that it knows for what follows, as soon as it is connected', async () => {
    store.stored = [
      { gateway: GATEWAY, outbox: 'box', sequence: 41 },
      { gateway: GATEWAY, outbox: 'older', sequence: 7 },
    ];
    await ingest.start();
    await until('ask', 41);
    expect(heard).not.toContainEqual({ kind: 'ask', sequence: 7 });
  });

  test('acknowledges a committed batch again and asks where one is missing', async () => {
    store.stored = [{ gateway: GATEWAY, outbox: 'box', sequence: 5 }];
    await ingest.start();
    await send(batch(5));
    await until('ack', 5);
    await send(batch(7));
    await until('ask', 5);
    expect(store.committed).toEqual([]);
  });

  test('does not acknowledge while the historian fails; says so in health and log, and goes on after it', async () => {
    store.failures = 1;
    await ingest.start();
    await greet(1, 1);
    await until('ask', 0);
    await send(batch(1));
    await until('ack', 1);
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(logger.lines.map(({ message }) => message)).toContain('the historian takes values again');
    expect(ingest.health().ok).toBe(true);
    expect(store.committed).toEqual([[1]]);
  });

  test('is not well while the historian fails', async () => {
    store.failures = 1000;
    await ingest.start();
    await send(batch(1));
    while (ingest.health().ok) await new Promise((resolve) => setImmediate(resolve));
    expect(ingest.health().detail).toContain('No space left on device');
    expect(heard.filter(({ kind }) => kind === 'ack')).toEqual([]);
  });

  test('sets aside what the database refuses, and stores everything else', async () => {
    store.refused = [2];
    await ingest.start();
    for (const sequence of [1, 2, 3]) await send(batch(sequence));
    await until('ack', 3);
    expect(store.committed.flat()).toEqual([1, 3]);
    expect(store.aside).toMatchObject([{ outbox: 'box', sequence: 2, reason: expect.stringContaining('refuses') }]);
    expect(ingest.health().detail).toContain('1 set aside');
  });

  test('sets aside what is no batch, in its place', async () => {
    await ingest.start();
    await send(batch(1));
    await send({ version: 1, outbox: 'box', sequence: 2, machines: 'none' });
    await send(batch(3));
    await until('ack', 3);
    expect(store.committed.flat()).toEqual([1, 3]);
    expect(store.aside).toMatchObject([{ sequence: 2, reason: expect.stringContaining('"machines"') }]);
  });

  test('gives up a place at which nothing can be read, after having asked for it again', async () => {
    await ingest.start();
    await send(batch(1));
    await until('ack', 1);
    for (const garbage of ['{"version":1,', '\u0000', 'x']) await send(garbage);
    await until('ack', 2);
    expect(store.aside).toMatchObject([{ outbox: 'box', sequence: 2 }]);
    expect(heard).toContainEqual({ kind: 'ask', sequence: 1 });
  });

  test('goes on where older batches have expired at the gateway, with a warning', async () => {
    await ingest.start();
    await greet(10, 11);
    await until('ask', 0);
    await send(batch(10));
    await until('ack', 10);
    expect(logger.lines.find(({ level }) => level === 'warn')?.details).toMatchObject({ gateway: GATEWAY });
  });

  test('begins anew with a new outbox of the same gateway', async () => {
    store.stored = [{ gateway: GATEWAY, outbox: 'older', sequence: 99 }];
    await ingest.start();
    await greet(1, 1, 'newer');
    await until('ask', 0);
    await send(batch(1, 'newer'));
    await until('ack', 1);
  });
});
