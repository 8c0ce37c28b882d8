/** The functions and constants of the language, where each may be used, and with what. */
import type { FormulaKind } from './types.ts';

/** The type of an argument or a result. `any` is known only with the data, `json-path` and so on are literals. */
export type ValueType = 'number' | 'string' | 'any' | 'time' | 'none';
export type ParameterType = ValueType | 'text' | 'json-path' | 'variable';

export interface FunctionSpecification {
  /** As the guide writes it. */
  readonly name: string;
  readonly category:
    | 'common'
    | 'comparison'
    | 'conditional'
    | 'string'
    | 'aggregation'
    | 'temporal'
    | 'pretrigger'
    | 'date';
  /** How it is called, for messages. */
  readonly usage: string;
  readonly parameters: readonly ParameterType[];
  /** How many of the parameters must be given. @default all */
  readonly required?: number;
  /** Whether the last parameter may be repeated. @default false */
  readonly variadic?: boolean;
  readonly result: ValueType;
}

const COMMON =
  'abs acos asin atan cbrt ceil cos cosh cot exp expm1 floor log log10 log1p log2 signum sin sinh sqrt tan tanh'.split(
    ' ',
  );

const SPECIFICATIONS: readonly FunctionSpecification[] = [
  ...COMMON.map((name) => specify(name, 'common', `${name}(x)`, ['number'], 'number')),
  specify('pow', 'common', 'pow(x, y)', ['number', 'number'], 'number'),
  ...['gt', 'gte', 'lt', 'lte', 'eq', 'neq'].map((name) =>
    specify(name, 'comparison', `${name}(x, y)`, ['any', 'any'], 'number'),
  ),
  specify('isnan', 'comparison', 'isnan(x)', ['any'], 'number'),
  {
    ...specify('if', 'conditional', 'if(condition, result_if_true, result_if_false)', ['any', 'any', 'any'], 'any'),
    required: 2,
  },
  {
    ...specify(
      'elif',
      'conditional',
      'if(condition, result).elif(condition, result_if_true, result_if_false)',
      ['any', 'any', 'any', 'any'],
      'any',
    ),
    required: 3,
  },
  specify('len', 'string', 'len(s)', ['string'], 'number'),
  specify('find', 'string', 'find(s, substring)', ['string', 'string'], 'number'),
  specify('contains', 'string', 'contains(s, substring)', ['string', 'string'], 'number'),
  specify('upper', 'string', 'upper(s)', ['string'], 'string'),
  specify('lower', 'string', 'lower(s)', ['string'], 'string'),
  specify('jp', 'string', "jp(s, 'json_path')", ['text', 'json-path'], 'any'),
  {
    ...specify('join', 'string', 'join(separator, s1, s2, ...)', ['text', 'text'], 'string'),
    required: 1,
    variadic: true,
  },
  {
    ...specify(
      'format',
      'string',
      'format("format", expression) or format(expression: "format")',
      ['any', 'any'],
      'string',
    ),
    required: 1,
    variadic: true,
  },
  ...['avg', 'sum', 'min', 'max', 'stdev'].map((name) => aggregation(name, 'number')),
  aggregation('count', 'any'),
  ...['first', 'last', 'earliest', 'latest'].map((name) => specify(name, 'temporal', `${name}(x)`, ['any'], 'any')),
  specify('statetime', 'temporal', 'statetime(x)', ['number'], 'number'),
  {
    ...specify('TimeWeightedAvg', 'temporal', "TimeWeightedAvg(x, 'locf' or 'linear')", ['number', 'string'], 'number'),
    required: 1,
  },
  {
    ...specify('TimeWeightedStDev', 'temporal', "TimeWeightedStDev(x, 'f' or 'p')", ['number', 'string'], 'number'),
    required: 1,
  },
  specify('pretrigger', 'pretrigger', 'pretrigger(x)', ['variable'], 'any'),
  specify('now', 'date', 'now()', [], 'number'),
  { ...specify('timestamp', 'date', 'timestamp()', ['variable'], 'number'), required: 0 },
  {
    ...specify(
      'mktime',
      'date',
      "mktime(year, month, day_of_month, hour, minute, second, 'time_zone')",
      ['any', 'any', 'any', 'any', 'any', 'any', 'any'],
      'number',
    ),
    required: 3,
  },
  {
    ...specify('localtime', 'date', "localtime(unix_time, 'time_zone')", ['any', 'any'], 'time'),
    required: 1,
  },
  ...['year', 'mon', 'mday', 'wday', 'yday', 'hour', 'minute', 'sec'].map((name) =>
    specify(name, 'date', `${name}(localtime(unix_time, 'time_zone'))`, ['time'], 'number'),
  ),
];

const FUNCTIONS: ReadonlyMap<string, FunctionSpecification> = new Map(
  SPECIFICATIONS.map((specification) => [specification.name.toLowerCase(), specification]),
);

/** The function of that name, in whatever case it is written. */
export function findFunction(name: string): FunctionSpecification | undefined {
  return FUNCTIONS.get(name.toLowerCase());
}

/** Every function that may be used in an expression of that kind, as the guide writes it. */
export function functionNames(kind: FormulaKind): string[] {
  return SPECIFICATIONS.filter((specification) => isAvailable(specification, kind)).map(({ name }) => name);
}

/** Whether a function may be used in a metric, transform or condition. */
export function isAvailable(specification: FunctionSpecification, kind: FormulaKind): boolean {
  switch (specification.category) {
    case 'aggregation':
    case 'temporal':
      return kind === 'metric';
    case 'pretrigger':
      return kind === 'transform';
    default:
      return true;
  }
}

/** Whether a call of that name aggregates a window or picks from a series: it turns a series into one value. */
export function readsSeries(name: string): boolean {
  const category = findFunction(name)?.category;
  return category === 'aggregation' || category === 'temporal';
}

/** The constants, in lower case: they are case-insensitive, and a variable of the same name goes before. */
export const CONSTANTS: ReadonlyMap<string, number | undefined> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
  ['true', 1],
  ['false', 0],
  ['none', undefined],
]);

function specify(
  name: string,
  category: FunctionSpecification['category'],
  usage: string,
  parameters: readonly ParameterType[],
  result: ValueType,
): FunctionSpecification {
  return { name, category, usage, parameters, result };
}

function aggregation(name: string, parameter: ParameterType): FunctionSpecification {
  return { ...specify(name, 'aggregation', `${name}(x0, ..., xn)`, [parameter], 'number'), variadic: true };
}
