import { Logger } from '@aws-lambda-powertools/logger';

/**
 * What CloudFormation sends for a custom resource, but for the response address, which lets whoever has it answer.
 * Every value of the properties is a string, whatever the template's type: parse them.
 */
export interface CustomResourceEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** What Create returned; Update and Delete only. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  /** The properties before; Update only. */
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

/** The same as it arrives. */
export interface CustomResourceRequest extends CustomResourceEvent {
  /** A signed address: a secret, never to be logged. */
  readonly ResponseURL: string;
}

/** What a custom resource has become. */
export interface CustomResourceResult {
  /**
   * Another one than before makes an update a replacement: CloudFormation deletes the old one afterwards.
   * @default as before; at Create made of stack and logical id
   */
  readonly physicalResourceId?: string;
  /** What `Fn::GetAtt` gives. @default nothing */
  readonly data?: Readonly<Record<string, string>>;
}

/** The part of Lambda's context that a custom resource needs. */
export interface RemainingTime {
  getRemainingTimeInMillis(): number;
}

/** What tests put in the place of network and logs. */
export interface CustomResourceSurroundings {
  /** Puts the answer. @default fetch */
  readonly fetch?: typeof fetch;
  /** @default a logger of Powertools */
  readonly logger?: Pick<Logger, 'error' | 'info'>;
  /** Between two tries to answer, ms. @default 1000 */
  readonly retryPauseMs?: number;
}

/** Physical id of what was never made. CloudFormation asks to delete it when it rolls back. */
export const NEVER_CREATED = 'plantbridge:never-created';
/** Time that is kept for the answer, ms. */
const ANSWER_TIME_MS = 5000;
/** CloudFormation accepts 4096 bytes for the whole answer; a reason longer than this is cut. */
const LONGEST_REASON = 1000;
const ANSWER_TRIES = 3;

/**
 * Makes a Lambda handler of what a custom resource does. Whatever happens, CloudFormation gets an answer before the function's
 * time is over: an error thrown, or work that takes too long, is FAILED with its reason, so that the stack rolls back at once
 * instead of waiting for an hour. Deleting what could not be created succeeds without the handler.
 * @param handler must be idempotent: where the answer does not get through, Lambda calls it again.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export function customResource(
  handler: (event: CustomResourceEvent) => Promise<CustomResourceResult>,
  surroundings: CustomResourceSurroundings = {},
): (request: CustomResourceRequest, context: RemainingTime) => Promise<void> {
  const logger = surroundings.logger ?? new Logger();
  return async ({ ResponseURL, ...event }, context) => {
    const about = {
      requestType: event.RequestType,
      stackId: event.StackId,
      logicalResourceId: event.LogicalResourceId,
    };
    const answer = (result: Readonly<Record<string, unknown>>) =>
      put(ResponseURL, { ...idsOf(event), ...result }, surroundings);
    if (event.RequestType === 'Delete' && event.PhysicalResourceId === NEVER_CREATED) {
      await answer({ Status: 'SUCCESS', PhysicalResourceId: NEVER_CREATED });
      return;
    }
    let result: CustomResourceResult;
    try {
      result = await withinTime(handler(event), context.getRemainingTimeInMillis() - ANSWER_TIME_MS);
    } catch (error) {
      logger.error('The custom resource failed.', { ...about, error: error instanceof Error ? error : String(error) });
      await answer({
        Status: 'FAILED',
        Reason: reasonOf(error),
        PhysicalResourceId: event.PhysicalResourceId ?? NEVER_CREATED,
      });
      return;
    }
    const physicalResourceId = result.physicalResourceId ?? event.PhysicalResourceId ?? ownId(event);
    logger.info('The custom resource is done.', { ...about, physicalResourceId });
    await answer({ Status: 'SUCCESS', PhysicalResourceId: physicalResourceId, Data: result.data ?? {} });
  };
}

function idsOf({ StackId, RequestId, LogicalResourceId }: CustomResourceEvent) {
  return { StackId, RequestId, LogicalResourceId };
}

/** The same for each repetition of a request, so that a second call makes no second resource. */
function ownId({ StackId, LogicalResourceId }: CustomResourceEvent): string {
  return `${StackId.slice(StackId.lastIndexOf('/') + 1)}:${LogicalResourceId}`;
}

function reasonOf(error: unknown): string {
  const text =
    error instanceof Error
      ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}`
      : `It failed without an error: ${String(error)}`;
  return text.length <= LONGEST_REASON ? text : `${text.slice(0, LONGEST_REASON)}...`;
}

async function withinTime<T>(work: Promise<T>, timeMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`It was not done within the ${Math.round(timeMs / 1000)} s that the function has.`)),
    timeMs,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws Error where CloudFormation's bucket takes no answer: Lambda then calls again, later. */
async function put(
  url: string,
  answer: Readonly<Record<string, unknown>>,
  { fetch: send = fetch, retryPauseMs = 1000 }: CustomResourceSurroundings,
): Promise<void> {
  // Bytes, not text: the signature of the address allows no content type.
  const body = new TextEncoder().encode(JSON.stringify(answer));
  let failure = '';
  for (let attempt = 1; attempt <= ANSWER_TRIES; attempt += 1) {
    try {
      const response = await send(url, { method: 'PUT', body, signal: AbortSignal.timeout(ANSWER_TIME_MS / 2) });
      if (response.ok) return;
      failure = `status ${response.status}`;
    } catch (error) {
      failure = error instanceof Error ? error.name : 'no answer';
    }
    if (attempt < ANSWER_TRIES) await new Promise((resolve) => setTimeout(resolve, retryPauseMs));
  }
  throw new Error(`CloudFormation did not take the answer: ${failure}.`);
}
