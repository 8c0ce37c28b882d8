import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  check,
  compileMetric,
  compileTransform,
  type Expression,
  FormulaError,
  MAX_EXPRESSION_LENGTH,
  type Point,
  parse,
  print,
} from '../../../core/formula/index.ts';
import { declare } from './support.ts';

/** A tree without places in the text, which printing may change. */
function shape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shape);
  if (typeof node !== 'object' || node === null) return node;
  const places = new Set(['offset', 'length', 'nameSpan']);
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, part]) => (places.has(key) ? [] : [[key, shape(part)]])),
  );
}

const nowhere = { offset: 0, length: 0 };
const text = fc.string({ maxLength: 6 });
const name = fc.constantFrom('x', 'y', 'e', 'f', 'notable', 'order', 'a_1');
const stringLiteral = text.map((value) => ({ kind: 'string' as const, value, ...nowhere }));
const tree = fc.letrec<{ expression: Expression }>((tie) => {
  const inner = tie('expression');
  const maybe = fc.option(inner, { nil: undefined });
  const parts = fc
    .array(
      fc.oneof(
        text.filter((part) => part !== '').map((part) => ({ kind: 'text' as const, text: part })),
        fc.record({
          kind: fc.constant('value' as const),
          expression: inner,
          format: fc.option(stringLiteral, { nil: undefined }),
        }),
      ),
      { maxLength: 3 },
    )
    // Two texts in a row are one.
    .map((all) => all.filter((part, index) => part.kind === 'value' || all[index - 1]?.kind !== 'text'));
  return {
    expression: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc
        .double({ min: 0, noNaN: true, noDefaultInfinity: true })
        .map((value): Expression => ({ kind: 'number', value, ...nowhere })),
      stringLiteral,
      name.map((each): Expression => ({ kind: 'name', name: each, ...nowhere })),
      fc
        .record({ operator: fc.constantFrom('-', '+', '!', 'not'), operand: inner })
        .map((unary): Expression => ({ kind: 'unary', ...unary, ...nowhere })),
      fc
        .record({
          operator: fc.constantFrom('or', 'and', '<', '>', '<=', '>=', '==', '!=', '+', '-', '*', '/', '%', '^'),
          left: inner,
          right: inner,
        })
        .map((binary): Expression => ({ kind: 'binary', ...binary, ...nowhere })),
      fc.record({ object: inner, index: inner }).map((index): Expression => ({ kind: 'index', ...index, ...nowhere })),
      fc
        .record({ object: inner, start: maybe, end: maybe, step: maybe })
        .map((slice): Expression => ({ kind: 'slice', ...slice, ...nowhere })),
      fc
        .record({
          name: fc.constantFrom('sum', 'abs', 'if'),
          args: fc.array(inner, { maxLength: 3 }),
          method: fc.boolean(),
        })
        .map(
          (call): Expression => ({
            kind: 'call',
            ...call,
            method: call.method && call.args.length > 0,
            format: undefined,
            nameSpan: nowhere,
            ...nowhere,
          }),
        ),
      fc.record({ argument: inner, format: stringLiteral }).map(
        ({ argument, format }): Expression => ({
          kind: 'call',
          name: 'format',
          args: [argument],
          method: false,
          format,
          nameSpan: nowhere,
          ...nowhere,
        }),
      ),
      parts.map((all): Expression => ({ kind: 'formatted', parts: all, ...nowhere })),
    ),
  };
}).expression;

describe('syntax', () => {
  test('what is printed parses to the same tree', () => {
    fc.assert(
      fc.property(tree, (expression) => {
        const printed = print(expression);
        fc.pre(printed.length <= MAX_EXPRESSION_LENGTH);
        expect(shape(parse(printed))).toEqual(shape(expression));
      }),
      { numRuns: 500 },
    );
  });

  test('any text either parses or is refused with a place inside it', () => {
    const characters = fc.constantFrom(...'x1.e+-*/^%<>=!()[],:\'"{}f \n$and or not sum(x)if');
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 40 }), (list) => {
        const expression = list.join('');
        for (const fault of check(expression, { kind: 'metric', variables: declare('x') })) {
          expect(fault.offset).toBeLessThanOrEqual(expression.length);
          expect(fault.offset + fault.length).toBeLessThanOrEqual(expression.length);
          expect(expression.split('\n')[fault.line - 1]?.length).toBeGreaterThanOrEqual(fault.column - 1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

const WINDOW = { startMs: 60_000, endMs: 120_000 };
const points = fc
  .uniqueArray(
    fc.record({
      t: fc.integer({ min: 0, max: 180_000 }),
      value: fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom(null, Number.NaN, true, 0)),
      quality: fc.constantFrom('GOOD' as const, 'GOOD' as const, 'BAD' as const),
    }),
    { selector: ({ t }) => t, maxLength: 20 },
  )
  .map((list): Point[] => list);

function metric(expression: string, list: readonly Point[]) {
  return compileMetric(expression, { variables: declare('x') }).evaluate(WINDOW, new Map([['x', list]]));
}

const METRICS = [
  'sum(x)',
  'avg(x)',
  'min(x)',
  'max(x)',
  'count(x)',
  'stdev(x)',
  'first(x)',
  'last(x)',
  'earliest(x)',
  'latest(x)',
  'statetime(x)',
  'timeWeightedAvg(x)',
  "timeWeightedAvg(x, 'linear')",
  'timeWeightedStDev(x)',
  'sum(x^3) / (latest(x) - first(x))',
];

describe('windows', () => {
  test('any order and duplication of points gives the same value', () => {
    const deliveries = points.chain((list) =>
      fc.record({
        list: fc.constant(list),
        again: fc
          .shuffledSubarray(list)
          .chain((some) => fc.shuffledSubarray([...list, ...some], { minLength: list.length + some.length })),
      }),
    );
    fc.assert(
      fc.property(deliveries, ({ list, again }) => {
        for (const expression of METRICS) expect(metric(expression, again)).toEqual(metric(expression, list));
      }),
    );
  });

  test('aggregations and time-weighted functions equal a naive reference', () => {
    fc.assert(
      fc.property(points, (list) => {
        const expected = reference(list);
        for (const [expression, value] of Object.entries(expected)) {
          const actual = metric(expression, list);
          if (value === undefined) expect([expression, actual]).toEqual([expression, undefined]);
          else {
            const scale = Math.max(1, ...list.map((point) => Math.abs(Number(point.value) || 0)));
            expect(typeof actual).toBe('number');
            // Squares and sums in another order differ by rounding.
            expect(Math.abs(Number(actual) - value) / scale).toBeLessThan(1e-6);
          }
        }
      }),
    );
  });
});

/** The same figures, second by second and without cleverness. */
function reference(list: readonly Point[]): Record<string, number | undefined> {
  const good = list
    .filter(({ quality, value }) => quality === 'GOOD' && value !== null && !Number.isNaN(Number(value)))
    .map(({ t, value }) => ({ t, value: Number(value) }))
    .sort((a, b) => a.t - b.t);
  const inside = good.filter(({ t }) => t > WINDOW.startMs && t <= WINDOW.endMs).map(({ value }) => value);
  const n = inside.length;
  const total = inside.reduce((a, b) => a + b, 0);
  const squares = inside.reduce((all, value) => all + (value - total / n) ** 2, 0);
  const stretches = good
    .map(({ t, value }, index) => ({
      value,
      seconds: (Math.min(good[index + 1]?.t ?? Infinity, WINDOW.endMs) - Math.max(t, WINDOW.startMs)) / 1000,
    }))
    .filter(({ seconds }) => seconds > 0);
  const isKnown = good.some(({ t }) => t <= WINDOW.startMs);
  const weighted = (of: (value: number) => number) =>
    stretches.reduce((all, { value, seconds }) => all + of(value) * seconds, 0);
  const mean = weighted((value) => value) / 60;
  return {
    'sum(x)': n === 0 ? undefined : total,
    'avg(x)': n === 0 ? undefined : total / n,
    'min(x)': n === 0 ? undefined : inside.toSorted((a, b) => a - b)[0],
    'max(x)': n === 0 ? undefined : inside.toSorted((a, b) => b - a)[0],
    'count(x)': n,
    'stdev(x)': n === 0 ? undefined : n === 1 ? 0 : Math.sqrt(squares / (n - 1)),
    'statetime(x)': stretches.length === 0 ? undefined : weighted((value) => Number(value > 0)),
    'timeWeightedAvg(x)': isKnown ? mean : undefined,
    'timeWeightedStDev(x)': isKnown ? Math.sqrt(weighted((value) => (value - mean) ** 2) / 59) : undefined,
    "timeWeightedStDev(x, 'p')": isKnown ? Math.sqrt(weighted((value) => (value - mean) ** 2) / 60) : undefined,
  };
}

describe('results', () => {
  const numeric = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('x', 'none', '0', '1e300', '-5', 'pi'),
      fc
        .tuple(tie('node'), fc.constantFrom('+', '-', '*', '/', '%', '^', '<', '==', 'and', 'or'), tie('node'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc
        .tuple(fc.constantFrom('log', 'sqrt', 'exp', 'acos', 'cot', 'isnan', 'abs'), tie('node'))
        .map(([f, a]) => `${f}(${a})`),
      fc.tuple(tie('node'), tie('node'), tie('node')).map(([a, b, c]) => `if(${a}, ${b}, ${c})`),
    ),
  })).node;

  test('are finite numbers or short strings, or there is none', () => {
    const anyNumber = fc.double();
    fc.assert(
      fc.property(numeric, anyNumber, points, fc.boolean(), (expression, x, list, asText) => {
        const wanted = asText ? `'' + ${expression}` : expression;
        const results: unknown[] = [];
        try {
          const transform = compileTransform(wanted, { variables: declare('x') });
          results.push(transform.evaluateAll(new Map([['x', [{ t: 0, value: x }]]]))[0]?.value);
          for (const aggregation of ['sum', 'max', 'stdev', 'latest', 'timeWeightedAvg', 'statetime']) {
            if (expression.includes('x')) results.push(metric(`${aggregation}(${expression})`, list));
          }
        } catch (error) {
          // Only too many functions may be wrong with these.
          expect(error).toBeInstanceOf(FormulaError);
          expect(String(error)).toMatch(/at most (10|1024)|needs a variable/);
        }
        for (const result of results) {
          if (typeof result === 'number') expect(Number.isFinite(result)).toBe(true);
          else if (result !== undefined) expect(String(result)).not.toMatch(/NaN|Infinity|undefined/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
