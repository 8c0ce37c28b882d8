import { MAX_STRING_LENGTH, storableText } from './quality.ts';
import { MACHINE_STATES, type MachineState } from './types.ts';

/**
 * A PLC's code as the site file's maps write it: numbers in decimal, booleans `true`/`false`, texts trimmed.
 * @returns undefined for what can't be a code: null, NaN, objects, texts that are too long
 */
export function codeText(raw: unknown): string | undefined {
  if (typeof raw === 'number') return Number.isFinite(raw) ? String(raw + 0) : undefined;
  if (typeof raw === 'boolean' || typeof raw === 'bigint') return String(raw);
  return typeof raw === 'string' && raw.length <= MAX_STRING_LENGTH ? storableText(raw).trim() : undefined;
}

/** Looks a code up; a boolean is found as `1`/`0` too. */
function lookUp<T>(map: Readonly<Record<string, T>>, code: string): T | undefined {
  if (Object.hasOwn(map, code)) return map[code];
  const bit = code === 'true' ? '1' : code === 'false' ? '0' : undefined;
  return bit !== undefined && Object.hasOwn(map, bit) ? map[bit] : undefined;
}

/** The state that a code means; undefined for a code that the map lacks. */
export function stateOfCode(map: Readonly<Record<string, MachineState>>, code: string): MachineState | undefined {
  const state = lookUp(map, code);
  return state !== undefined && MACHINE_STATES.includes(state) ? state : undefined;
}

/**
 * The reason in words: the map's text; a text that the map lacks as it is, a number that it lacks as `code 17`;
 * '' (none) for 0, false and empty texts that the map lacks.
 */
export function reasonOfCode(map: Readonly<Record<string, string>>, code: string): string {
  const text = lookUp(map, code);
  if (text !== undefined) return text;
  if (code === '' || code === '0' || code === 'false') return '';
  return /^-?\d+(\.\d+)?$/.test(code) ? `code ${code}` : code;
}
