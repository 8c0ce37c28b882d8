import { z } from 'zod';

/** The media type of a {@link Problem} (RFC 9457, clause 6.1). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One field that is wrong. */
const fieldFaultSchema = z.strictObject({
  pointer: z.string().describe('The field of the body, as a JSON pointer (RFC 6901): #/scrap/0/parts'),
  detail: z.string().describe('What is wrong with it and what is allowed'),
});

/** An answer other than success, as RFC 9457 has it; `errors` as in its clause 3. */
export const problemSchema = z.strictObject({
  type: z.string().describe('A URI of the kind of problem; about:blank where the status says it all'),
  title: z.string().describe('The kind of problem, in words'),
  status: z.int().describe('The HTTP status'),
  detail: z.string().describe('What is wrong this time, and what to do'),
  parameter: z.string().optional().describe('The header or part of the address at fault'),
  errors: z.array(fieldFaultSchema).optional().describe('The fields of the body at fault'),
});

export type Problem = z.output<typeof problemSchema>;
export type FieldFault = z.output<typeof fieldFaultSchema>;

/** What an API of a plant answers with, other than success. */
export const PROBLEM_TITLES = {
  400: 'The request is not valid',
  401: 'The request is not signed',
  403: 'The request is refused',
  404: 'There is no such thing',
  405: 'The method is not allowed',
  409: 'The request contradicts an earlier one',
  412: 'The order has changed meanwhile',
  413: 'The request is too large',
  415: 'The media type is not supported',
  429: 'There are too many requests',
  500: 'The API has a defect',
  501: 'This is not built yet',
  503: 'The API is not available now',
  504: 'The answer took too long',
} as const satisfies Readonly<Record<number, string>>;

export type ProblemStatus = keyof typeof PROBLEM_TITLES;

/** A problem by its status. @param more What else is known: the parameter or the fields at fault. */
export function problem(
  status: ProblemStatus,
  detail: string,
  more: Pick<Problem, 'parameter' | 'errors'> = {},
): Problem {
  return { type: 'about:blank', title: PROBLEM_TITLES[status], status, detail, ...more };
}

/** The most faults that one answer lists. */
const MOST_FAULTS = 20;

/**
 * The problem of a body that a schema refused: 400, each field by its pointer, in the order of the schema. Values of the body
 * are not repeated: answers are logged by those who get them.
 */
export function bodyProblem(error: z.ZodError, body: unknown): Problem {
  const errors = error.issues.flatMap((issue) => fieldFaults(issue, body));
  const [first] = errors;
  const count = errors.length === 1 ? 'One field is wrong' : `${errors.length} fields are wrong, the first of them`;
  const detail = first === undefined ? 'The body is wrong.' : `${count}: ${shown(first)}.`;
  return problem(400, detail, { errors: errors.slice(0, MOST_FAULTS) });
}

function shown({ pointer, detail }: FieldFault): string {
  return `${pointer === '#' ? 'the body' : pointer.slice(2).replaceAll('/', '.')} ${detail}`;
}

function fieldFaults(issue: z.core.$ZodIssue, body: unknown): FieldFault[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    // A body can bring thousands of keys; what is repeated stays short.
    return issue.keys
      .slice(0, MOST_FAULTS)
      .map((key) => ({ pointer: pointerOf([...path, key.slice(0, 64)]), detail: 'is not a field of this request' }));
  }
  const isMissing = path.length > 0 && valueAt(body, path) === undefined;
  return [{ pointer: pointerOf(path), detail: isMissing ? `is missing${allowed(issue)}` : detailOf(issue) }];
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function pointerOf(path: readonly PropertyKey[]): string {
  return ['#', ...path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}

/** Of a choice, what there is to choose from. */
function allowed(issue: z.core.$ZodIssue): string {
  const choices = choicesOf(issue);
  return choices === undefined ? '' : `; it must be ${choices}`;
}

function choicesOf(issue: z.core.$ZodIssue): string | undefined {
  let values: readonly unknown[] = [];
  if (issue.code === 'invalid_value') values = issue.values;
  else if (issue.code === 'invalid_union' && 'options' in issue) values = issue.options ?? [];
  return values.length === 0 ? undefined : values.map(String).join(' or ');
}

/** In the words of this API, so that they do not change with a library. */
function detailOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be ${choicesOf(issue)}`;
    case 'invalid_union':
      return `must be ${choicesOf(issue) ?? unionOf(issue)}`;
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'greater than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return issue.message;
  }
}

/** What each form of a union wants: a string or a number. */
function unionOf(issue: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>): string {
  const forms = issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [article(first.expected)] : []));
  return forms.length === 0 ? 'one of its allowed forms' : [...new Set(forms)].join(' or ');
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

function article(expected: string): string {
  if (expected === 'int') return 'an integer';
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}
