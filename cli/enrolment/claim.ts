import { CreateProvisioningClaimCommand, DescribeEndpointCommand, type IoTClient } from '@aws-sdk/client-iot';
import { UserFault } from '../../core/user-fault.ts';
import { CLAIM_LIFETIME_SECONDS } from '../../lambda/enrolment-hook/contract.ts';

/** A claim: whoever holds it may ask, within five minutes, to become the gateway of its template. */
export interface Claim {
  readonly certificatePem: string;
  /** A secret: it goes into a file that only its owner can read, and is printed nowhere. */
  readonly privateKeyPem: string;
  readonly expires: Date;
}

/** Host names of the account's endpoints of AWS IoT. */
export interface IotEndpoints {
  readonly data: string;
  readonly credentials: string;
}

/** What a claim is asked for. */
export interface ClaimRequest {
  readonly region: string;
  readonly templateName: string;
  /** The stack that makes the template, e.g. `demo/Gateway-gateway-1`. */
  readonly stackPath: string;
}

/** A client of AWS IoT: replaced in tests. */
export type IotSender = Pick<IoTClient, 'send'>;

/**
 * Asks AWS IoT for its endpoints and for a claim; for the claim last, since its time runs.
 * @throws UserFault in plain words: no credentials, no right, no template, no connection.
 */
export async function requestClaim(
  client: IotSender,
  request: ClaimRequest,
  nowMs: number,
): Promise<{ readonly claim: Claim; readonly endpoints: IotEndpoints }> {
  try {
    const endpoints = {
      data: await endpointOf(client, 'iot:Data-ATS'),
      credentials: await endpointOf(client, 'iot:CredentialProvider'),
    };
    const { certificatePem, keyPair, expiration } = await client.send(
      new CreateProvisioningClaimCommand({ templateName: request.templateName }),
    );
    if (certificatePem === undefined || keyPair?.PrivateKey === undefined)
      throw new UserFault('AWS IoT answered without a certificate or key: try again.');
    const expires = expiration ?? new Date(nowMs + CLAIM_LIFETIME_SECONDS * 1000);
    return { claim: { certificatePem, privateKeyPem: keyPair.PrivateKey, expires }, endpoints };
  } catch (error) {
    throw faultOf(error, request) ?? error;
  }
}

async function endpointOf(client: IotSender, endpointType: string): Promise<string> {
  const { endpointAddress } = await client.send(new DescribeEndpointCommand({ endpointType }));
  if (endpointAddress === undefined) throw new UserFault(`AWS IoT names no endpoint of the type ${endpointType}.`);
  return endpointAddress;
}

/** Errors of the SDK by name or code, in the words of who enrols a gateway. */
function faultOf(error: unknown, { region, templateName, stackPath }: ClaimRequest): UserFault | undefined {
  if (!(error instanceof Error) || error instanceof UserFault) return undefined;
  const { code } = error as Error & { readonly code?: unknown };
  const is = (...names: string[]) => names.includes(error.name) || names.includes(String(code));
  if (is('CredentialsProviderError', 'TokenProviderError'))
    return new UserFault(
      'There are no AWS credentials here. Sign in first, e.g. "aws sso login", and name the profile in AWS_PROFILE.',
    );
  if (is('ExpiredTokenException', 'ExpiredToken', 'UnrecognizedClientException', 'InvalidClientTokenId'))
    return new UserFault('AWS does not accept the credentials here, or they have expired. Sign in again.');
  if (is('AccessDeniedException', 'UnauthorizedException', 'ForbiddenException'))
    return new UserFault(
      `These credentials may not give claims. They need iot:CreateProvisioningClaim on the template ${templateName} in ${region}, and iot:DescribeEndpoint.`,
    );
  if (is('ResourceNotFoundException'))
    return new UserFault(
      `AWS IoT in ${region} has no provisioning template ${templateName}. Deploy ${stackPath} first; if it is deployed, these are credentials of another account.`,
    );
  if (is('ThrottlingException', 'ServiceUnavailableException', 'InternalFailureException'))
    return new UserFault('AWS IoT is busy: try again in a minute.');
  if (is('ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'TimeoutError'))
    return new UserFault(`AWS IoT in ${region} can't be reached from here. Is there a way to the internet?`);
  return undefined;
}
