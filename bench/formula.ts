/** Benchmark `formula`: how fast expressions are evaluated, on one core. */
import { compileExpression, compileMetric, type Point, Series, type Variables } from '../core/formula/index.ts';
import type { Bench, BenchFigure } from './bench.ts';

const POINTS = 60;
const MEASURE_MS = 500;
const CHUNK = 1000;
const WINDOW = { startMs: 0, endMs: 60_000 };

const VARIABLES: Variables = new Map([
  ['x', { dataType: 'DOUBLE', source: 'measurement' }],
  ['state', { dataType: 'STRING', source: 'measurement' }],
]);

/** Evaluations a second of `run`, after a warm-up. */
function ratePerSecond(run: () => unknown): number {
  let rate = 0;
  for (const durationMs of [MEASURE_MS / 2, MEASURE_MS]) {
    const start = performance.now();
    let count = 0;
    let elapsedMs = 0;
    while (elapsedMs < durationMs) {
      for (let i = 0; i < CHUNK; i++) run();
      count += CHUNK;
      elapsedMs = performance.now() - start;
    }
    rate = (count / elapsedMs) * 1000;
  }
  return rate;
}

function atLeast(figure: string, value: number, minimum: number): BenchFigure {
  return {
    bench: 'formula',
    figure,
    value: Math.round(value),
    unit: '1/s',
    target: `>= ${minimum}`,
    holds: value >= minimum,
  };
}

function run(): Promise<BenchFigure[]> {
  const points: Point[] = Array.from({ length: POINTS }, (_, index) => ({ t: (index + 1) * 1000, value: index % 7 }));
  const raw = new Map([['x', points]]);
  const prepared = new Map([['x', new Series(points)]]);
  const sum = compileMetric('sum(x)', { variables: VARIABLES });
  const weighted = compileMetric('timeWeightedAvg(x)', { variables: VARIABLES });
  const lateStart = { startMs: 1000, endMs: 61_000 };
  const rule = compileExpression('x > 80 and state == "RUNNING"', { variables: VARIABLES });
  const values = new Map<string, number | string>([
    ['x', 81],
    ['state', 'RUNNING'],
  ]);
  return Promise.resolve([
    atLeast(
      'evaluationsPerSecond',
      ratePerSecond(() => sum.evaluate(WINDOW, raw)),
      100_000,
    ),
    atLeast(
      'preparedEvaluationsPerSecond',
      ratePerSecond(() => sum.evaluate(WINDOW, prepared)),
      100_000,
    ),
    atLeast(
      'timeWeightedAvgPerSecond',
      ratePerSecond(() => weighted.evaluate(lateStart, prepared)),
      100_000,
    ),
    // Under 5 us each.
    atLeast(
      'conditionsPerSecond',
      ratePerSecond(() => rule.isTrue(values)),
      200_000,
    ),
  ]);
}

export const formulaBench: Bench = {
  name: 'formula',
  method: `sum(x) over ${POINTS} raw points (evaluationsPerSecond) and over points that were sorted before, timeWeightedAvg(x), and a local rule of two comparisons; one thread.`,
  run,
};
