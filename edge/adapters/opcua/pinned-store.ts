import { type OPCUAClientBase, type StatusCode, StatusCodes } from 'node-opcua-client';

/** The library's interface of a trust list. */
type CertificateStore = OPCUAClientBase['clientCertificateManager'];

/**
 * The trust list that the library sees: it trusts nobody, and nothing can be added to it. We decide before the library is
 * asked (trust.ts) and hand it the one certificate that was accepted. Its own store would do more than we want: it keeps lock
 * folders that a kill leaves behind (31 s at the next start) and moves certificates by itself.
 */
export class PinnedCertificateStore implements CertificateStore {
  referenceCounter = 0;

  async initialize(): Promise<void> {}

  async dispose(): Promise<void> {
    this.referenceCounter = Math.max(0, this.referenceCounter - 1);
  }

  async checkCertificate(): Promise<StatusCode> {
    return StatusCodes.BadCertificateUntrusted;
  }

  async verifyCertificate(): Promise<string> {
    return 'BadCertificateUntrusted';
  }

  async getTrustStatus(): Promise<StatusCode> {
    return StatusCodes.BadCertificateUntrusted;
  }

  async trustCertificate(): Promise<void> {}

  async rejectCertificate(): Promise<void> {}

  async addIssuer(): Promise<void> {}

  async addRevocationList(): Promise<void> {}
}
