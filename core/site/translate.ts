import type { z } from 'zod';
import type { FilePosition, SiteFault, SitePath } from './fault.ts';
import { formatSitePath, isSecretKey, showValue } from './fault.ts';
import type { SchemaPlace } from './schema-at.ts';
import { didYouMean } from './suggest.ts';

/** What is needed to say in a user's terms what zod found. */
export interface TranslationContext {
  readonly root: unknown;
  locate(path: SitePath): FilePosition;
  locateKey(path: SitePath, key: string): FilePosition;
  schemaAt(path: SitePath): SchemaPlace;
}

type Text = Pick<SiteFault, 'message' | 'got' | 'allowed' | 'hint'>;

/** One issue of zod as faults of the site file: mostly one, several for several unknown keys. */
export function translateIssue(issue: z.core.$ZodIssue, context: TranslationContext): SiteFault[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, path, context);
  const position = context.locate(path);
  const fault = (text: Text): SiteFault[] => [{ ...position, path: formatSitePath(path), ...text }];
  const value = valueAt(context.root, path);
  if (value === undefined || value === null) return fault(missing(value, context.schemaAt(path).description));
  const text = sentence(issue, value, context.schemaAt(path));
  return fault({ ...text, ...(showsGot(issue) && { got: describeGot(issue, value, path) }) });
}

/** The value at a path of plain data, undefined where there is none. */
export function valueAt(root: unknown, path: SitePath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    root,
  );
}

function missing(value: null | undefined, description: string | undefined): Text {
  const message = value === null ? 'is empty' : 'is missing';
  if (value === null) return { message, hint: 'Give it a value or remove the key' };
  return { message: description === undefined ? message : `${message}: ${description}` };
}

function unknownKeys(keys: readonly string[], path: SitePath, context: TranslationContext): SiteFault[] {
  const known = context.schemaAt(path).keys;
  return keys.map((key) => {
    const hint = secretHint(key, known) ?? didYouMean(key, known);
    return {
      ...context.locateKey(path, key),
      path: formatSitePath([...path, key]),
      message: 'is not a key that may stand here',
      ...(known.length > 0 && { allowed: known.join(', ') }),
      ...(hint !== undefined && { hint }),
    };
  });
}

function secretHint(key: string, known: readonly string[]): string | undefined {
  if (!isSecretKey(key)) return undefined;
  const use = known.includes('passwordFrom')
    ? 'passwordFrom: env:NAME, file:path or secretsmanager:name'
    : 'a reference';
  return `A secret never stands in the site file: use ${use}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
};

function sentence(issue: z.core.$ZodIssue, value: unknown, place: SchemaPlace): Text {
  switch (issue.code) {
    case 'invalid_type': {
      const quoted = typeof value !== 'object' && place.accepts(String(value));
      const unquoted = typeof value === 'string' && isNumeric(value) && place.accepts(Number(value));
      const hint = quoted
        ? `Put it in quotes: ${JSON.stringify(String(value))}`
        : unquoted
          ? `Remove the quotes: ${Number(value)}`
          : place.description;
      return { message: `must be ${KINDS[issue.expected] ?? issue.expected}`, ...(hint !== undefined && { hint }) };
    }
    case 'invalid_value':
      return choice(issue.values.map(String), value);
    case 'invalid_union':
      return union(issue, value);
    case 'invalid_format':
      return { message: issue.message.startsWith('Invalid') ? `must be a valid ${issue.format}` : issue.message };
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_key':
      return { message: 'has a key that is not allowed' };
    default:
      return { message: 'is not valid' };
  }
}

function isNumeric(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function choice(allowed: readonly string[], value: unknown): Text {
  const hint = typeof value === 'string' ? didYouMean(value, allowed) : undefined;
  const [only] = allowed;
  const message = allowed.length === 1 ? `must be ${only}` : `must be one of ${allowed.join(', ')}`;
  return { message, ...(allowed.length > 1 && { allowed: allowed.join(', ') }), ...(hint !== undefined && { hint }) };
}

function union(issue: z.core.$ZodIssueInvalidUnion, value: unknown): Text {
  if ('options' in issue && Array.isArray(issue.options)) return choice(issue.options.map(String), value);
  const first = issue.errors.flatMap((errors) => errors.slice(0, 1));
  const values = first.flatMap((each) => (each.code === 'invalid_value' ? each.values.map(String) : []));
  if (values.length > 0) return choice(values, value);
  const kinds = first.flatMap((each) => (each.code === 'invalid_type' ? [KINDS[each.expected] ?? each.expected] : []));
  return { message: `must be ${kinds.join(' or ') || 'something else'}` };
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): Text {
  if (issue.origin === 'string') {
    return { message: issue.minimum === 1 ? 'must not be empty' : `must have at least ${issue.minimum} characters` };
  }
  if (issue.origin === 'array')
    return { message: `needs at least ${issue.minimum} ${issue.minimum === 1 ? 'entry' : 'entries'}` };
  return { message: `must be ${issue.inclusive === false ? 'greater than' : 'at least'} ${issue.minimum}` };
}

function tooBig(issue: z.core.$ZodIssueTooBig): Text {
  if (issue.origin === 'string') return { message: `must not be longer than ${issue.maximum} characters` };
  if (issue.origin === 'array') return { message: `must not have more than ${issue.maximum} entries` };
  return { message: `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}` };
}

function showsGot(issue: z.core.$ZodIssue): boolean {
  return issue.code !== 'invalid_key';
}

function describeGot(issue: z.core.$ZodIssue, value: unknown, path: SitePath): string {
  const shown = showValue(value, path);
  const isUnclear = issue.code === 'invalid_type' && (typeof value === 'number' || typeof value === 'boolean');
  return isUnclear && issue.expected === 'string' ? `${shown} (a ${typeof value})` : shown;
}
