import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BatchMessage } from '../../../core/telemetry/message.ts';
import { GatewayStream, type Incoming } from '../../../hub/ingest/gateway-stream.ts';

function incoming(sequence: number, values = 1): Incoming {
  const batch: BatchMessage = { version: 1, outbox: 'o', sequence, machines: [] };
  return { sequence, values, batch };
}

function poison(sequence: number): Incoming {
  return { sequence, values: 0, poison: { outbox: 'o', sequence, reason: 'r', content: '' } };
}

const sequences = (taken: readonly Incoming[]) => taken.map(({ sequence }) => sequence);

describe('the order of one outbox', () => {
  test('takes batches in order, acknowledges again what is committed, ignores what waits', () => {
    const stream = new GatewayStream('g', 'o', 3);
    expect([2, 3, 4, 4, 5].map((sequence) => stream.accept(incoming(sequence)))).toEqual([
      'committed',
      'committed',
      'queued',
      'waiting',
      'queued',
    ]);
    expect(sequences(stream.next())).toEqual([4, 5]);
    stream.done(2);
    expect(stream.committed).toBe(5);
    expect(stream.next()).toEqual([]);
  });

  test('asks when something is missing, and goes on when it comes', () => {
    const stream = new GatewayStream('g', 'o', 0);
    expect(stream.accept(incoming(2))).toBe('hole');
    expect(stream.accept(incoming(1))).toBe('queued');
    expect(stream.accept(incoming(2))).toBe('queued');
  });

  test('takes what the gateway still has where older batches have expired, and says so', () => {
    const stream = new GatewayStream('g', 'o', 3);
    expect(stream.greeted(10, 20)).toContain('batches 4 to 9');
    expect(stream.accept(incoming(11))).toBe('hole');
    expect(stream.accept(incoming(10))).toBe('queued');
    expect(stream.accept(incoming(12))).toBe('hole');
    expect(stream.accept(incoming(11))).toBe('queued');
  });

  test('says nothing where the outbox fits', () => {
    const stream = new GatewayStream('g', 'o', 3);
    expect(stream.greeted(1, 9)).toBeUndefined();
    expect(stream.greeted(4, 3)).toBeUndefined();
  });

  test('takes the batches of an outbox that came back older as new: they are not the ones that were committed', () => {
    const stream = new GatewayStream('g', 'o', 100);
    expect(stream.greeted(1, 40)).toContain('came back older');
    expect(stream.committed).toBe(40);
    expect(stream.accept(incoming(41))).toBe('queued');
  });

  test('bounds what waits, and asks for the rest when there is room', () => {
    const stream = new GatewayStream('g', 'o', 0);
    const verdicts = Array.from({ length: 300 }, (_, index) => stream.accept(incoming(index + 1)));
    expect(verdicts.filter((verdict) => verdict === 'queued')).toHaveLength(256);
    const asks: boolean[] = [];
    while (stream.pendingBatches > 0) asks.push(stream.done(stream.next().length));
    expect(asks).toEqual([false, false, false, true]);
    expect(stream.committed).toBe(256);
  });

  test('bounds one transaction by its values', () => {
    const stream = new GatewayStream('g', 'o', 0);
    for (const sequence of [1, 2, 3, 4]) stream.accept(incoming(sequence, 8000));
    expect(sequences(stream.next())).toEqual([1, 2, 3]);
  });

  test('keeps a poison batch in its place: what is before it is committed first', () => {
    const stream = new GatewayStream('g', 'o', 0);
    for (const one of [incoming(1), incoming(2), poison(3), incoming(4)]) stream.accept(one);
    const taken: number[][] = [];
    while (stream.pendingBatches > 0) {
      taken.push(sequences(stream.next()));
      stream.done(stream.next().length);
    }
    expect(taken).toEqual([[1, 2], [3], [4]]);
  });

  test('tries refused batches one by one, then several again', () => {
    const stream = new GatewayStream('g', 'o', 0);
    for (const sequence of [1, 2, 3, 4]) stream.accept(incoming(sequence));
    stream.isolate(2);
    const taken: number[][] = [];
    while (stream.pendingBatches > 0) {
      taken.push(sequences(stream.next()));
      stream.done(stream.next().length);
    }
    expect(taken).toEqual([[1], [2], [3, 4]]);
  });

  test('gives a place up that stays unreadable', () => {
    const stream = new GatewayStream('g', 'o', 0);
    expect([stream.unreadable(), stream.unreadable(), stream.unreadable()]).toEqual([false, false, true]);
  });

  test('any loss, repetition and order of delivery ends with every batch once and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 200 }),
        fc.nat(7),
        (deliveries, commitEvery) => {
          const stream = new GatewayStream('g', 'o', 0);
          const committed: number[] = [];
          const commit = () => {
            const taken = stream.next();
            committed.push(...sequences(taken));
            stream.done(taken.length);
          };
          for (const [index, sequence] of deliveries.entries()) {
            stream.accept(incoming(sequence));
            if (index % (commitEvery + 1) === 0) commit();
          }
          // The gateway answers the last question: everything after the cursor.
          for (let sequence = stream.committed + 1; sequence <= 30; sequence += 1) stream.accept(incoming(sequence));
          while (stream.pendingBatches > 0) commit();
          expect(committed).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
        },
      ),
    );
  });
});
