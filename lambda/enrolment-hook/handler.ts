import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { requireEnv } from '../shared/env.ts';
import { ENROLMENT_ENV, type EnrolmentAnswer, type EnrolmentRequest, splitSerialNumbers } from './contract.ts';
import { DynamoDbRegister } from './dynamodb-register.ts';
import { decideEnrolment, type SerialNumberRegister } from './enrolment.ts';

/** What the hook needs of the outside: replaced in tests. */
export interface HookContext {
  readonly serialNumbers: readonly string[];
  readonly register: SerialNumberRegister;
  readonly nowSeconds: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** The hook on what it is given. A register that fails makes it fail, and AWS IoT then provisions nothing. */
export function enrolmentHook(context: HookContext): (request: EnrolmentRequest) => Promise<EnrolmentAnswer> {
  const listed = new Set(context.serialNumbers);
  return async (request) => {
    const decision = await decideEnrolment(request, listed, context.register, context.nowSeconds());
    const { isAllowed, reason, serialNumber } = decision;
    // Certificate ids are names, not secrets; the certificate itself is left out.
    const about = {
      serialNumber,
      certificateId: request.certificateId,
      claimCertificateId: request.claimCertificateId,
    };
    if (isAllowed) context.logger.info(reason, about);
    else context.logger.warn(`Refused: ${reason}`, about);
    return { allowProvisioning: isAllowed };
  };
}

let prepared: ((request: EnrolmentRequest) => Promise<EnrolmentAnswer>) | undefined;

/** The function that AWS IoT calls before it provisions a gateway; it has to answer within five seconds. */
export const handler = (request: EnrolmentRequest): Promise<EnrolmentAnswer> => {
  prepared ??= enrolmentHook({
    // Empty where the site file lists none: then nobody enrols.
    serialNumbers: splitSerialNumbers(process.env[ENROLMENT_ENV.serialNumbers] ?? ''),
    register: new DynamoDbRegister(new DynamoDBClient({}), requireEnv(ENROLMENT_ENV.table)),
    nowSeconds: () => Math.floor(Date.now() / 1000),
    logger: new Logger(),
  });
  return prepared(request);
};
