import { describe, expect, test } from '@jest/globals';
import { compileExpression, compileTransform, evaluateCondition } from '../../../core/formula/index.ts';
import { at, declare, START_MS } from './support.ts';

const seconds = (t: number) => (t - START_MS) / 1000;

describe('transforms', () => {
  const x = at([
    [0, 10],
    [300, 20],
    [900, 30],
  ]);
  const y = at([
    [0, 1],
    [300, 2],
    [600, 3],
  ]);

  test("the guide's example of pretrigger", () => {
    const transform = compileTransform('x + y + pretrigger(y)', { variables: declare('x y') });
    const results = transform.evaluateAll(
      new Map([
        ['x', x],
        ['y', y],
      ]),
    );
    expect(results.map(({ t, value }) => [seconds(t), value])).toEqual([
      [300, 23],
      [600, 25],
      [900, 36],
    ]);
  });

  test("the guide's example of a state's duration", () => {
    const text = 'if(pretrigger(state) == 1, timestamp(state) - timestamp(pretrigger(state)), none)';
    const transform = compileTransform(text, { variables: declare('state') });
    const state = at([
      [0, 0],
      [10, 1],
      [25, 0],
      [40, 1],
      [100, 0],
    ]);
    const results = transform.evaluateAll(new Map([['state', state]]));
    expect(results.map(({ t, value }) => [seconds(t), value])).toEqual([
      [25, 15],
      [100, 60],
    ]);
  });

  test('fire on every input that is no attribute, once all have a value', () => {
    const transform = compileTransform('x * k', { variables: declare('x', { k: { source: 'attribute' } }) });
    expect(transform.triggers).toEqual(['x']);
    const results = transform.evaluateAll(
      new Map([
        [
          'x',
          at([
            [0, 1],
            [20, 2],
            [40, 3],
          ]),
        ],
        [
          'k',
          at([
            [10, 5],
            [30, 7],
          ]),
        ],
      ]),
    );
    expect(results.map(({ t, value }) => [seconds(t), value])).toEqual([
      [20, 10],
      [40, 21],
    ]);
  });

  test('points that do not count trigger nothing', () => {
    const transform = compileTransform('x + 1', { variables: declare('x') });
    const run = transform.start();
    expect(run.update(0, new Map([['x', { value: 1, quality: 'BAD' }]]))).toBeUndefined();
    expect(run.update(1, new Map([['x', { value: Number.NaN }]]))).toBeUndefined();
    expect(run.update(2, new Map([['x', { value: 1 }]]))).toEqual({ t: 2, value: 2 });
  });

  test('inputs one by one end as inputs together', () => {
    const run = compileTransform('x + y + pretrigger(y)', { variables: declare('x y') }).start();
    run.update(
      0,
      new Map([
        ['x', { value: 10 }],
        ['y', { value: 1 }],
      ]),
    );
    expect(run.update(1, new Map([['y', { value: 2 }]]))?.value).toBe(13);
    expect(run.update(1, new Map([['x', { value: 20 }]]))?.value).toBe(24);
    expect(run.update(1, new Map([['y', { value: 2 }]]))?.value).toBe(23);
  });
});

describe('local rules', () => {
  const variables = declare('temperature', { state: { dataType: 'STRING' }, open: { dataType: 'BOOLEAN' } });
  const rule = compileExpression('temperature > 80 and state == "RUNNING"', { variables });

  test.each([
    [{ temperature: 81, state: 'RUNNING' }, true],
    [{ temperature: 80, state: 'RUNNING' }, false],
    [{ temperature: 81, state: 'IDLE' }, false],
    [{ temperature: 81 }, false],
    [{ temperature: Number.NaN, state: 'RUNNING' }, false],
    [{ temperature: null, state: 'RUNNING' }, false],
    [{ temperature: 'hot', state: 'RUNNING' }, false],
  ])('with %j: %j', (values, expected) => {
    expect(rule.isTrue(new Map(Object.entries(values)))).toBe(expected);
  });

  test('nothing unknown or undefined makes a rule true', () => {
    expect(evaluateCondition('not (temperature > 80)', variables, new Map())).toBe(false);
    expect(evaluateCondition('not open', variables, new Map([['open', false]]))).toBe(true);
    expect(evaluateCondition('1 / temperature', variables, new Map([['temperature', 0]]))).toBe(false);
    expect(evaluateCondition('1 / temperature > 5', variables, new Map([['temperature', 0]]))).toBe(false);
  });

  test('name the variables that they read', () => {
    expect(rule.variables).toEqual(['temperature', 'state']);
  });
});
