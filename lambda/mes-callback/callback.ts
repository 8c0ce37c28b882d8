import { PROBLEM_MEDIA_TYPE, type Problem, problem } from '../../core/mes/problem.ts';
import { NotBuiltYet } from '../shared/not-built-yet.ts';
import { type GatewayRequest, readRequest, type ValidRequest } from './request.ts';

/** An answer as API Gateway takes it. */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the API works with. */
export interface CallbackSurroundings {
  readonly siteId: string;
  readonly logger: {
    info(message: string, more: Readonly<Record<string, unknown>>): void;
    error(message: string, more: Readonly<Record<string, unknown>>): void;
  };
  /** Takes a request for the hub. @throws NotBuiltYet */
  readonly take: (request: ValidRequest) => Promise<GatewayAnswer>;
}

/**
 * Answers a request to the MES API: problem+json where it is wrong, otherwise what taking it gives. Bodies are not logged, nor
 * is what a field held.
 */
export async function answerMes(request: GatewayRequest, surroundings: CallbackSurroundings): Promise<GatewayAnswer> {
  const { siteId, logger, take } = surroundings;
  const valid = readRequest(request, siteId);
  if ('problem' in valid) {
    const { status, parameter, errors } = valid.problem;
    logger.info('A request was refused.', { status, parameter, pointers: errors?.map(({ pointer }) => pointer) });
    return problemAnswer(valid.problem);
  }
  const operation = valid.operation.name;
  try {
    return await take(valid);
  } catch (error) {
    // 5xx either way: the alarm on the API's server errors looks at them.
    logger.error('A request was not taken.', { operation, error: error instanceof Error ? error : String(error) });
    if (error instanceof NotBuiltYet) return problemAnswer(problem(501, error.message));
    return problemAnswer(problem(500, 'The request could not be taken; nothing was changed. Send it again later.'));
  }
}

/** Hands a request to the hub by way of the table and IoT Core, and answers 202 with the address of its status. */
export async function takeForHub({ operation }: ValidRequest): Promise<GatewayAnswer> {
  throw new NotBuiltYet(
    operation.body === undefined ? 'Telling the state of requests' : 'Handing requests over to the hub',
  );
}

function problemAnswer(body: Problem): GatewayAnswer {
  return {
    statusCode: body.status,
    headers: { 'Content-Type': PROBLEM_MEDIA_TYPE, 'Cache-Control': 'no-store' },
    body: JSON.stringify(body),
  };
}
