import { X509Certificate } from 'node:crypto';
import { type EndpointDescription, MessageSecurityMode, type UserIdentityInfo, UserTokenType } from 'node-opcua-client';
import { keyOperationsFromPrivateKey, makePrivateKeyFromPem } from 'node-opcua-crypto';
import type { OpcUaSource } from '../../../core/site/source-schema.ts';
import type { AdapterSecrets } from '../adapter.ts';
import { SourceError } from '../source-error.ts';

/**
 * Who logs in (OPC 10000-4, 7.40): a user certificate, a user with password, or nobody.
 * @throws SourceError where the site file names a user but the secret is missing or damaged.
 */
export function identityOf(source: OpcUaSource, secrets: AdapterSecrets): UserIdentityInfo {
  const { userCertificatePem, userPrivateKeyPem, password } = secrets;
  if (userCertificatePem !== undefined || userPrivateKeyPem !== undefined) {
    if (userCertificatePem === undefined || userPrivateKeyPem === undefined) {
      throw new SourceError(
        `Source ${source.id} needs both userCertificateFrom and userPrivateKeyFrom to log in with a certificate.`,
        { needsPerson: true },
      );
    }
    try {
      return {
        type: UserTokenType.Certificate,
        certificateData: new X509Certificate(userCertificatePem).raw,
        keyOperations: keyOperationsFromPrivateKey(makePrivateKeyFromPem(userPrivateKeyPem)),
      };
    } catch {
      // The library's message could quote the key.
      throw new SourceError(
        `The user certificate or private key of source ${source.id} is damaged: both must be PEM texts (userCertificateFrom, userPrivateKeyFrom).`,
        { needsPerson: true },
      );
    }
  }
  if (source.user === undefined) return { type: UserTokenType.Anonymous };
  if (password === undefined) {
    throw new SourceError(`Source ${source.id} has a user but no password: add passwordFrom to the site file.`, {
      needsPerson: true,
    });
  }
  return { type: UserTokenType.UserName, userName: source.user, password };
}

/** Whether a password that is sent to this endpoint could be read on the network or by an impostor: worth a warning. */
export function passwordIsExposed(endpoint: EndpointDescription): boolean {
  return endpoint.securityMode === MessageSecurityMode.None;
}
