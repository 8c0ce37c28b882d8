import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { PROBLEM_MEDIA_TYPE, PROBLEM_TITLES, type ProblemStatus, problem } from '../../../core/mes/problem.ts';

/** What API Gateway answers by itself, before or instead of the function. */
const RESPONSES: readonly { readonly type: ResponseType; readonly status: ProblemStatus; readonly detail: string }[] = [
  {
    type: ResponseType.BAD_REQUEST_BODY,
    status: 400,
    detail: 'The body is not what this operation takes: $context.error.validationErrorString',
  },
  { type: ResponseType.UNSUPPORTED_MEDIA_TYPE, status: 415, detail: 'The Content-Type must be application/json.' },
  { type: ResponseType.REQUEST_TOO_LARGE, status: 413, detail: 'The request is larger than API Gateway takes.' },
  // What API Gateway says of an address that it does not know, and of a request without a signature.
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: 403,
    detail: 'The request is not signed, or there is no such operation at this address.',
  },
  { type: ResponseType.RESOURCE_NOT_FOUND, status: 404, detail: 'There is nothing at this address.' },
  { type: ResponseType.INVALID_SIGNATURE, status: 403, detail: 'The signature of the request is wrong.' },
  { type: ResponseType.EXPIRED_TOKEN, status: 403, detail: 'The credentials of the request have expired.' },
  { type: ResponseType.ACCESS_DENIED, status: 403, detail: 'Whoever sent the request may not do this.' },
  { type: ResponseType.UNAUTHORIZED, status: 401, detail: 'The request says not who sent it.' },
  { type: ResponseType.WAF_FILTERED, status: 403, detail: "The API's firewall refused the request." },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    detail: 'There are more requests than the API takes: send it again later.',
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: 429,
    detail: 'There are more requests than the API takes: send it again later.',
  },
  { type: ResponseType.INTEGRATION_FAILURE, status: 503, detail: 'The API could not answer: send it again later.' },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    detail: 'The answer took too long: send it again with the same idempotency key.',
  },
];

/** What an API answers by itself is a problem document (RFC 9457) too, as everything that its function answers. */
export function addProblemResponses(api: RestApi): void {
  for (const { type, status, detail } of RESPONSES)
    addResponse(api, type, JSON.stringify(problem(status, detail)), String(status));
  addResponse(api, ResponseType.BAD_REQUEST_PARAMETERS, inOwnWords(PROBLEM_TITLES[400]), '400');
  // All others keep the status that API Gateway gives them.
  addResponse(api, ResponseType.DEFAULT_4XX, inOwnWords(PROBLEM_TITLES[403]));
  addResponse(api, ResponseType.DEFAULT_5XX, inOwnWords(PROBLEM_TITLES[500]));
}

/** A problem in the words of API Gateway, which come with their quotes. */
function inOwnWords(title: string): string {
  return `{"type":"about:blank","title":${JSON.stringify(title)},"detail":$context.error.messageString}`;
}

function addResponse(api: RestApi, type: ResponseType, template: string, statusCode?: string): void {
  api.addGatewayResponse(`Response-${type.responseType}`, {
    type,
    ...(statusCode !== undefined && { statusCode }),
    responseHeaders: { 'Content-Type': `'${PROBLEM_MEDIA_TYPE}'`, 'Cache-Control': "'no-store'" },
    templates: { 'application/json': template },
  });
}
