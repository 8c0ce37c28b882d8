import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from './contract.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'An access token is required',
  403: 'The request is refused',
  404: 'There is no such thing',
  405: 'The method is not allowed',
  413: 'The request is too large',
  415: 'The media type is not supported',
  500: 'The hub has a defect',
  502: 'The simulator did not answer',
  503: 'The historian is not available now',
};

/** An answer other than success, as RFC 9457 has it. Thrown by routes; {@link problemResponse} sends it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: ContentfulStatusCode;
  /** The query parameter or field at fault. */
  readonly parameter: string | undefined;

  /** @param detail - what is wrong, what was got, what is allowed; for a person. */
  constructor(status: ContentfulStatusCode, detail: string, parameter?: string) {
    super(detail);
    this.status = status;
    this.parameter = parameter;
  }
}

/** The problem document (RFC 9457, clause 3.1). */
export function problemOf(error: ProblemError): Problem {
  return {
    type: 'about:blank',
    title: TITLES[error.status] ?? 'The request failed',
    status: error.status,
    detail: error.message,
    ...(error.parameter !== undefined && { parameter: error.parameter }),
  };
}

export function problemResponse(context: Context, error: ProblemError): Response {
  context.header('Content-Type', 'application/problem+json');
  if (error.status === 401) context.header('WWW-Authenticate', 'Bearer realm="plantbridge"');
  return context.body(JSON.stringify(problemOf(error)), error.status);
}
