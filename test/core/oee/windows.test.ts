import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HUB_WINDOW_MS, HUB_WINDOWS, windowEnd, windowOf, windowsTouching } from '../../../core/oee/windows.ts';

const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
const show = (ms: number) => new Date(ms).toISOString().slice(11, 16);

describe('windows', () => {
  test.each([
    // instant     window  ends at
    ['10:15:00.000', '15m', '10:15'],
    ['10:15:00.001', '15m', '10:30'],
    ['10:14:59.999', '15m', '10:15'],
    ['10:00:00.000', '1h', '10:00'],
    ['10:01:00.000', '5m', '10:05'],
    ['00:00:00.000', '1d', '00:00'],
    ['00:00:00.001', '1d', '00:00'],
  ] as const)('%s is in the %s window that ends at %s', (instant, window, end) => {
    expect(show(windowEnd(at(instant), HUB_WINDOW_MS[window]))).toBe(end);
  });

  test('touching a range begin with the one that holds the first instant after its start', () => {
    const windows = windowsTouching({ fromMs: at('10:15:00'), toMs: at('10:31:00') }, HUB_WINDOW_MS['15m']);
    expect(windows.map(({ startMs, endMs }) => `${show(startMs)}-${show(endMs)}`)).toEqual([
      '10:15-10:30',
      '10:30-10:45',
    ]);
    expect(windowsTouching({ fromMs: at('10:15:00'), toMs: at('10:15:00') }, HUB_WINDOW_MS['15m'])).toEqual([]);
  });

  test('hold their instant, and each fits into the next longer one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (instant) => {
        let inner = { startMs: instant - 1, endMs: instant };
        for (const window of HUB_WINDOWS) {
          const outer = windowOf(instant, HUB_WINDOW_MS[window]);
          expect(outer.startMs).toBeLessThanOrEqual(inner.startMs);
          expect(outer.endMs).toBeGreaterThanOrEqual(inner.endMs);
          expect(windowsTouching({ fromMs: instant - 1, toMs: instant }, HUB_WINDOW_MS[window])).toEqual([outer]);
          inner = outer;
        }
      }),
    );
  });
});
