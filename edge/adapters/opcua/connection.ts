import { AttributeIds, type ClientSession, OPCUAClient } from 'node-opcua-client';
import type { OpcUaSource } from '../../../core/site/source-schema.ts';
import type { AdapterContext, AdapterSink } from '../adapter.ts';
import type { AddressedSignal } from '../signals.ts';
import { SourceError } from '../source-error.ts';
import { atMost, type ConnectOnce, pause, within } from '../supervised.ts';
import { CONNECT_TIMEOUT_MS, chooseEndpoint, clientOptions, discoverEndpoints } from './discovery.ts';
import { type FaultContext, faultOf } from './faults.ts';
import { identityOf, passwordIsExposed } from './identity.ts';
import { type OwnCertificate, ownCertificate } from './own-certificate.ts';
import { type Subscribed, subscribe } from './subscription.ts';
import { leafOf, refusalOf } from './trust.ts';

/** How often the server's clock is read, which also proves that it lives, ms. */
const CLOCK_INTERVAL_MS = 1000;
/** No answer for this long: the connection is dead. With the interval it stays well below the staleness of ten seconds. */
const CLOCK_TIMEOUT_MS = 3000;
/** How long each of the two farewells to a server may take, ms. */
const GOODBYE_MS = 700;
/** Session timeout asked for: short, since a small PLC has few sessions and ours are forgotten when the network breaks. */
const SESSION_TIMEOUT_MS = 30_000;
const SERVER_CURRENT_TIME = 'i=2258';
const SERVER_STATE = 'i=2259';
const SERVER_STATE_RUNNING = 0;

/** One connection to an OPC UA server: discover, check, connect, log in, subscribe, watch; until it breaks. */
export function opcUaConnection(
  source: OpcUaSource,
  signals: readonly AddressedSignal[],
  sink: AdapterSink,
  context: AdapterContext,
): ConnectOnce {
  let warnedOfPassword = false;
  const warned = new Set<AddressedSignal>();

  const openClient = async (own: OwnCertificate, signal: AbortSignal): Promise<OPCUAClient> => {
    const endpoint = chooseEndpoint(await discoverEndpoints(source.endpointUrl, own, signal), source);
    if (source.user !== undefined && passwordIsExposed(endpoint) && !warnedOfPassword) {
      warnedOfPassword = true;
      context.logger.warn(
        { source: source.id },
        `source ${source.id} logs in without a secured channel: nobody proves that the server is the right one, and the password may travel readable. Set securityMode to SignAndEncrypt.`,
      );
    }
    const security = { securityMode: source.securityMode, securityPolicy: source.securityPolicy };
    const options = { ...clientOptions(own), ...security, requestedSessionTimeout: sessionTimeoutMs(source) };
    if (source.securityMode === 'None') return OPCUAClient.create(options);
    const serverCertificate = leafOf(endpoint.serverCertificate);
    const refusal = await refusalOf(context.pkiFolder, serverCertificate, Date.now());
    if (refusal !== undefined) {
      throw new SourceError(`OPC UA server ${source.endpointUrl} (source ${source.id}) is refused. ${refusal}`);
    }
    return OPCUAClient.create({ ...options, serverCertificate });
  };

  return async (signal, connected) => {
    let faultContext: FaultContext = { sourceId: source.id, endpointUrl: source.endpointUrl, user: source.user };
    let client: OPCUAClient | undefined;
    let session: ClientSession | undefined;
    let subscription: Subscribed | undefined;
    const finished = new AbortController();
    try {
      const own = await ownCertificate(context.pkiFolder);
      faultContext = { ...faultContext, ownThumbprint: own.thumbprint, ownCertificateFile: own.certificateFile };
      client = await openClient(own, signal);
      const broken = brokenConnection(client);
      await within(client.connect(source.endpointUrl), signal, CONNECT_TIMEOUT_MS);
      session = await within(client.createSession(identityOf(source, context.secrets)), signal, CONNECT_TIMEOUT_MS);
      const deliver = (readings: Parameters<AdapterSink['readings']>[0]) => {
        if (!signal.aborted && !finished.signal.aborted) sink.readings(readings);
      };
      const subscribing = subscribe(session, { source, signals, deliver, logger: context.logger, warned });
      subscription = await within(Promise.race([broken, subscribing]), signal);
      connected();
      const clock = readClock(session, source, sink, context, AbortSignal.any([signal, finished.signal]));
      await Promise.race([broken, subscription.failed, clock]);
    } catch (error) {
      throw faultOf(error, faultContext);
    } finally {
      finished.abort();
      subscription?.dispose();
      // Briefly, since what is lost has to be reported soon; a server that still hears us frees the session at once.
      if (session !== undefined) await atMost(GOODBYE_MS, session.close(true));
      if (client !== undefined) await atMost(GOODBYE_MS, client.disconnect());
    }
  };
}

/** The session must outlive some keep-alives of a slow subscription. */
function sessionTimeoutMs(source: OpcUaSource): number {
  return Math.max(SESSION_TIMEOUT_MS, 10 * source.publishingIntervalMs);
}

function brokenConnection(client: OPCUAClient): Promise<never> {
  const promise = new Promise<never>((_resolve, reject) => {
    client.on('connection_lost', () => reject(new Error('connection closed')));
    client.on('close', (error) => reject(error ?? new Error('connection closed')));
  });
  promise.catch(() => undefined);
  return promise;
}

/** Reads the server's time and state each second until aborted; throws when the server does not answer. */
async function readClock(
  session: ClientSession,
  source: OpcUaSource,
  sink: AdapterSink,
  context: AdapterContext,
  signal: AbortSignal,
): Promise<void> {
  let wasRunning = true;
  const nodes = [SERVER_CURRENT_TIME, SERVER_STATE].map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value }));
  while (!signal.aborted) {
    const startedMs = performance.now();
    const [time, state] = await within(session.read(nodes, 0), signal, CLOCK_TIMEOUT_MS);
    const tookMs = performance.now() - startedMs;
    if (signal.aborted) return;
    const running = state?.value?.value === SERVER_STATE_RUNNING || state?.statusCode.isGood() !== true;
    if (running !== wasRunning) {
      wasRunning = running;
      const now = running ? 'runs again' : `says that it does not run (ServerState ${String(state?.value?.value)})`;
      context.logger.warn({ source: source.id }, `the server of source ${source.id} ${now}`);
    }
    // A server that is shutting down or in test answers, but its values mean nothing: that is no confirmation.
    if (running) sink.confirmed();
    const value: unknown = time?.value?.value;
    // The server looked at its clock about half-way between question and answer.
    if (value instanceof Date && Number.isFinite(value.getTime())) sink.clock(value.getTime() + tookMs / 2);
    await pause(Math.max(0, CLOCK_INTERVAL_MS - tookMs), signal);
  }
}
