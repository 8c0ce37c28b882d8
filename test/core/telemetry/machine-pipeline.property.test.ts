import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeBatch, decodeMinute } from '../../../core/telemetry/decode.ts';
import { MachinePipeline, type PipelineCheckpoint } from '../../../core/telemetry/machine-pipeline.ts';
import { toMachineMessages } from '../../../core/telemetry/message.ts';
import type { Quality, Reading, Sample } from '../../../core/telemetry/types.ts';
import { at, filler, sensor } from './scenario.ts';

const START = at('12:00:17');
const MACHINE = filler({
  products: [
    { code: 'A', idealCycleSeconds: 0.5 },
    { code: 'B', idealCycleSeconds: 2 },
  ],
  sensors: [sensor('temperature', { deadband: 0.5 }), sensor('text', { type: 'STRING' }), sensor('constructor')],
});

/** One thing that happens to a pipeline, `afterMs` after the one before. */
interface Event {
  readonly afterMs: number;
  readonly what: 'readings' | 'confirmed' | 'lost' | 'clock' | 'advance';
  readonly readings: readonly Reading[];
  readonly skewMs: number;
}

/** Anything that a broken adapter, or a hostile device behind it, may hand over. */
const garbage = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 70_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 2, 3, 4, 'A', 'B', true, false, '17') },
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withTypedArray: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 1e308, '\u0000', '\ud800', '__proto__'),
);

const reading = fc.record({
  machinePath: fc.constantFrom(MACHINE.path, MACHINE.path, MACHINE.path, 'demo/other/one'),
  signal: fc.constantFrom(
    'state',
    'reason',
    'product',
    'produced',
    'rejected',
    'temperature',
    'text',
    'constructor',
    '__proto__',
  ),
  value: garbage,
  quality: fc.constantFrom<Quality>('GOOD', 'GOOD', 'GOOD', 'UNCERTAIN', 'BAD', 'nonsense' as Quality),
  sourceTimeMs: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: START - 5_000, max: START + 400_000 }) },
    fc.constant(undefined),
    fc.double(),
  ),
});

const event: fc.Arbitrary<Event> = fc.record({
  afterMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
    fc.integer({ min: -20_000, max: 200_000 }),
    fc.double({ min: -4e6, max: 4e6, noNaN: true }),
  ),
  what: fc.constantFrom(
    'readings',
    'readings',
    'readings',
    'confirmed',
    'confirmed',
    'lost',
    'clock',
    'advance',
    'advance',
  ),
  readings: fc.array(reading, { maxLength: 6 }),
  skewMs: fc.oneof(fc.integer({ min: -5_000, max: 5_000 }), fc.double()),
});

const events = fc.array(event, { maxLength: 60 });

function apply(pipeline: MachinePipeline, { what, readings, skewMs }: Event, now: number): void {
  if (what === 'readings') pipeline.readings(readings, now);
  else if (what === 'confirmed') pipeline.confirmed(now);
  else if (what === 'lost') pipeline.lost(now);
  else if (what === 'clock') pipeline.clock(now + skewMs, now);
  else pipeline.advance(now);
}

function run(list: readonly Event[], restoreAt = -1): { samples: Sample[]; pipeline: MachinePipeline; now: number } {
  let pipeline = new MachinePipeline(MACHINE, START);
  const samples: Sample[] = [];
  let now = START;
  list.forEach((item, index) => {
    now += item.afterMs;
    apply(pipeline, item, now);
    samples.push(...pipeline.drain());
    if (index === restoreAt) {
      const checkpoint = JSON.parse(JSON.stringify(pipeline.checkpoint())) as PipelineCheckpoint;
      pipeline = new MachinePipeline(MACHINE, checkpoint.lastMs, checkpoint);
    }
  });
  now += 70_000;
  pipeline.advance(now);
  samples.push(...pipeline.drain());
  return { samples, pipeline, now };
}

describe('a machine pipeline, whatever happens to it', () => {
  test('never throws, and all that comes out of it can be stored', () =>
    fc.assert(
      fc.property(events, (list) => {
        const { samples, pipeline, now } = run(list);
        const batch = { version: 1, outbox: 'o', sequence: 1, machines: toMachineMessages(samples) };
        const sent = JSON.stringify(batch);
        // A clock that was put right by more than an hour begins anew: then times may repeat.
        if (!pipeline.problems.has('gateway-clock-stepped-back')) expect(decodeBatch(sent)).toEqual(JSON.parse(sent));
        for (const { value, timeMs, quality } of samples) {
          expect(Number.isInteger(timeMs)).toBe(true);
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          if (value === null) expect(quality).not.toBe('GOOD');
        }
        const minute = JSON.stringify(pipeline.minute(now));
        expect(decodeMinute(minute)).toEqual(JSON.parse(minute));
      }),
      { numRuns: 300 },
    ));

  test('times strictly ascend for each path', () =>
    fc.assert(
      fc.property(events, (list) => {
        const forward = list.map((item) => ({ ...item, afterMs: Math.max(item.afterMs, -1_000) }));
        const last = new Map<string, number>();
        for (const { path, timeMs } of run(forward).samples) {
          expect(timeMs).toBeGreaterThan(last.get(path) ?? Number.NEGATIVE_INFINITY);
          last.set(path, timeMs);
        }
      }),
      { numRuns: 200 },
    ));

  test('the four categories of each tick add up to 60 seconds, and all nine signals are there', () =>
    fc.assert(
      fc.property(events, (list) => {
        const ticks = new Map<number, Map<string, number>>();
        const forward = list.map((item) => ({ ...item, afterMs: Math.abs(item.afterMs) }));
        for (const { path, timeMs, value } of run(forward).samples) {
          const signal = path.split('/').at(-1) ?? '';
          if (!/^(run-s|down-s|planned-s|unknown-s|busy-s|produced|rejected|ideal-s|good-s)$/.test(signal)) continue;
          const tick = ticks.get(timeMs) ?? new Map<string, number>();
          ticks.set(timeMs, tick.set(signal, Number(value)));
        }
        for (const [end, tick] of ticks) {
          expect(end % 60_000).toBe(0);
          expect(tick.size).toBe(9);
          const [run = -1, down = -1, planned = -1, unknown = -1, busy = -1] = [
            'run-s',
            'down-s',
            'planned-s',
            'unknown-s',
            'busy-s',
          ].map((signal) => Math.round((tick.get(signal) ?? Number.NaN) * 1000));
          for (const part of [run, down, planned, unknown]) expect(part).toBeGreaterThanOrEqual(0);
          expect(run + down + planned + unknown).toBe(60_000);
          expect(busy).toBe(run + down);
        }
      }),
      { numRuns: 200 },
    ));

  test('a restart in which no time passes changes nothing, at any point', () =>
    fc.assert(
      fc.property(events, fc.nat(60), (list, restoreAt) => {
        expect(run(list, restoreAt).samples).toEqual(run(list).samples);
      }),
      { numRuns: 200 },
    ));

  test('parts of minutes and unattributed parts add up to the true production', () => {
    const step = fc.record({
      seconds: fc.integer({ min: 1, max: 25 }),
      parts: fc.integer({ min: 0, max: 4 }),
      what: fc.constantFrom('poll', 'poll', 'poll', 'poll', 'lost', 'restart', 'reset', 'bad state'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 0, max: 65_535 }), (steps, first) => {
        let pipeline = new MachinePipeline(MACHINE, START);
        const samples: Sample[] = [];
        let now = START;
        let total = first;
        let made = 0;
        const poll = (good = true) => {
          const base = { machinePath: MACHINE.path, quality: 'GOOD' } as const;
          pipeline.readings(
            [
              { ...base, signal: 'state', value: 1, quality: good ? 'GOOD' : 'BAD' },
              { ...base, signal: 'produced', value: total },
            ],
            now,
          );
        };
        poll();
        for (const { seconds, parts, what } of steps) {
          if (what === 'lost') pipeline.lost(now);
          for (let second = 0; second < seconds; second += 1) {
            now += 1000;
            pipeline.advance(now);
          }
          // Only away from the ends of the range can anybody tell a reset.
          if (what === 'reset' && total > 200 && total < 65_000) total = 0;
          made += parts;
          total = (total + parts) % 65_536;
          samples.push(...pipeline.drain());
          if (what === 'restart') pipeline = new MachinePipeline(MACHINE, now, pipeline.checkpoint());
          poll(what !== 'bad state');
        }
        now += 70_000;
        pipeline.advance(now);
        samples.push(...pipeline.drain());
        const sum = samples
          .filter(({ path }) => /\/produced(-unattributed)?$/.test(path))
          .reduce((parts, { value }) => parts + Number(value), 0);
        expect(sum).toBe(made);
      }),
      { numRuns: 200 },
    );
  });
});
