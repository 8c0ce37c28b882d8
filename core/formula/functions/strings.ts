/** Indexing and slicing as in Python (guide: "Operators"), and the string functions (guide: "String functions"). */
import { JsonNode, MAX_STRING_LENGTH, type Value } from '../value.ts';
import { toJsonValue } from './json-path.ts';

/** `s[index]`: negative counts from the end; outside the string there is no value. */
export function elementAt(object: Value, index: Value): Value {
  if (typeof index !== 'number' || !Number.isInteger(index)) return undefined;
  if (typeof object === 'string') return object.at(index);
  if (object instanceof JsonNode && Array.isArray(object.json)) return toJsonValue(object.json.at(index));
  return undefined;
}

/** `s[start:end:step]`; none stands for a part's default. A step of 0 has no value. */
export function slice(object: Value, start: Value, end: Value, step: Value): Value {
  if (typeof object !== 'string') return undefined;
  if (!isIndex(start) || !isIndex(end) || !isIndex(step) || step === 0) return undefined;
  const by = step ?? 1;
  const length = object.length;
  const [lowest, highest] = by > 0 ? [0, length] : [-1, length - 1];
  const clamp = (index: number | undefined, fallback: number): number => {
    if (index === undefined) return fallback;
    return Math.min(Math.max(index < 0 ? index + length : index, lowest), highest);
  };
  const from = clamp(start, by > 0 ? 0 : length - 1);
  const to = clamp(end, by > 0 ? length : -1);
  let result = '';
  for (let index = from; by > 0 ? index < to : index > to; index += by) result += object.charAt(index);
  return result;
}

function isIndex(value: Value): value is number | undefined {
  return value === undefined || (typeof value === 'number' && Number.isInteger(value));
}

/** The string functions whose arguments are all strings. */
export const STRING_FUNCTIONS: ReadonlyMap<string, (s: string, argument: string) => Value> = new Map<
  string,
  (s: string, argument: string) => Value
>([
  ['len', (s) => s.length],
  // -1 where the substring isn't found, as Java's indexOf.
  ['find', (s, substring) => s.indexOf(substring)],
  ['contains', (s, substring) => Number(s.includes(substring))],
  ['upper', (s) => limit(s.toUpperCase())],
  ['lower', (s) => limit(s.toLowerCase())],
]);

function limit(text: string): Value {
  return text.length <= MAX_STRING_LENGTH ? text : undefined;
}
