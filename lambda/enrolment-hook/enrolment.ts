import { CLAIM_LIFETIME_SECONDS, type EnrolmentRequest, SERIAL_NUMBER_PARAMETER } from './contract.ts';

/** What a site file takes for a serial number. */
const SERIAL_NUMBER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A first use of a serial number, or its repetition. */
export interface SerialNumberUse {
  readonly serialNumber: string;
  readonly claimCertificateId: string;
  readonly certificateId: string;
  readonly atSeconds: number;
}

/** Where used serial numbers are kept. */
export interface SerialNumberRegister {
  /**
   * Notes a use, unless the number was used before. A use by the same claim after `retrySinceSeconds` counts as the same one.
   * @returns false where the number was used before.
   */
  claim(use: SerialNumberUse, retrySinceSeconds: number): Promise<boolean>;
}

/** What is decided, and why, as a sentence for the log. */
export interface EnrolmentDecision {
  readonly isAllowed: boolean;
  readonly reason: string;
  readonly serialNumber?: string;
}

/**
 * Decides whether a device may enrol: its serial number is listed and was not used before.
 *
 * AWS IoT asks before it registers the thing, and registering may still fail. So that this does not burn the serial number, the
 * same claim may come again while it lives: whoever holds it, got it for this very device five minutes ago at most. Another claim
 * never passes.
 */
export async function decideEnrolment(
  request: EnrolmentRequest,
  listed: ReadonlySet<string>,
  register: SerialNumberRegister,
  nowSeconds: number,
): Promise<EnrolmentDecision> {
  const serialNumber = request.parameters[SERIAL_NUMBER_PARAMETER];
  if (serialNumber === undefined || serialNumber === '')
    return { isAllowed: false, reason: 'The device names no serial number.' };
  if (!listed.has(serialNumber)) {
    const reason = "The serial number is not among the gateway's serialNumbers in the site file.";
    // What a stranger sends goes into the log only where it looks like a serial number.
    return { isAllowed: false, reason, ...(SERIAL_NUMBER.test(serialNumber) && { serialNumber }) };
  }
  const isFirst = await register.claim(
    {
      serialNumber,
      claimCertificateId: request.claimCertificateId,
      certificateId: request.certificateId,
      atSeconds: nowSeconds,
    },
    nowSeconds - CLAIM_LIFETIME_SECONDS,
  );
  return isFirst
    ? { isAllowed: true, reason: 'The serial number is listed and unused.', serialNumber }
    : { isAllowed: false, reason: 'The serial number was used before: each enrols once.', serialNumber };
}
