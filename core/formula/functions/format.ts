/**
 * `format` and the formats of formatted strings, after Java's `java.util.Formatter` (guide: "String functions"):
 * `%[index$][flags][width][.precision]conversion` with d x X o f e E g G s S b B c % n and the flags - 0 + space , ( #.
 */
import { isTruthy, MAX_STRING_LENGTH, toText, type Value } from '../value.ts';

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;
const CONVERSIONS = 'dxXofeEgGsSbBc%n';
const MAX_DIGITS = 100;

interface Specifier {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

/** What is wrong with a format, or undefined. `values`: how many values it gets. */
export function formatFault(format: string, values: number): string | undefined {
  const rest = format.replaceAll(SPECIFIER, '');
  if (rest.includes('%')) {
    return `'${rest.slice(rest.indexOf('%'))}' is no complete format: write for example %d, %.2f or %s, and %% for a percent sign.`;
  }
  let next = 0;
  for (const match of format.matchAll(SPECIFIER)) {
    const conversion = match[5] ?? '';
    if (!CONVERSIONS.includes(conversion)) {
      return `'${match[0]}' is no format: allowed are %d %x %X %o (whole numbers), %f %e %E %g %G (numbers), %s %S %b %B %c, %% and %n.`;
    }
    if (Number(match[3] ?? 0) > MAX_STRING_LENGTH || Number(match[4] ?? 0) > MAX_DIGITS) {
      return `'${match[0]}' is too wide: at most a width of ${MAX_STRING_LENGTH} and ${MAX_DIGITS} decimal places are allowed.`;
    }
    if (conversion === '%' || conversion === 'n') continue;
    const index = match[1] === undefined ? next++ : Number(match[1]) - 1;
    if (index < 0 || index >= values) return `'${match[0]}' asks for value ${index + 1}, but only ${values} are given.`;
  }
  return undefined;
}

/** The format that `format(expression: "format")` means: `d` is `%d`, `.2f` is `%.2f`. */
export function shortFormat(format: string): string {
  return format.startsWith('%') ? format : `%${format}`;
}

/** The values in a format; none if a value has no text, a conversion doesn't fit its value or the text is too long. */
export function format(text: string, values: readonly Value[]): Value {
  if (formatFault(text, values.length) !== undefined) return undefined;
  let next = 0;
  let valid = true;
  const result = text.replaceAll(
    SPECIFIER,
    (_match, index?: string, flags = '', width?: string, precision?: string, conversion = '') => {
      if (conversion === 'n') return '\n';
      const specifier: Specifier = {
        flags,
        width: Number(width ?? 0),
        precision: precision === undefined ? undefined : Number(precision),
        conversion,
      };
      if (conversion === '%') return pad('%', specifier);
      const value = values[index === undefined ? next++ : Number(index) - 1];
      const part = convert(specifier, value);
      valid &&= part !== undefined;
      return part ?? '';
    },
  );
  return valid && result.length <= MAX_STRING_LENGTH ? result : undefined;
}

function convert(specifier: Specifier, value: Value): string | undefined {
  const { conversion } = specifier;
  if (conversion === 's' || conversion === 'S' || conversion === 'b' || conversion === 'B') {
    const text = conversion.toLowerCase() === 's' ? toText(value) : String(isTruthy(value));
    if (text === undefined) return undefined;
    const cut = text.slice(0, specifier.precision ?? text.length);
    return pad(conversion === conversion.toUpperCase() ? cut.toUpperCase() : cut, specifier);
  }
  if (conversion === 'c') return character(specifier, value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  if (conversion === 'x' || conversion === 'X' || conversion === 'o') {
    if (!Number.isSafeInteger(value)) return undefined;
    // Java writes negative numbers as 64-bit two's complement.
    const digits = BigInt.asUintN(64, BigInt(value)).toString(conversion === 'o' ? 8 : 16);
    const prefix = specifier.flags.includes('#') ? (conversion === 'o' ? '0' : '0x') : '';
    return pad(conversion === 'X' ? (prefix + digits).toUpperCase() : prefix + digits, specifier);
  }
  if (conversion === 'd' && !Number.isInteger(value)) return undefined;
  const digits = numberDigits(specifier, Math.abs(value));
  return signed(specifier, value < 0, digits);
}

function numberDigits({ conversion, precision = 6, flags }: Specifier, value: number): string {
  switch (conversion) {
    case 'd':
      return group(BigInt(value).toString(), flags);
    case 'f':
      return group(fixed(value, precision), flags);
    case 'g':
    case 'G': {
      const significant = Math.max(precision, 1);
      const exponent = Number(scientific(value, significant - 1).split('e')[1]);
      if (value === 0 || (value >= 1e-4 && exponent < significant)) {
        return group(fixed(value, Math.max(0, significant - 1 - (value === 0 ? 0 : exponent))), flags);
      }
      const text = scientific(value, significant - 1);
      return conversion === 'G' ? text.toUpperCase() : text;
    }
    default: {
      const text = scientific(value, precision);
      return conversion === 'E' ? text.toUpperCase() : text;
    }
  }
}

/** The shortest decimal digits that mean this number, and the power of ten behind the first of them. */
function decimalDigits(value: number): { readonly digits: string; readonly exponent: number } {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** Rounds half up on the shortest decimal digits, as Java does: 1.005 with 2 places is 1.01. */
function fixed(value: number, places: number): string {
  const { digits, exponent } = decimalDigits(value);
  const scaled = roundScaled(digits, exponent - digits.length + 1 + places);
  const padded = scaled.toString().padStart(places + 1, '0');
  return places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

function scientific(value: number, places: number): string {
  const { digits, exponent } = decimalDigits(value);
  const rounded = roundScaled(digits, places + 1 - digits.length)
    .toString()
    .padEnd(places + 1, '0');
  const carried = rounded.length > places + 1 ? 1 : 0;
  const power = value === 0 ? 0 : exponent + carried;
  const mantissa = places === 0 ? rounded.slice(0, 1) : `${rounded.slice(0, 1)}.${rounded.slice(1, places + 1)}`;
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** `digits` x 10^`power`, rounded half up to a whole number. */
function roundScaled(digits: string, power: number): bigint {
  if (power >= 0) return BigInt(digits) * 10n ** BigInt(power);
  if (-power > digits.length) return 0n;
  const divisor = 10n ** BigInt(-power);
  return (BigInt(digits) + divisor / 2n) / divisor;
}

function group(digits: string, flags: string): string {
  if (!flags.includes(',')) return digits;
  const [whole = '', fraction] = digits.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function signed(specifier: Specifier, negative: boolean, digits: string): string {
  const { flags, width } = specifier;
  const positive = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const [before, after] = negative ? (flags.includes('(') ? ['(', ')'] : ['-', '']) : [positive, ''];
  const zeros = flags.includes('0') && !flags.includes('-') ? width - before.length - after.length : 0;
  return pad(before + digits.padStart(zeros, '0') + after, specifier);
}

function character(specifier: Specifier, value: Value): string | undefined {
  if (typeof value === 'string') return [...value].length === 1 ? pad(value, specifier) : undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0x10ffff) return undefined;
  return pad(String.fromCodePoint(value), specifier);
}

function pad(text: string, { flags, width }: Specifier): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}
