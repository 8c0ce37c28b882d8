import {
  AttributeIds,
  type ClientSession,
  ClientSubscription,
  type DataValue,
  type NodeId,
  readOperationLimits,
  TimestampsToReturn,
} from 'node-opcua-client';
import type { OpcUaSource } from '../../../core/site/source-schema.ts';
import type { Reading } from '../../../core/telemetry/types.ts';
import { type AddressedSignal, pathOf } from '../signals.ts';
import type { AdapterLogger } from '../supervised.ts';
import { resolveNode } from './node-id.ts';
import { plainValueOf } from './value.ts';

/** A keep-alive at least this often where nothing changes, ms: staleness is decided after ten seconds. */
const KEEP_ALIVE_MS = 2000;
/** Most servers that state no limit take this many items in a request. */
const DEFAULT_ITEMS_PER_CALL = 1000;
/** The fewest values that a server keeps between two publications: state changes must not be lost. */
const MIN_QUEUE_SIZE = 10;
/** How fast a signal may change that is reported at each change, ms: sizes the server's queue. */
const FASTEST_CHANGE_MS = 10;

/** What the rest of the connection needs of its subscription. */
export interface Subscribed {
  /** Ends the connection: the server dropped the subscription or it went silent. */
  readonly failed: Promise<never>;
  /** Frees timers; the server's side is deleted with the session. */
  dispose(): void;
}

/**
 * Subscribes to all signals (OPC 10000-4, 5.13 and 5.14). Each item's first notification is its current value. A node that does
 * not exist is warned of by name, reported BAD, and tried again at the next connection; the others go on.
 */
export async function subscribe(
  session: ClientSession,
  source: OpcUaSource,
  signals: readonly AddressedSignal[],
  deliver: (readings: readonly Reading[]) => void,
  logger: AdapterLogger,
): Promise<Subscribed> {
  const subscription = await createSubscription(session, source);
  const keepAliveMs = subscription.maxKeepAliveCount * subscription.publishingInterval;
  const watchdog = watch(subscription, Math.max(3 * keepAliveMs, 3 * KEEP_ALIVE_MS));
  try {
    await monitor(session, subscription, source, signals, deliver, logger);
  } catch (error) {
    watchdog.dispose();
    throw error;
  }
  return watchdog;
}

async function monitor(
  session: ClientSession,
  subscription: ClientSubscription,
  source: OpcUaSource,
  signals: readonly AddressedSignal[],
  deliver: (readings: readonly Reading[]) => void,
  logger: AdapterLogger,
): Promise<void> {
  const collect = collector(deliver);
  const namespaceArray = await session.readNamespaceArray();
  const perCall = await itemsPerCall(session);
  const missing = (signal: AddressedSignal, problem: string) => {
    logger.warn({ source: source.id }, `signal ${pathOf(signal)} has no value: the node "${signal.node}" ${problem}`);
    collect({ machinePath: signal.machinePath, signal: signal.signal, value: null, quality: 'BAD' });
  };

  const bySampling = new Map<number, [AddressedSignal, NodeId][]>();
  for (const signal of signals) {
    const resolved = resolveNode(signal.node ?? '', namespaceArray);
    if ('problem' in resolved) {
      missing(signal, resolved.problem);
      continue;
    }
    const samplingMs = signal.intervalMs ?? source.samplingIntervalMs;
    const group = bySampling.get(samplingMs) ?? [];
    bySampling.set(samplingMs, group);
    group.push([signal, resolved.nodeId]);
  }
  for (const [samplingInterval, group] of bySampling) {
    // 0 asks for each change (OPC 10000-4, 5.12.1.2): room for a change every few milliseconds then.
    const expectedMs = Math.max(samplingInterval, FASTEST_CHANGE_MS);
    const queueSize = Math.max(MIN_QUEUE_SIZE, 2 * Math.ceil(source.publishingIntervalMs / expectedMs));
    for (let start = 0; start < group.length; start += perCall) {
      const part = group.slice(start, start + perCall);
      const monitored = await subscription.monitorItems(
        part.map(([, nodeId]) => ({ nodeId, attributeId: AttributeIds.Value })),
        { samplingInterval, queueSize, discardOldest: true },
        TimestampsToReturn.Both,
      );
      const told = new Set<AddressedSignal>();
      monitored.on('changed', (_item, dataValue: DataValue, index) => {
        const signal = part[index]?.[0];
        if (signal === undefined) return;
        const { problem, ...plain } = plainValueOf(dataValue);
        if (problem !== undefined && !told.has(signal)) {
          told.add(signal);
          logger.warn(
            { source: source.id },
            `signal ${pathOf(signal)} has no value: the node "${signal.node}" ${problem}`,
          );
        }
        collect({ machinePath: signal.machinePath, signal: signal.signal, ...plain });
      });
      monitored.monitoredItems.forEach((item, index) => {
        const signal = part[index]?.[0];
        if (signal === undefined || item.statusCode.isGoodish()) return;
        missing(signal, refusalOf(item.statusCode.name));
      });
    }
  }
}

function refusalOf(statusName: string): string {
  if (/BadNodeIdUnknown|BadNodeIdInvalid/.test(statusName)) return `does not exist on the server (${statusName})`;
  if (/BadNotReadable|BadUserAccessDenied/.test(statusName)) return `may not be read by this user (${statusName})`;
  if (/BadAttributeIdInvalid/.test(statusName)) return `is no variable (${statusName})`;
  return `is refused by the server (${statusName})`;
}

function createSubscription(session: ClientSession, source: OpcUaSource): Promise<ClientSubscription> {
  return new Promise((resolve, reject) => {
    const keepAliveCount = Math.max(3, Math.round(KEEP_ALIVE_MS / source.publishingIntervalMs));
    const subscription = ClientSubscription.create(session, {
      requestedPublishingInterval: source.publishingIntervalMs,
      requestedMaxKeepAliveCount: keepAliveCount,
      // At least three times the keep-alive count (OPC 10000-4, 5.14.2.2).
      requestedLifetimeCount: 10 * keepAliveCount,
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
    });
    subscription.once('started', () => resolve(subscription));
    subscription.once('error', reject);
    subscription.on('internal_error', reject);
  });
}

/** Fails when neither values nor keep-alives came for too long, or when the server ends the subscription. */
function watch(subscription: ClientSubscription, silentMs: number): Subscribed {
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the subscription timed out')), silentMs);
    subscription.on('raw_notification', () => timer?.refresh());
    subscription.on('status_changed', (status) => {
      reject(new Error(`connection closed: the server ended the subscription (${status.name})`));
    });
  });
  // Whoever races against it still sees the rejection; nobody may be racing yet or any more.
  failed.catch(() => undefined);
  return { failed, dispose: () => clearTimeout(timer) };
}

/** Hands all values of one notification over in one call, in the order in which they came. */
function collector(deliver: (readings: readonly Reading[]) => void): (reading: Reading) => void {
  let waiting: Reading[] = [];
  return (reading) => {
    waiting.push(reading);
    if (waiting.length > 1) return;
    queueMicrotask(() => {
      const readings = waiting;
      waiting = [];
      deliver(readings);
    });
  };
}

async function itemsPerCall(session: ClientSession): Promise<number> {
  try {
    const limits = await readOperationLimits(session);
    const limit = limits.maxMonitoredItemsPerCall ?? 0;
    return limit > 0 ? Math.min(limit, DEFAULT_ITEMS_PER_CALL) : DEFAULT_ITEMS_PER_CALL;
  } catch {
    // Small servers have no such node.
    return 100;
  }
}
