/**
 * Values while an expression is evaluated, and the rules that all operators share. `undefined` is `none`: no value.
 * What has no number (`x / 0`, `log(0)`, an overflow: the guide calls it undefined) is NaN between two operators, which
 * `isnan` sees, so that nothing made up comes of it further on; `toResult` never lets one out.
 */
import type { FormulaValue } from './types.ts';

/** An array or object that `jp` found: it can be tested or indexed, but it is no result. */
export class JsonNode {
  readonly json: object;
  constructor(json: object) {
    this.json = json;
  }
}

/** What `localtime` returns, for `year`, `mon`, `mday`, `wday`, `yday`, `hour`, `minute` and `sec`. */
export class LocalTime {
  /** A date whose UTC fields are the local ones. */
  readonly fields: Date;
  constructor(fields: Date) {
    this.fields = fields;
  }
}

export type Value = number | string | undefined | JsonNode | LocalTime;

/** The longest string that SiteWise stores, in characters. */
export const MAX_STRING_LENGTH = 1024;

/** SiteWise compares with a relative tolerance, like Python's `math.isclose`. */
const RELATIVE_TOLERANCE = 1e-9;

/** The value as a result: undefined (no data point) for none, NaN, infinity, arrays, objects and too long strings. */
export function toResult(value: Value): FormulaValue | undefined {
  // Adding 0 turns -0 into 0, which prints and compares alike on every engine.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined;
  return typeof value === 'string' && value.length <= MAX_STRING_LENGTH ? value : undefined;
}

/** False are 0, the empty string, the empty array and none; everything else, NaN included, is true. */
export function isTruthy(value: Value): boolean {
  if (value instanceof JsonNode) return !Array.isArray(value.json) || value.json.length > 0;
  return value !== undefined && value !== 0 && value !== '';
}

/** The value as part of a text; undefined if it can't be one. Whole numbers have no decimal point. */
export function toText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value + 0) : undefined;
}

/** Concatenates if either side is a string, else adds; a string of more than 1,024 characters is no value. */
export function add(left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return defined(left + right);
  if (typeof left !== 'string' && typeof right !== 'string') return undefined;
  return concatenate([left, right]);
}

/** The values joined as text; undefined if one has no text or the result is too long. */
export function concatenate(values: readonly Value[], separator = ''): string | undefined {
  const texts = values.map(toText);
  if (!texts.every((text) => text !== undefined)) return undefined;
  const joined = texts.join(separator);
  return joined.length <= MAX_STRING_LENGTH ? joined : undefined;
}

/** A number that was computed; infinity is undefined, too. */
export function defined(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Whether two numbers are equal within the relative tolerance. */
export function isClose(left: number, right: number): boolean {
  if (left === right) return true;
  return Math.abs(left - right) <= RELATIVE_TOLERANCE * Math.max(Math.abs(left), Math.abs(right));
}

export type Comparison = 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';

/** 1 or 0; none for values of different types and for NaN. `eq`, `gte` and `lte` are tolerant, `gt`, `lt` and `neq` exact. */
export function compare(comparison: Comparison, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') {
    const isUndefined = Number.isNaN(left) || Number.isNaN(right);
    return isUndefined ? undefined : Number(compareNumbers(comparison, left, right));
  }
  if (typeof left === 'string' && typeof right === 'string') return Number(compareStrings(comparison, left, right));
  return undefined;
}

function compareNumbers(comparison: Comparison, left: number, right: number): boolean {
  switch (comparison) {
    case 'gt':
      return left > right;
    case 'gte':
      return left > right || isClose(left, right);
    case 'lt':
      return left < right;
    case 'lte':
      return left < right || isClose(left, right);
    case 'eq':
      return isClose(left, right);
    case 'neq':
      return left !== right;
  }
}

function compareStrings(comparison: Comparison, left: string, right: string): boolean {
  switch (comparison) {
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'eq':
      return left === right;
    case 'neq':
      return left !== right;
  }
}
