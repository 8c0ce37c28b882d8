import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeBatch,
  decodeCommand,
  decodeCursor,
  decodeHello,
  decodeMachine,
  decodeMinute,
  decodeState,
  MESSAGE_LIMITS,
} from '../../../core/telemetry/decode.ts';
import { fromMachineMessage, type MachineMessage, toMachineMessages } from '../../../core/telemetry/message.ts';
import type { Quality, Sample, Value } from '../../../core/telemetry/types.ts';

const BASE = Date.UTC(2026, 2, 2, 12);
const machine = (signals: unknown, changes: object = {}) => ({
  version: 1,
  machine: 'demo/bottling/filler',
  base: BASE,
  signals,
  ...changes,
});
const batch = (changes: object = {}) => ({ version: 1, outbox: 'b7', sequence: 1, machines: [], ...changes });
const command = (changes: object = {}) => ({
  version: 1,
  id: 'c-1',
  machine: 'demo/bottling/filler',
  command: 'slow-down',
  parameters: { speed: 0.5 },
  requester: 'rule:demo/bottling/filler/hot',
  issuedAt: BASE,
  expiresAt: BASE + 1,
  ...changes,
});
const minute = (changes: object = {}) => ({
  version: 1,
  machine: 'demo/bottling/filler',
  minuteEnd: BASE,
  asOf: BASE - 1,
  tick: { 'run-s': 1 },
  state: 'RUNNING',
  ...changes,
});

describe('decoders', () => {
  test.each([
    ['an unknown version', machine({}, { version: 2 }), 'The message is wrong: "version" is not 1.'],
    ['no version', { machine: 'a/b/c', base: 1, signals: {} }, 'The message lacks the field "version".'],
    ['a field that nobody knows', machine({}, { debug: 1 }), 'The message has the unknown field "debug".'],
    [
      'a path that is none',
      machine({}, { machine: 'demo/+/#' }),
      'The message is wrong: "machine" is not <site>/<line>/<machine>.',
    ],
    [
      'a signal id that is none',
      machine({ __PROTO__: {} }),
      'The message is wrong: "signals": "__PROTO__" is not a valid id.',
    ],
    [
      'lists of different lengths',
      machine({ a: { t: [0, 1], v: [1] } }),
      'The message is wrong: "signals": a has lists "t" and "v" of different lengths.',
    ],
    [
      'times that go back',
      machine({ a: { t: [1, 0], v: [1, 2] } }),
      'The message is wrong: "signals": a has times that do not ascend.',
    ],
    [
      'the same time twice',
      machine({ a: { t: [1, 1], v: [1, 2] } }),
      'The message is wrong: "signals": a has times that do not ascend.',
    ],
    [
      'a time before 1970',
      machine({ a: { t: [-BASE - 1], v: [1] } }),
      'The message is wrong: "signals": a has times that do not ascend.',
    ],
    [
      'an object as a value',
      machine({ a: { t: [0], v: [{}] } }),
      'The message is wrong: "signals": a has a value that is none.',
    ],
    [
      'a good value that is null',
      machine({ a: { t: [0], v: [null] } }),
      'The message is wrong: "signals": a has a value that is none.',
    ],
    [
      'a text that is too long',
      machine({ a: { t: [0], v: ['x'.repeat(1025)] } }),
      'The message is wrong: "signals": a has a value that is none.',
    ],
    [
      'a text with NUL',
      machine({ a: { t: [0], v: ['\u0000'] } }),
      'The message is wrong: "signals": a has a value that is none.',
    ],
    [
      'qualities of another number',
      machine({ a: { t: [0], v: [1], q: 'GG' } }),
      'The message is wrong: "signals": a has a "q" that is not one of G, B, U for each value.',
    ],
    ['a list', [], 'The message is not a JSON object.'],
    ['null', null, 'The message is not a JSON object.'],
  ])('a machine message with %s is refused with a reason', (_, message, reason) => {
    expect(decodeMachine(JSON.stringify(message))).toBe(reason);
    expect(decodeMachine(message)).toBe(reason);
  });

  test.each([
    ['not JSON', '{', 'The message is not JSON in UTF-8.'],
    ['empty', '', 'The message is not JSON in UTF-8.'],
    [
      'an infinite number',
      '{"version":1,"machine":"a/b/c","base":1e999,"signals":{}}',
      'The message is wrong: "base" is not a time.',
    ],
    [
      '__proto__',
      '{"version":1,"machine":"a/b/c","base":1,"signals":{},"__proto__":1}',
      'The message has the unknown field "__proto__".',
    ],
    ['nested deeply', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'The message is not a JSON object.'],
    ['too long', ' '.repeat(MESSAGE_LIMITS.bytes + 1), `The message is longer than ${MESSAGE_LIMITS.bytes} bytes.`],
  ])('a payload that is %s is refused', (_, payload, reason) => {
    expect(decodeMachine(payload)).toBe(reason);
    expect(decodeMachine(new TextEncoder().encode(payload))).toBe(reason);
  });

  test('bytes that are not UTF-8 are refused', () =>
    expect(decodeMachine(Uint8Array.of(0x22, 0xff, 0x22))).toBe('The message is not JSON in UTF-8.'));

  test('a message with too many signals or values is refused', () => {
    const signals = Object.fromEntries(
      Array.from({ length: MESSAGE_LIMITS.signals + 1 }, (_, index) => [`s${index}`, { t: [], v: [] }]),
    );
    expect(decodeMachine(machine(signals))).toBe(`The message has more than ${MESSAGE_LIMITS.signals} signals.`);
    const t = Array.from({ length: MESSAGE_LIMITS.values + 1 }, (_, index) => index);
    expect(decodeMachine(machine({ a: { t, v: t } }))).toBe(
      `The message is wrong: "signals": a goes beyond ${MESSAGE_LIMITS.values} values in one message.`,
    );
  });

  test.each([
    ['sequence 0', { sequence: 0 }, '"sequence" is not an integer from 1 on'],
    ['a broken sequence', { sequence: 1.5 }, '"sequence" is not an integer from 1 on'],
    ['no outbox', { outbox: '' }, '"outbox" is not a text of 1 to 64 characters'],
    ['simulated as a text', { simulated: 'yes' }, '"simulated" is not true or false'],
    ['machines as an object', { machines: {} }, '"machines" is not a list of at most 1000'],
    ['a machine that is none', { machines: [1] }, '"machines": an entry is not a JSON object'],
    ['a machine twice', { machines: [machine({}), machine({})] }, '"machines" has demo/bottling/filler twice'],
  ])('a batch with %s is refused', (_, changes, reason) =>
    expect(decodeBatch(batch(changes))).toBe(`The message is wrong: ${reason}.`),
  );

  test.each([
    [decodeHello, { version: 1, outbox: 'o', firstSequence: 5, lastSequence: 4 }, { firstSequence: 6 }],
    [decodeCursor, { version: 1, outbox: 'o', sequence: 0 }, { sequence: -1 }],
    [decodeState, { t: BASE, v: 'IDLE', q: 'GOOD' }, { v: 'BROKEN' }],
    [decodeState, { t: BASE, v: 'IDLE', q: 'GOOD' }, { q: 'PERFECT' }],
    [decodeMinute, minute({ reason: '', clockSkewMs: -1, confirmedAt: 0 }), { minuteEnd: BASE + 1 }],
    [decodeMinute, minute(), { tick: { 'run-s': '1' } }],
    [decodeMinute, minute(), { tick: { 'my-s': 1 } }],
    [decodeMinute, minute(), { state: 'toString' }],
    [decodeCommand, command(), { expiresAt: BASE - 1 }],
    [decodeCommand, command(), { command: 'rm -rf' }],
    [decodeCommand, command(), { parameters: { speed: {} } }],
    [decodeCommand, command(), { id: 'a\nb' }],
  ])('%p takes what is right and refuses what is wrong', (decoder, right, wrong) => {
    expect(decoder(JSON.stringify(right))).toEqual(right);
    expect(typeof decoder(JSON.stringify({ ...right, ...wrong }))).toBe('string');
  });

  test('hostile input never makes them throw', () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    );
    const decoders = [decodeBatch, decodeHello, decodeCursor, decodeMachine, decodeMinute, decodeState, decodeCommand];
    for (const decoder of decoders) expect(typeof decoder(trap)).toBe('string');
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.uint8Array(), fc.string()), (input) => {
        for (const decoder of decoders) expect(typeof decoder(input)).toBe('string');
      }),
    );
  });

  test('a mutation of a good batch is refused or is a good batch', () => {
    const good = JSON.stringify(batch({ machines: [machine({ 'run-s': { t: [0, 60], v: [1, null], q: 'GB' } })] }));
    fc.assert(
      fc.property(fc.nat(good.length), fc.nat(4), fc.string({ maxLength: 3 }), (from, length, text) => {
        const decoded = decodeBatch(good.slice(0, from) + text + good.slice(from + length));
        if (typeof decoded === 'string') return;
        for (const sample of decoded.machines.flatMap((message) => fromMachineMessage(message))) {
          expect(Number.isInteger(sample.timeMs)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('samples and messages', () => {
  test('there and back again, each signal in its order', () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), fc.boolean());
    const sample = fc.record({
      path: fc.constantFrom('a/b/c/x', 'a/b/c/constructor', 'a/b/d/x'),
      value: value as fc.Arbitrary<Value>,
      quality: fc.constantFrom<Quality>('GOOD', 'BAD', 'UNCERTAIN'),
    });
    fc.assert(
      fc.property(fc.array(sample), (list) => {
        const samples: Sample[] = list.map((item, index) => ({ ...item, timeMs: BASE + index }));
        const byPath = (items: readonly Sample[]) => Object.groupBy(items, ({ path }) => path);
        const messages: MachineMessage[] = toMachineMessages(samples);
        expect(byPath(messages.flatMap(fromMachineMessage))).toEqual(byPath(samples));
      }),
    );
  });
});
