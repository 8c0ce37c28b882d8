import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { OeeFigure } from '../../../hub/api/contract.ts';
import { actualCycleSeconds, idealCycleSeconds, whyMissing } from '../../../hub/web/src/logic/oee.ts';
import {
  clip,
  decimate,
  doubtfulStretches,
  drawable,
  extremes,
  type Point,
  pointsOf,
  seriesOf,
  trendBars,
} from '../../../hub/web/src/logic/series.ts';

const point = (seconds: number, value: Point['value'], quality: Point['quality'] = 'GOOD'): Point => ({
  timeMs: seconds * 1000,
  value,
  quality,
});

function figure(over: Partial<OeeFigure>): OeeFigure {
  return {
    start: '2026-11-22T09:00:00.000Z',
    end: '2026-11-22T09:05:00.000Z',
    availability: 0.8,
    performance: 0.9,
    quality: 1,
    oee: 0.72,
    runSeconds: 240,
    downSeconds: 60,
    plannedSeconds: 0,
    unknownSeconds: 0,
    busySeconds: 300,
    idealSeconds: 216,
    goodSeconds: 216,
    produced: 360,
    rejected: 0,
    producedUnattributed: 0,
    complete: true,
    simulated: false,
    confirmedUntil: null,
    partsKnown: true,
    settling: false,
    warnings: [],
    ...over,
  };
}

describe('a line through values', () => {
  test('is broken by a gap, and holds the value up to where the gap begins', () => {
    const series = seriesOf([point(0, 5), point(40, 7)], [{ fromMs: 10_000, toMs: 40_000 }]);
    expect(series).toEqual({ times: [0, 9.999, 10, 40], values: [5, 5, null, 7] });
  });

  test('goes on to the last confirmation, but not through a gap that is still open', () => {
    expect(seriesOf([point(0, 5)], [], 30_000)).toEqual({ times: [0, 30], values: [5, 5] });
    expect(seriesOf([point(0, 5)], [{ fromMs: 10_000, toMs: 60_000 }], 30_000).values).toEqual([5, 5, null]);
  });

  test('leaves out what is bad: a gap, never a zero', () => {
    expect(
      [point(0, 0), point(0, 3, 'BAD'), point(0, null), point(0, 'text'), point(0, 4, 'UNCERTAIN'), point(0, true)].map(
        drawable,
      ),
    ).toEqual([0, null, null, null, 4, 1]);
  });

  test('holds a value up to where it goes bad', () => {
    const series = seriesOf([point(0, 5), point(40, null, 'BAD'), point(60, 7)], []);
    expect(series).toEqual({ times: [0, 39.999, 40, 60], values: [5, 5, null, 7] });
  });

  test('holds a value up to a gap, also where another value comes with the gap', () => {
    const series = seriesOf([point(0, 5), point(40, 1), point(60, 7)], [{ fromMs: 40_000, toMs: 60_000 }]);
    expect(series).toEqual({ times: [0, 39.999, 40, 60], values: [5, 5, null, 7] });
  });

  test('begins with what held before the range, however old, unless a gap covers the beginning', () => {
    const before = { t: '1970-01-01T00:00:05.000Z', value: 3, quality: 'GOOD' } as const;
    const response = { path: 'a', unit: null, points: [], reduced: false, nextCursor: null, gaps: [], simulated: [] };
    const points = pointsOf({ ...response, before });
    const hours = 10 * 3_600_000;
    expect(clip(seriesOf(points, [], hours + 60_000), hours)).toEqual({ times: [36_000, 36_060], values: [3, 3] });
    const gap = { fromMs: hours, toMs: hours + 30_000 };
    expect(extremes(clip(seriesOf(points, [gap], hours + 60_000), hours))).toBeNull();
    expect(pointsOf({ ...response, before: null })).toEqual([]);
  });

  test('says for how long the value that held was doubtful', () => {
    const points = [
      point(0, 1),
      point(10, 9, 'UNCERTAIN'),
      point(20, 9.5, 'UNCERTAIN'),
      point(30, 2),
      point(40, 9, 'UNCERTAIN'),
    ];
    expect(doubtfulStretches(points, 45_000)).toEqual([
      { fromMs: 10_000, toMs: 30_000 },
      { fromMs: 40_000, toMs: 45_000 },
    ]);
    expect(doubtfulStretches(points.slice(0, 1), 45_000)).toEqual([]);
  });

  test('keeps extremes and gaps when it is thinned out (any values)', () => {
    const values = fc.array(
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { freq: 20 }),
      { minLength: 1, maxLength: 2000 },
    );
    fc.assert(
      fc.property(values, (list) => {
        const series = { times: list.map((_, index) => index), values: list };
        const thin = decimate(series, 40);
        expect(thin.times.length).toBeLessThanOrEqual(Math.max(list.length, 1));
        expect(thin.times).toEqual([...new Set(thin.times)].sort((a, b) => a - b));
        expect(extremes(thin)).toEqual(extremes(series));
        expect(thin.values.includes(null)).toBe(list.includes(null));
      }),
    );
  });

  test('begins with the value that held before it, and with nothing where there was a gap', () => {
    expect(clip({ times: [0, 20], values: [5, 7] }, 10_000)).toEqual({ times: [10, 20], values: [5, 7] });
    expect(clip({ times: [0, 5, 20], values: [5, null, 7] }, 10_000)).toEqual({ times: [20], values: [7] });
    expect(clip({ times: [0, 10], values: [5, 7] }, 10_000)).toEqual({ times: [10], values: [7] });
    expect(clip({ times: [0], values: [5] }, 10_000)).toEqual({ times: [10], values: [5] });
  });

  test('has no extremes without values', () => {
    expect(extremes({ times: [1], values: [null] })).toBeNull();
  });
});

test('windows without a figure are gaps in the trend, and those to come are not there', () => {
  const start = Date.parse('2026-11-22T09:00:00Z');
  const plan = { fromMs: start - 300_000, toMs: start + 900_000, windowMs: 300_000 };
  const bars = trendBars([figure({})], plan, start + 310_000);
  expect(bars.map((bar) => bar.figure?.oee ?? null)).toEqual([null, 0.72, null]);
});

describe('a figure that does not exist', () => {
  test.each([
    ['no data', 'oee', null, 'No data in this period.'],
    [
      'a break',
      'availability',
      figure({ availability: null, busySeconds: 0, plannedSeconds: 300 }),
      'Only planned stops in this period: nothing to measure.',
    ],
    [
      'a dead gateway',
      'oee',
      figure({ oee: null, busySeconds: 0, unknownSeconds: 300 }),
      'Nobody confirmed the machine in this period.',
    ],
    ['a stop', 'performance', figure({ performance: null, runSeconds: 0 }), 'Did not run in this period.'],
    ['no parts', 'quality', figure({ quality: null, produced: 0 }), 'No parts in this period.'],
    ['no counter', 'oee', figure({ oee: null, partsKnown: false }), 'No parts counter: only availability is known.'],
  ] as const)('says why: %s', (_, factor, given, sentence) => {
    expect(whyMissing(factor, given)).toBe(sentence);
  });

  test('needs no reason where it exists', () => {
    expect(whyMissing('oee', figure({ oee: 0 }))).toBeUndefined();
  });
});

test('cycle times are those of running, and none without parts', () => {
  expect(actualCycleSeconds(figure({}))).toBeCloseTo(240 / 360);
  expect(idealCycleSeconds(figure({}))).toBeCloseTo(0.6);
  expect(actualCycleSeconds(figure({ produced: 0 }))).toBeNull();
});
