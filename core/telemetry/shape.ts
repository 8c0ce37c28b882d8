import { isId } from '../path.ts';
import { MAX_STRING_LENGTH } from './quality.ts';

/** A JSON object whose fields nobody has looked at. */
export type Unchecked = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a number can be a time: integer ms, from 1970 to the end of the ECMAScript time range. */
export function isTime(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 8.64e15;
}

/** Whether a number can be a sequence number from `least` on. */
export function isSequence(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least;
}

/** A text of 1 to `longest` characters without control characters. */
export function isName(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest && !hasControl(value);
}

/** A value of a signal: a finite number, a boolean, or a text that every store takes. */
export function isValue(value: unknown): value is number | string | boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') {
    return value.length <= MAX_STRING_LENGTH && !value.includes('\u0000') && value.isWellFormed();
  }
  return typeof value === 'boolean';
}

/** `<site>/<line>/<machine>`, all valid ids. */
export function isMachinePath(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 150) return false;
  const ids = value.split('/');
  return ids.length === 3 && ids.every(isId);
}

/** What is wrong with an object's fields: not an object, one that is missing, one that nobody knows. */
export function faultOfFields(
  value: unknown,
  required: readonly string[],
  optional: readonly string[] = [],
): string | undefined {
  if (!isObject(value)) return 'is not a JSON object';
  for (const field of required) if (!Object.hasOwn(value, field)) return `lacks the field "${field}"`;
  for (const field of Object.keys(value)) {
    if (!required.includes(field) && !optional.includes(field)) return `has the unknown field ${named(field)}`;
  }
  return undefined;
}

/** A foreign name as a reason may repeat it. */
export function named(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name);
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) < 32) return true;
  return !text.isWellFormed();
}
