import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stateSpans, type TextPoint } from '../../../core/oee/states.ts';
import { DEFAULT_LOSS_CATEGORY, MACHINE_STATES } from '../../../core/telemetry/types.ts';

const MINUTE = 60_000;
/** Minutes after ten -> ms; the range is 10:00-11:00. */
const at = (minutes: number) => Date.parse('2026-11-23T10:00:00Z') + minutes * MINUTE;
const HOUR = { fromMs: at(0), toMs: at(60) };

function spans(states: [number, string][], reasons: [number, string][] = [], confirmedUntil?: number) {
  const points = (list: [number, string][]): TextPoint[] =>
    list.map(([minute, value]) => ({ timeMs: at(minute), value }));
  return stateSpans(
    {
      states: points(states),
      reasons: points(reasons),
      categoryOfState: { ...DEFAULT_LOSS_CATEGORY, IDLE: 'planned' },
      confirmedUntilMs: confirmedUntil === undefined ? undefined : at(confirmedUntil),
      stalenessMs: MINUTE,
    },
    HOUR,
  ).map((span) => {
    const minutes = `${(span.fromMs - at(0)) / MINUTE}-${(span.toMs - at(0)) / MINUTE}`;
    return `${minutes} ${span.state} (${span.category})${span.reason === null ? '' : ` ${span.reason}`}`;
  });
}

describe('state spans', () => {
  test('begin with the state that held before the range', () => {
    expect(
      spans([
        [-30, 'RUNNING'],
        [20, 'FAULT'],
        [25, 'RUNNING'],
      ]),
    ).toEqual(['0-20 RUNNING (run)', '20-25 FAULT (down)', '25-60 RUNNING (run)']);
  });

  test('are UNKNOWN before anything is known', () => {
    expect(spans([[15, 'RUNNING']])).toEqual(['0-15 UNKNOWN (unknown)', '15-60 RUNNING (run)']);
    expect(spans([])).toEqual(['0-60 UNKNOWN (unknown)']);
  });

  test('end in UNKNOWN when nobody confirmed for longer than the staleness limit: a dead gateway is not running', () => {
    expect(spans([[-30, 'RUNNING']], [], 30)).toEqual(['0-31 RUNNING (run)', '31-60 UNKNOWN (unknown)']);
    expect(spans([[-30, 'RUNNING']], [], -10)).toEqual(['0-60 UNKNOWN (unknown)']);
    expect(spans([[-30, 'RUNNING']], [], 59.5)).toEqual(['0-60 RUNNING (run)']);
  });

  test('carry the reason of their state, and split where it changes', () => {
    expect(
      spans(
        [
          [0, 'RUNNING'],
          [10, 'FAULT'],
          [30, 'RUNNING'],
        ],
        [
          [10, 'Jam'],
          [20, 'Bearing hot'],
          [30, ''],
        ],
      ),
    ).toEqual([
      '0-10 RUNNING (run)',
      '10-20 FAULT (down) Jam',
      '20-30 FAULT (down) Bearing hot',
      '30-60 RUNNING (run)',
    ]);
  });

  test("join what does not change, know the machine's own categories and no other states", () => {
    expect(
      spans([
        [0, 'IDLE'],
        [10, 'IDLE'],
        [20, 'DANCING'],
      ]),
    ).toEqual(['0-20 IDLE (planned)', '20-60 UNKNOWN (unknown)']);
  });

  test('always cover the range without hole or overlap', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: -60, max: 120 }), fc.constantFrom(...MACHINE_STATES)), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(points, fc.option(fc.integer({ min: -60, max: 120 })), (list, confirmed) => {
        const states = list
          .toSorted(([one], [other]) => one - other)
          .map(([minute, value]) => ({ timeMs: at(minute), value }));
        const result = stateSpans(
          {
            states,
            reasons: [],
            categoryOfState: DEFAULT_LOSS_CATEGORY,
            confirmedUntilMs: confirmed === null ? undefined : at(confirmed),
            stalenessMs: MINUTE,
          },
          HOUR,
        );
        expect(result[0]!.fromMs).toBe(HOUR.fromMs);
        expect(result.at(-1)!.toMs).toBe(HOUR.toMs);
        for (const [index, span] of result.slice(1).entries()) {
          expect(span.fromMs).toBe(result[index]!.toMs);
          expect(span.state).not.toBe(result[index]!.state);
        }
      }),
    );
  });
});
