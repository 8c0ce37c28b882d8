/**
 * The expression language of AWS IoT SiteWise as a library of its own: parse, check and evaluate metrics, transforms and
 * conditions. Pure: no I/O, no clock. docs/formula.md describes it.
 */
export type { Expression } from './ast.ts';
export { walk } from './ast.ts';
export { functionNames } from './catalogue.ts';
export { type CheckOptions, check, MAX_FUNCTIONS, MAX_VARIABLES } from './check.ts';
export { type CompiledExpression, compileExpression, evaluateCondition, type LatestValues } from './condition.ts';
export { closestName, describeFaults, FormulaError, type FormulaFault } from './fault.ts';
export {
  type AffectedWindows,
  affectedWindows,
  type CompiledMetric,
  type ComputedPoint,
  compileMetric,
  evaluateWindows,
  type SeriesByName,
} from './metric.ts';
export { MAX_EXPRESSION_LENGTH, parse } from './parser.ts';
export { print } from './print.ts';
export { Series, type SeriesInput } from './series.ts';
export { type CompiledTransform, compileTransform, type TransformRun } from './transform.ts';
export type {
  DataType,
  FormulaKind,
  FormulaValue,
  Point,
  Quality,
  ResultType,
  VariableDeclaration,
  VariableSource,
  Variables,
} from './types.ts';
export {
  parseWindow,
  type TimeWindow,
  WindowError,
  type WindowSpecification,
  windowOf,
  windowsBetween,
} from './window.ts';
