import type { OpcUaSource } from '../../../core/site/source-schema.ts';
import type { AdapterLogger } from '../supervised.ts';
import { discoverEndpoints } from './discovery.ts';
import { faultOf } from './faults.ts';
import { setUpLibrary } from './library.ts';
import { ownCertificate } from './own-certificate.ts';
import { type CertificateSummary, isTrusted, leafOf, summaryOf } from './trust.ts';

/** What a server shows of itself to anybody who asks. */
export interface ServerInspection {
  /** Why the server can't be asked, as sentences; then there is nothing else. */
  readonly fault?: string;
  /** Undefined where the server has no certificate at all. */
  readonly certificate?: CertificateSummary & { readonly der: Buffer; readonly isTrusted: boolean };
}

const silent: AdapterLogger = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

/**
 * Asks a server for the certificate of the endpoint that the site file names (or of another one, where it lacks it).
 * Nobody proves that the answer comes from the right machine: a person has to compare the thumbprint.
 * @param pkiFolder the gateway's certificates; its own one is made if there is none yet.
 */
export async function inspectServer(source: OpcUaSource, pkiFolder: string): Promise<ServerInspection> {
  setUpLibrary(silent);
  try {
    const own = await ownCertificate(pkiFolder);
    const endpoints = await discoverEndpoints(source.endpointUrl, own, new AbortController().signal);
    const withCertificate = endpoints.filter((endpoint) => endpoint.serverCertificate?.length > 0);
    const chosen =
      withCertificate.find(({ securityPolicyUri }) => securityPolicyUri?.endsWith(`#${source.securityPolicy}`)) ??
      withCertificate[0];
    if (chosen === undefined) return {};
    const der = leafOf(chosen.serverCertificate);
    return { certificate: { ...summaryOf(der), der, isTrusted: await isTrusted(pkiFolder, der) } };
  } catch (error) {
    return { fault: faultOf(error, { sourceId: source.id, endpointUrl: source.endpointUrl }).message };
  }
}
