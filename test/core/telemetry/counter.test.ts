import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Counter, counterStep } from '../../../core/telemetry/counter.ts';
import { at, expectTicks, filler, play, seriesOf } from './scenario.ts';

const BINARY = { modulus: 65_536, maxCountsPerSecond: 4 };
const DECIMAL = { modulus: 1_000_000, maxCountsPerSecond: 4 };
const ENDLESS = { maxCountsPerSecond: 4 };

describe('a step of a totaliser', () => {
  // In 10 s the machine makes at most (10 + 1) x 4 + 1 = 45.
  test.each([
    ['goes on', 100, 120, BINARY, 'forward', 20],
    ['stands still', 100, 100, BINARY, 'forward', 0],
    ['rolls over at 65536', 65_530, 14, BINARY, 'rollover', 20],
    ['rolls over at a million', 999_990, 10, DECIMAL, 'rollover', 20],
    ['rolls over to 0', 65_535, 0, BINARY, 'rollover', 1],
    ['is reset to 0', 40_000, 0, BINARY, 'reset', 0],
    ['is reset and counts on', 40_000, 7, BINARY, 'reset', 7],
    ['is reset, without a modulus', 65_530, 7, ENDLESS, 'reset', 7],
    [
      'could well be both, as so many parts can be made',
      65_530,
      7,
      { ...BINARY, maxCountsPerSecond: 400 },
      'ambiguous',
      0,
    ],
    ['is near the top of a small turn', 95, 5, { modulus: 100, maxCountsPerSecond: 4 }, 'ambiguous', 0],
    ['is turned back', 40_000, 39_000, BINARY, 'implausible', 0],
    ['jumps ahead', 100, 5_000, BINARY, 'implausible', 0],
  ] as const)('%s', (_, last, value, rule, kind, counts) => {
    expect(counterStep(last, value, 10, rule, false)).toEqual({ kind, counts });
  });

  test('over a gap in which a whole turn fits, nobody knows', () => {
    const small = { modulus: 100, maxCountsPerSecond: 4 };
    expect(counterStep(10, 30, 60, small, false)).toEqual({ kind: 'forward', counts: 20 });
    expect(counterStep(10, 30, 60, small, true)).toEqual({ kind: 'ambiguous', counts: 0 });
    expect(counterStep(10, 30, 10, small, true)).toEqual({ kind: 'forward', counts: 20 });
  });

  test('noise of a float totaliser is not a step, and is not counted again on its way up', () => {
    const counter = new Counter({ maxCountsPerSecond: 4 });
    const deltas = [1234.5, 1234.4999, 1234.5, 1236.25].map(
      (value, index) => counter.read(value, index * 1000)?.counts,
    );
    expect(deltas).toEqual([undefined, 0, 0, 1.75]);
  });

  test('never negative, never more than the machine can make', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        fc.double({ min: -10, max: 1e6, noNaN: true }),
        fc.option(fc.double({ min: 1, max: 1e9, noNaN: true }), { nil: undefined }),
        fc.boolean(),
        (last, value, elapsed, modulus, afterGap) => {
          const { counts } = counterStep(last, value, elapsed, { modulus, maxCountsPerSecond: 4 }, afterGap);
          expect(counts).toBeGreaterThanOrEqual(0);
          expect(counts).toBeLessThanOrEqual((Math.max(0, elapsed) + 1) * 4 + 1);
        },
      ),
    ));

  test('the deltas add up to the true production, whatever rolls over or is reset', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(65_536, 1_000_000, undefined),
        fc.integer({ min: 0, max: 60_000 }),
        // Each poll, 1 s apart: how many parts were made, and whether the PLC was reset just before them.
        fc.array(fc.record({ parts: fc.integer({ min: 0, max: 4 }), reset: fc.boolean() }), { maxLength: 200 }),
        (modulus, start, polls) => {
          const counter = new Counter({ modulus, maxCountsPerSecond: 4 });
          let value = start;
          let made = 0;
          let counted = 0;
          counter.read(value, 0);
          polls.forEach(({ parts, reset }, index) => {
            // A reset is told from a rollover only away from both ends of the totaliser's range.
            const canReset = value > 20 && (modulus === undefined || value < modulus - 20);
            if (reset && canReset) value = 0;
            made += parts;
            value = modulus === undefined ? value + parts : (value + parts) % modulus;
            counted += counter.read(value, (index + 1) * 1000)?.counts ?? 0;
          });
          expect(counted).toBe(made);
        },
      ),
    ));
});

describe('parts of a machine', () => {
  test('the PLC resets its totaliser at the start of a shift', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00  state=1 produced=40000
         12:00:20  produced=40030
         12:00:40  produced=10
         12:00:50  produced=30
         12:01:02  end`,
      ),
      `end    produced  ideal-s
       12:01  60        30`,
    ));

  test('the totaliser rolls over, binary and decimal', () => {
    const script = (top: number) =>
      `12:00:00  state=1 produced=${top - 10}
       12:00:10  produced=10
       12:00:20  produced=30
       12:01:02  end`;
    const table = `end    produced  ideal-s
                   12:01  40        20`;
    expectTicks(play(filler(), script(65_536)), table);
    const counter = { modulus: 1_000_000, maxRatePerSecond: 4 };
    expectTicks(play(filler({ produced: { scale: 1, counter } }), script(1_000_000)), table);
  });

  test('an ambiguous step counts nothing, and says so', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1 produced=65520
       12:20:30  produced=20
       12:20:40  produced=30
       12:21:02  end`,
    );
    // After 20 minutes without a part, 36 by rollover or 20 by reset: only the 10 parts after it are sure.
    expectTicks(
      { ...outcome, samples: outcome.samples.filter(({ timeMs }) => timeMs > at('12:20:30')) },
      `end    produced
       12:21  10`,
    );
    expect(outcome.pipeline.problems.get('ambiguous-counter')?.lastMessage).toBe(
      'produced went from 65520 to 20: a rollover, a reset or a missed turn would fit; nothing is counted for this step',
    );
  });

  test('the first value after the start is only the base', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00  state=1
         12:00:10  produced=50000
         12:00:20  produced=50004
         12:01:02  end`,
      ),
      `end    produced
       12:01  4`,
    ));

  test('parts per count, and a totaliser in a float', () => {
    const counter = { maxRatePerSecond: 40 };
    expectTicks(
      play(
        filler({ produced: { scale: 0.1, counter } }),
        `12:00:00  state=1 produced=1000.5
         12:00:10  produced=1003.5
         12:00:20  produced=1006.5
         12:01:02  end`,
      ),
      `end    produced  ideal-s
       12:01  0.6       0.3`,
    );
  });

  test('a counter of bad quality for longer than the staleness limit: its parts are unattributed', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1 produced=100
       12:00:10  produced=100 !BAD
       12:00:15  produced=110
       12:00:20  produced=null
       12:00:40  produced=140
       12:00:50  produced=145
       12:01:02  end`,
    );
    expectTicks(
      outcome,
      `end    produced
       12:01  15`,
    );
    expect(seriesOf(outcome, 'produced-unattributed')).toEqual(['12:00:40.000 30']);
    expect([...outcome.problems]).toEqual(['bad-quality', 'wrong-type']);
  });

  test("a product without an ideal cycle of its own takes the machine's; where there is none, it is noted", () => {
    const { idealCycleSeconds: _, ...without } = filler();
    const script = `12:00:00  state=1 product=X produced=0
                    12:00:30  produced=10
                    12:01:02  end`;
    expectTicks(
      play(filler({ products: [{ code: 'A', idealCycleSeconds: 3 }] }), script),
      `end    produced  ideal-s
       12:01  10        5`,
    );
    const outcome = play({ ...without, products: [{ code: 'A', idealCycleSeconds: 3 }] }, script);
    expectTicks(
      outcome,
      `end    produced  ideal-s
       12:01  10        0`,
    );
    expect(outcome.problems).toEqual(new Set(['unknown-product']));
  });
});
