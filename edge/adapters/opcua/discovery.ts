import { type EndpointDescription, MessageSecurityMode, OPCUAClient, SecurityPolicy } from 'node-opcua-client';
import type { OpcUaSource } from '../../../core/site/source-schema.ts';
import { SourceError } from '../source-error.ts';
import { atMost, within } from '../supervised.ts';
import type { OwnCertificate } from './own-certificate.ts';
import { PinnedCertificateStore } from './pinned-store.ts';

/** What a connection attempt may take until it counts as failed, ms. */
export const CONNECT_TIMEOUT_MS = 5000;

const BUFFER_BYTES = 16_384;
/** The largest message that is taken from a server: some 200,000 values. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** The options that all our clients share; the library's own reconnecting is off, since `supervise` does it. */
export function clientOptions(own: OwnCertificate) {
  return {
    applicationName: 'Plantbridge edge',
    applicationUri: own.applicationUri,
    certificateFile: own.certificateFile,
    privateKeyFile: own.privateKeyFile,
    clientCertificateManager: new PinnedCertificateStore(),
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    transportTimeout: CONNECT_TIMEOUT_MS,
    defaultTransactionTimeout: CONNECT_TIMEOUT_MS,
    // Left out, every message allocates 512 KiB: reads take eight times as long.
    transportSettings: {
      receiveBufferSize: BUFFER_BYTES,
      sendBufferSize: BUFFER_BYTES,
      maxMessageSize: MAX_MESSAGE_BYTES,
      maxChunkCount: MAX_MESSAGE_BYTES / 8192,
    },
    keepSessionAlive: false,
    // Servers behind address translation announce another host name than the one that reaches them. What we ask for is
    // still met exactly in security policy and mode, or refused.
    endpointMustExist: false,
  };
}

/**
 * Asks a server, without security, which endpoints it offers (GetEndpoints, OPC 10000-4, 5.5.4). Nothing in the answer is
 * proven: a certificate from it is good for comparing and pinning only.
 * @throws the library's or the operating system's error; `faultOf` makes sentences of it.
 */
export async function discoverEndpoints(
  endpointUrl: string,
  own: OwnCertificate,
  signal: AbortSignal,
): Promise<EndpointDescription[]> {
  const client = OPCUAClient.create(clientOptions(own));
  try {
    await within(client.connect(endpointUrl), signal, CONNECT_TIMEOUT_MS);
    return await within(client.getEndpoints(), signal, CONNECT_TIMEOUT_MS);
  } finally {
    await atMost(1000, client.disconnect());
  }
}

/**
 * The endpoint with exactly the security that the site file asks for.
 * @throws SourceError that names what the server offers.
 */
export function chooseEndpoint(endpoints: readonly EndpointDescription[], source: OpcUaSource): EndpointDescription {
  const binary = endpoints.filter((endpoint) => /^opc\.tcp:/.test(endpoint.endpointUrl ?? ''));
  const found = binary.find(
    (endpoint) =>
      MessageSecurityMode[endpoint.securityMode] === source.securityMode &&
      endpoint.securityPolicyUri === SecurityPolicy[source.securityPolicy],
  );
  if (found !== undefined) return found;
  const offered = [...new Set(binary.map(securityOf))].join('; ') || 'nothing that speaks opc.tcp';
  throw new SourceError(
    `OPC UA server ${source.endpointUrl} (source ${source.id}) has no endpoint with securityPolicy ${source.securityPolicy} and ` +
      `securityMode ${source.securityMode}. It offers: ${offered}. Change the site file, or allow it on the server.`,
  );
}

function securityOf(endpoint: EndpointDescription): string {
  const policy = (endpoint.securityPolicyUri ?? '').split('#')[1] ?? endpoint.securityPolicyUri ?? '?';
  return `${policy} with ${MessageSecurityMode[endpoint.securityMode]}`;
}
