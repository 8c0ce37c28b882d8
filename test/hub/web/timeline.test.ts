import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_LOSS_CATEGORY, MACHINE_STATES, type MachineState } from '../../../core/telemetry/types.ts';
import type { LiveMachine } from '../../../hub/api/contract.ts';
import { layoutTimeline, spanAt, type TimelineSpan, withLive } from '../../../hub/web/src/logic/timeline.ts';

function span(state: MachineState, fromMs: number, toMs: number, reason: string | null = null): TimelineSpan {
  return { state, category: DEFAULT_LOSS_CATEGORY[state], reason, simulated: false, fromMs, toMs };
}

function live(state: MachineState, sinceMs: number, reason: string | null = null): LiveMachine {
  return {
    path: 'demo/bottling/filler',
    state,
    category: DEFAULT_LOSS_CATEGORY[state],
    reason,
    product: null,
    since: new Date(sinceMs).toISOString(),
    confirmedAt: null,
    stale: false,
    clockSkewMs: null,
    producedThisHour: 0,
  };
}

const shape = (spans: readonly TimelineSpan[]) => spans.map((each) => [each.state, each.fromMs, each.toMs]);

describe('what comes live', () => {
  test('lengthens the last state while it holds', () => {
    const spans = [span('RUNNING', 0, 60_000)];
    expect(shape(withLive(spans, live('RUNNING', 0), 75_000))).toEqual([['RUNNING', 0, 75_000]]);
  });

  test('starts a span of its own where the state changed after the last answer', () => {
    const spans = [span('RUNNING', 0, 60_000)];
    expect(shape(withLive(spans, live('FAULT', 62_000, 'Jam'), 75_000))).toEqual([
      ['RUNNING', 0, 62_000],
      ['FAULT', 62_000, 75_000],
    ]);
  });

  test('cuts what the last answer took to go on', () => {
    const spans = [span('IDLE', 0, 20_000), span('RUNNING', 20_000, 60_000)];
    expect(shape(withLive(spans, live('FAULT', 50_000), 61_000))).toEqual([
      ['IDLE', 0, 20_000],
      ['RUNNING', 20_000, 50_000],
      ['FAULT', 50_000, 61_000],
    ]);
  });

  test('that is older than the last answer changes nothing', () => {
    const spans = [span('RUNNING', 30_000, 60_000)];
    expect(withLive(spans, live('FAULT', 10_000), 61_000)).toEqual(spans);
  });

  test('tells a new reason of the same state', () => {
    const spans = [span('FAULT', 0, 60_000, 'Jam')];
    expect(withLive(spans, live('FAULT', 61_000, 'Door open'), 62_000).map((each) => each.reason)).toEqual([
      'Jam',
      'Door open',
    ]);
  });
});

describe('the layout', () => {
  test('keeps a micro-stop visible that is shorter than a pixel', () => {
    const spans = [span('RUNNING', 0, 50_000), span('IDLE', 50_000, 50_100), span('RUNNING', 50_100, 100_000)];
    const boxes = layoutTimeline(spans, 0, 100_000, 100);
    expect(boxes.map((box) => [box.span.state, box.x, box.width])).toEqual([
      ['RUNNING', 0, 50],
      ['IDLE', 50, 1],
      ['RUNNING', 51, 49],
    ]);
  });

  test('leaves time without a span empty', () => {
    const boxes = layoutTimeline([span('RUNNING', 0, 20_000), span('RUNNING', 60_000, 100_000)], 0, 100_000, 100);
    expect(boxes.map((box) => [box.x, box.width])).toEqual([
      [0, 20],
      [60, 40],
    ]);
  });

  test('cuts what reaches beyond the period, and needs a width', () => {
    const spans = [span('RUNNING', -50_000, 150_000)];
    expect(layoutTimeline(spans, 0, 100_000, 100).map((box) => [box.x, box.width])).toEqual([[0, 100]]);
    expect(layoutTimeline(spans, 0, 100_000, 0)).toEqual([]);
  });

  test('never overlaps, never leaves the frame, and never hides the only loss (any spans)', () => {
    const lengths = fc.array(fc.tuple(fc.constantFrom(...MACHINE_STATES), fc.integer({ min: 1, max: 40_000 })), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 300 }), (states, width) => {
        let at = 0;
        const spans = states.map(([state, length]) => {
          at += length;
          return span(state, at - length, at);
        });
        const boxes = layoutTimeline(spans, 0, at, width);
        boxes.forEach((box, index) => {
          const next = boxes[index + 1];
          expect(box.width).toBeGreaterThanOrEqual(1);
          if (next !== undefined) expect(box.x + box.width).toBeLessThanOrEqual(next.x);
        });
        expect(boxes.at(-1)!.x + boxes.at(-1)!.width).toBeLessThanOrEqual(width + 1);
        const lost = spans.some((each) => each.category === 'down');
        expect(boxes.some((box) => box.span.category === 'down')).toBe(lost);
      }),
    );
  });

  test('finds the span under a pointer', () => {
    const spans = [span('RUNNING', 0, 10), span('IDLE', 20, 30)];
    expect([spanAt(spans, 5), spanAt(spans, 15), spanAt(spans, 20)]).toEqual([0, -1, 1]);
  });
});
