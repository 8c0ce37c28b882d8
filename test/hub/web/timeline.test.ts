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

const sizes = (spans: readonly TimelineSpan[], width: number, toMs = 100_000) =>
  layoutTimeline(spans, 0, toMs, width).map((box) => [
    box.x,
    box.width,
    box.parts.map(({ span: { state }, share }) => [state, share]),
  ]);

describe('the layout', () => {
  test('joins what one state fills', () => {
    expect(sizes([span('RUNNING', 0, 50_000), span('FAULT', 50_000, 100_000)], 300)).toEqual([
      [0, 150, [['RUNNING', 1]]],
      [150, 150, [['FAULT', 1]]],
    ]);
  });

  test('shows a micro-stop that is narrower than a slice by its share of the height, on top', () => {
    const spans = [span('RUNNING', 0, 50_000), span('IDLE', 50_000, 50_250), span('RUNNING', 50_250, 100_000)];
    expect(sizes(spans, 300)[1]).toEqual([
      150,
      3,
      [
        ['RUNNING', 0.75],
        ['IDLE', 0.25],
      ],
    ]);
  });

  test('leaves time without a span empty', () => {
    const spans = [span('RUNNING', 0, 20_000), span('RUNNING', 60_000, 100_000)];
    expect(sizes(spans, 300).map(([x, width]) => [x, width])).toEqual([
      [0, 60],
      [180, 120],
    ]);
  });

  test('cuts what reaches beyond the period, and needs a width', () => {
    expect(sizes([span('RUNNING', -50_000, 150_000)], 300)).toEqual([[0, 300, [['RUNNING', 1]]]]);
    expect(sizes([span('RUNNING', 0, 100_000)], 0)).toEqual([]);
  });

  test('gives each state the area of its time, and overlaps nothing (any spans, any width)', () => {
    const lengths = fc.array(fc.tuple(fc.constantFrom(...MACHINE_STATES), fc.integer({ min: 1, max: 40_000 })), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 900 }), (states, width) => {
        let at = 0;
        const spans = states.map(([state, length]) => {
          at += length;
          return span(state, at - length, at);
        });
        const boxes = layoutTimeline(spans, 0, at, width);
        boxes.forEach((box, index) => {
          const next = boxes[index + 1];
          if (next !== undefined) expect(box.x + box.width).toBeLessThanOrEqual(next.x + 1e-6);
        });
        for (const state of MACHINE_STATES) {
          const time = spans
            .filter((each) => each.state === state)
            .reduce((sum, each) => sum + each.toMs - each.fromMs, 0);
          const area = boxes
            .flatMap((box) => box.parts.map((part) => ({ part, box })))
            .filter(({ part }) => part.span.state === state)
            .reduce((sum, { part, box }) => sum + part.share * box.width, 0);
          expect(area / width).toBeCloseTo(time / at, 2);
        }
      }),
    );
  });

  test('finds the span under a pointer', () => {
    const spans = [span('RUNNING', 0, 10), span('IDLE', 20, 30)];
    expect([spanAt(spans, 5), spanAt(spans, 15), spanAt(spans, 20)]).toEqual([0, -1, 1]);
  });
});
