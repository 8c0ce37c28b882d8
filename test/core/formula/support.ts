/** Short ways to write the tests of the formula language. */
import {
  compileMetric,
  compileTransform,
  evaluateWindows,
  type FormulaValue,
  type Point,
  parseWindow,
  type VariableDeclaration,
  type Variables,
} from '../../../core/formula/index.ts';

/** 2026-01-01T00:00:00Z, a full hour in every zone with whole hours. */
export const START_MS = Date.UTC(2026, 0, 1);

/** Declares variables: DOUBLE measurements unless said otherwise. */
export function declare(names: string, others: Readonly<Record<string, Partial<VariableDeclaration>>> = {}): Variables {
  const plain: VariableDeclaration = { dataType: 'DOUBLE', source: 'measurement' };
  return new Map<string, VariableDeclaration>([
    ...names
      .split(' ')
      .filter((name) => name !== '')
      .map((name): [string, VariableDeclaration] => [name, plain]),
    ...Object.entries(others).map(([name, other]): [string, VariableDeclaration] => [name, { ...plain, ...other }]),
  ]);
}

/** Points at seconds after START_MS. */
export function at(points: readonly (readonly [number, Point['value'], Point['quality']?])[]): Point[] {
  return points.map(([seconds, value, quality]) => ({
    t: START_MS + seconds * 1000,
    value,
    ...(quality !== undefined && { quality }),
  }));
}

/** What an expression gives as a transform that x = 1 triggers at 1 s. */
export function value(expression: string, x: number | string = 1): FormulaValue | undefined {
  const variables = declare('x', { x: { dataType: typeof x === 'string' ? 'STRING' : 'DOUBLE' } });
  return compileTransform(expression, { variables }).evaluateAll(new Map([['x', [{ t: 1000, value: x }]]]))[0]?.value;
}

/** A metric's values by the seconds after START_MS at which its windows end, from the first point's window to `toSeconds`. */
export function windows(
  expression: string,
  points: Readonly<Record<string, readonly Point[]>>,
  options: { readonly window?: string; readonly toSeconds?: number; readonly variables?: Variables } = {},
): Record<number, FormulaValue> {
  const { window = '1m', variables = declare(Object.keys(points).join(' ')) } = options;
  const metric = compileMetric(expression, { variables });
  const times = Object.values(points).flatMap((list) => list.map(({ t }) => t));
  const toMs = options.toSeconds === undefined ? Math.max(...times) : START_MS + options.toSeconds * 1000;
  const range = { fromMs: Math.min(...times), toMs };
  const results = evaluateWindows(metric, parseWindow(window), new Map(Object.entries(points)), range);
  return Object.fromEntries([...results].map((result) => [(result.t - START_MS) / 1000, result.value]));
}
