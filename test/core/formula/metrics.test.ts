import { describe, expect, test } from '@jest/globals';
import { affectedWindows, compileMetric, type Point, parseWindow } from '../../../core/formula/index.ts';
import { at, declare, START_MS, windows } from './support.ts';

describe("the guide's example of statetime", () => {
  test('carries the state forward and has no value before there is one', () => {
    const idle = at([
      [0, 0],
      [30, 1],
      [75, 1],
      [165, 0],
      [240, 0],
    ]);
    expect(windows('statetime(x)', { x: idle })).toEqual({ 60: 30, 120: 60, 180: 45, 240: 0 });
  });

  test('counts comparisons, and from the first point on', () => {
    const state = at([
      [15, 'RUNNING'],
      [45, 'FAULT'],
      [100, 'RUNNING'],
    ]);
    const variables = declare('', { x: { dataType: 'STRING' } });
    const options = { variables, toSeconds: 240 };
    expect(windows("statetime(x == 'RUNNING')", { x: state }, options)).toEqual({ 60: 30, 120: 20, 180: 60, 240: 60 });
  });
});

describe('aggregations', () => {
  const x = at([
    [10, 2],
    [20, 4],
    [30, 4],
    [40, 4],
    [50, 5],
    [55, 5],
    [58, 7],
    [60, 9],
    [181, 1],
  ]);

  test.each([
    ['sum(x)', { 60: 40, 240: 1 }],
    ['avg(x)', { 60: 5, 240: 1 }],
    ['min(x)', { 60: 2, 240: 1 }],
    ['max(x)', { 60: 9, 240: 1 }],
    ['count(x)', { 60: 8, 120: 0, 180: 0, 240: 1 }],
    // The sum of squares is 32: sqrt(32 / 7).
    ['stdev(x)', { 60: Math.sqrt(32 / 7), 240: 0 }],
    // Nested expressions.
    ['avg(x*(x-1))', { 60: 24, 240: 0 }],
    ['sum(x/2)/avg(x^2)', { 60: 20 / 29, 240: 0.5 }],
    ['sum(avg(x^2)/2)', { 60: 14.5, 240: 0.5 }],
    ['sum(x - avg(x))', { 60: 0, 240: 0 }],
    ['sum((x - avg(x))^2) / count(x)', { 60: 4, 240: 0 }],
    ['sum(gte(x, 5))', { 60: 4, 240: 0 }],
    ['count(if(x > 4, x, none))', { 60: 4, 120: 0, 180: 0, 240: 0 }],
    ['sum(x, 100)', { 60: 140, 240: 101 }],
    ['max(x, 8)', { 60: 9, 240: 8 }],
    ['sum(1/(x-1))', { 60: 1 + 3 / 3 + 2 / 4 + 1 / 6 + 1 / 8 }],
    ['sum(x) / sum(x - x)', {}],
    ['1 + 2', { 60: 3, 120: 3, 180: 3, 240: 3 }],
    ['timestamp() - mktime(2026, 1, 1)', { 60: 60, 120: 120, 180: 180, 240: 240 }],
    ['MAX(x, x)', { 60: 9, 240: 1 }],
  ])('%s', (expression, expected) => {
    const actual = windows(expression, { x });
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [end, value] of Object.entries(expected)) expect(actual[Number(end)]).toBeCloseTo(value, 12);
  });

  test('several arguments are one pool, and one of them may be empty', () => {
    const y = at([
      [5, 10],
      [70, 20],
    ]);
    expect(windows('sum(x/2, y*2)', { x, y })).toEqual({ 60: 40, 120: 40, 240: 0.5 });
    expect(windows('avg(x, y)', { x, y })).toEqual({ 60: 50 / 9, 120: 20, 240: 1 });
  });

  test('children are one pool, too', () => {
    const variables = declare('', { x: { dataType: 'DOUBLE', source: 'metric', fromChildren: true } });
    const metric = compileMetric('sum(x) / count(x)', { variables });
    const children = [
      at([[60, 10]]),
      at([
        [60, 20],
        [120, 7],
      ]),
      [],
    ];
    const window = { startMs: START_MS, endMs: START_MS + 60_000 };
    expect(metric.evaluate(window, new Map([['x', children]]))).toBe(15);
    expect(metric.evaluate(window, new Map())).toBeUndefined();
  });

  test('booleans count as 1 and 0, strings only in count', () => {
    const flags = at([
      [1, true],
      [2, false],
      [3, true],
    ]);
    expect(windows('sum(x)', { x: flags }, { variables: declare('', { x: { dataType: 'BOOLEAN' } }) })).toEqual({
      60: 2,
    });
    const texts = at([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect(windows('count(x)', { x: texts }, { variables: declare('', { x: { dataType: 'STRING' } }) })).toEqual({
      60: 2,
    });
  });
});

describe('first, last, earliest and latest', () => {
  const x = at([
    [-30, 1],
    [0, 2],
    [10, 3],
    [50, 4],
    [60, 5],
    [130, 6],
  ]);

  test.each([
    // (start, end]: the point at 60 belongs to the window that ends there.
    ['first(x)', { 0: 1, 60: 3, 180: 6 }],
    ['last(x)', { 0: 2, 60: 5, 180: 6 }],
    // Everything until the previous window's end.
    ['earliest(x)', { 60: 2, 120: 5, 180: 5, 240: 6 }],
    ['latest(x)', { 0: 2, 60: 5, 120: 5, 180: 6, 240: 6 }],
    ['latest(x*9/5+32)', { 0: 35.6, 60: 41, 120: 41, 180: 42.8, 240: 42.8 }],
    ['last(x) - first(x)', { 0: 1, 60: 2, 180: 0 }],
    ['latest(if(x < 4, x, none))', { 0: 2, 60: 3, 120: 3, 180: 3, 240: 3 }],
    ['max(latest(x), earliest(x), 4)', { 0: 4, 60: 5, 120: 5, 180: 6, 240: 6 }],
  ])('%s', (expression, expected) => {
    expect(windows(expression, { x }, { toSeconds: 240 })).toEqual(expected);
  });

  test('texts are values, too', () => {
    const variables = declare('', { x: { dataType: 'STRING' } });
    const states = {
      x: at([
        [10, 'IDLE'],
        [70, 'RUNNING'],
      ]),
    };
    expect(windows("latest(x) + '!'", states, { variables, toSeconds: 180 })).toEqual({
      60: 'IDLE!',
      120: 'RUNNING!',
      180: 'RUNNING!',
    });
  });
});

describe('time-weighted functions', () => {
  const x = at([
    [0, 10],
    [30, 20],
    [100, 40],
  ]);

  test('the average carries the last value forward, also from before the window', () => {
    expect(windows('timeWeightedAvg(x)', { x }, { toSeconds: 180 })).toEqual({
      60: 15,
      120: (20 * 40 + 40 * 20) / 60,
      180: 40,
    });
    expect(windows("TimeWeightedAvg(x, 'locf')", { x })).toEqual(windows('timeWeightedAvg(x)', { x }));
  });

  test('linear interpolation looks at the next point and carries the last one forward', () => {
    // 0-30 s: 10 to 20; 30-100 s: 20 to 40, at 60 s 20 + 20*30/70.
    const at60 = 20 + (20 * 30) / 70;
    expect(windows("timeWeightedAvg(x, 'linear')", { x }, { toSeconds: 180 })).toEqual({
      60: expect.closeTo((15 * 30 + ((20 + at60) / 2) * 30) / 60, 10),
      120: expect.closeTo((((at60 + 40) / 2) * 40 + 40 * 20) / 60, 10),
      180: 40,
    });
  });

  test('a window that is known only in part has no value', () => {
    expect(
      windows('timeWeightedAvg(x)', {
        x: at([
          [1, 10],
          [70, 20],
        ]),
      }),
    ).toEqual({ 120: (10 * 10 + 20 * 50) / 60 });
  });

  test('the standard deviation weighs seconds, by default as frequencies', () => {
    // 30 s of 10 and 30 s of 20: mean 15, squares 60 * 25.
    expect(windows('timeWeightedStDev(x)', { x })[60]).toBeCloseTo(Math.sqrt(1500 / 59), 12);
    expect(windows("timeWeightedStDev(x, 'f')", { x })[60]).toBeCloseTo(Math.sqrt(1500 / 59), 12);
    expect(windows("timeWeightedStDev(x, 'p')", { x })[60]).toBe(5);
  });
});

describe('what counts', () => {
  test('only GOOD points that have a value', () => {
    const x = at([
      [0, 1],
      [10, 100, 'BAD'],
      [20, 100, 'UNCERTAIN'],
      [30, Number.NaN],
      [40, null],
      [45, Infinity],
      [50, 3, 'GOOD'],
    ]);
    expect(windows('sum(x)', { x })).toEqual({ 0: 1, 60: 3 });
    expect(windows('count(x)', { x })).toEqual({ 0: 1, 60: 1 });
    expect(windows('timeWeightedAvg(x)', { x })).toEqual({ 60: (50 + 30) / 60 });
  });

  test('of two GOOD values with one timestamp, the one that came later', () => {
    expect(
      windows('sum(x)', {
        x: at([
          [10, 1],
          [20, 5],
          [10, 2],
        ]),
      }),
    ).toEqual({ 60: 7 });
  });

  test('outside a function a metric is its last value of the window, an attribute its latest', () => {
    const variables = declare('', {
      run: { source: 'metric' },
      busy: { source: 'metric' },
      k: { source: 'attribute' },
    });
    const points: Record<string, Point[]> = {
      run: at([
        [60, 30],
        [180, 50],
      ]),
      busy: at([
        [60, 60],
        [120, 60],
        [180, 60],
      ]),
      k: at([[-9999, 100]]),
    };
    const evaluated = windows('run / busy * k', points, { variables, toSeconds: 180 });
    expect([evaluated[60], evaluated[120], evaluated[180]]).toEqual([50, undefined, expect.closeTo(83.3333333, 6)]);
    expect(windows('sum(k)', points, { variables, toSeconds: 180 })[180]).toBe(100);
  });
});

describe('computing again after late data', () => {
  const oneMinute = parseWindow('1m');
  const t = START_MS + 30_000;
  const end = (minutes: number) => START_MS + minutes * 60_000;

  test('an aggregation changes only the window of the late point', () => {
    const metric = compileMetric('sum(x)', { variables: declare('x') });
    expect(affectedWindows(metric, oneMinute, t)).toEqual({ firstEndMs: end(1), lastEndMs: end(1) });
  });

  test('what is carried forward changes until the next point', () => {
    const metric = compileMetric('latest(x)', { variables: declare('x') });
    expect(affectedWindows(metric, oneMinute, t, { nextMs: t + 180_000 })).toEqual({
      firstEndMs: end(1),
      lastEndMs: end(4),
    });
    expect(affectedWindows(metric, oneMinute, t)).toEqual({ firstEndMs: end(1), lastEndMs: Infinity });
  });

  test('an interpolated line changes from the previous point on', () => {
    const metric = compileMetric("timeWeightedAvg(x, 'linear')", { variables: declare('x') });
    const neighbours = { previousMs: t - 120_000, nextMs: t + 60_000 };
    expect(affectedWindows(metric, oneMinute, t, neighbours)).toEqual({ firstEndMs: end(-1), lastEndMs: end(2) });
  });
});
