/** What the enrolment hook and its deployment agree on. */

/** Environment variables of the function. */
export const ENROLMENT_ENV = {
  /** The table of serial numbers that were used. */
  table: 'ENROLMENT_TABLE',
  /** The serial numbers that may enrol, joined by commas; empty where none may. */
  serialNumbers: 'SERIAL_NUMBERS',
} as const;

/** The partition key of the table. */
export const SERIAL_NUMBER_KEY = 'serialNumber';

/** How long the list of serial numbers may be, bytes: Lambda takes 4 KB for all variables of a function together. */
export const SERIAL_NUMBERS_MAX_BYTES = 3000;

/** The parameter of the provisioning template that carries the serial number. */
export const SERIAL_NUMBER_PARAMETER = 'SerialNumber';

/** The version of the payload that AWS IoT calls the hook with. */
export const HOOK_PAYLOAD_VERSION = '2020-04-01';

/** How long a claim lives: `CreateProvisioningClaim` gives five minutes, fixed. */
export const CLAIM_LIFETIME_SECONDS = 300;

/** What AWS IoT asks before it provisions a device (payload version 2020-04-01). */
export interface EnrolmentRequest {
  /** The certificate of the claim that the device connected with. */
  readonly claimCertificateId: string;
  /** The certificate that the device is to get. */
  readonly certificateId: string;
  readonly templateArn: string;
  readonly clientId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The hook's answer. */
export interface EnrolmentAnswer {
  readonly allowProvisioning: boolean;
}

/** The list as the environment variable holds it. */
export function joinedSerialNumbers(serialNumbers: readonly string[]): string {
  return serialNumbers.join(',');
}

/** The list behind the environment variable. */
export function splitSerialNumbers(joined: string): string[] {
  return joined.split(',').filter((serialNumber) => serialNumber !== '');
}
