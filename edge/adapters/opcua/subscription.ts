import {
  AttributeIds,
  type ClientMonitoredItemGroup,
  type ClientSession,
  ClientSubscription,
  type DataValue,
  readOperationLimits,
  TimestampsToReturn,
} from 'node-opcua-client';
import type { OpcUaSource } from '../../../core/site/source-schema.ts';
import type { Reading } from '../../../core/telemetry/types.ts';
import { type AddressedSignal, pathOf } from '../signals.ts';
import { messageOf } from '../source-error.ts';
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

/** What to subscribe to, and where values and warnings go. */
export interface SubscriptionRequest {
  readonly source: OpcUaSource;
  readonly signals: readonly AddressedSignal[];
  deliver(readings: readonly Reading[]): void;
  readonly logger: AdapterLogger;
  /** Signals that were warned of already, over all connections. */
  readonly warned: Set<AddressedSignal>;
}

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
export async function subscribe(session: ClientSession, request: SubscriptionRequest): Promise<Subscribed> {
  const subscription = await createSubscription(session, request.source);
  const keepAliveMs = subscription.maxKeepAliveCount * subscription.publishingInterval;
  const watchdog = watch(subscription, Math.max(3 * keepAliveMs, 3 * KEEP_ALIVE_MS));
  try {
    await monitorAll(session, subscription, request);
  } catch (error) {
    watchdog.dispose();
    throw error;
  }
  return watchdog;
}

async function monitorAll(
  session: ClientSession,
  subscription: ClientSubscription,
  { source, signals, deliver, logger, warned }: SubscriptionRequest,
): Promise<void> {
  const collect = collector(deliver);
  const warn = (signal: AddressedSignal, problem: string) => {
    if (warned.has(signal)) return;
    warned.add(signal);
    logger.warn({ source: source.id }, `signal ${pathOf(signal)} has no value: the node "${signal.node}" ${problem}`);
  };
  const missing = (signal: AddressedSignal, problem: string) => {
    warn(signal, problem);
    collect({ machinePath: signal.machinePath, signal: signal.signal, value: null, quality: 'BAD' });
  };

  const namespaceArray = await session.readNamespaceArray();
  const resolved = signals.flatMap((signal) => {
    const node = resolveNode(signal.node ?? '', namespaceArray);
    if ('nodeId' in node) return [{ signal, nodeId: node.nodeId }];
    missing(signal, node.problem);
    return [];
  });
  let perCall = await itemsPerCall(session);
  for (const [samplingInterval, group] of Map.groupBy(
    resolved,
    ({ signal }) => signal.intervalMs ?? source.samplingIntervalMs,
  )) {
    // 0 asks for each change (OPC 10000-4, 5.12.1.2): room for a change every few milliseconds then.
    const expectedMs = Math.max(samplingInterval, FASTEST_CHANGE_MS);
    const queueSize = Math.max(MIN_QUEUE_SIZE, 2 * Math.ceil(source.publishingIntervalMs / expectedMs));
    for (let start = 0; start < group.length; ) {
      const part = group.slice(start, start + perCall);
      try {
        const items = await subscription.monitorItems(
          part.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
          { samplingInterval, queueSize, discardOldest: true },
          TimestampsToReturn.Both,
        );
        follow(
          items,
          part.map(({ signal }) => signal),
          collect,
          warn,
          missing,
        );
        start += part.length;
      } catch (error) {
        // Some servers have a limit that they do not tell.
        if (!/BadTooManyOperations/.test(messageOf(error)) || perCall === 1) throw error;
        perCall = Math.ceil(perCall / 2);
      }
    }
  }
}

/** Passes on what the items report; the first notification of each waits until we listen. */
function follow(
  items: ClientMonitoredItemGroup,
  signals: readonly AddressedSignal[],
  collect: (reading: Reading) => void,
  warn: (signal: AddressedSignal, problem: string) => void,
  missing: (signal: AddressedSignal, problem: string) => void,
): void {
  items.on('changed', (_item, dataValue: DataValue, index) => {
    const signal = signals[index];
    if (signal === undefined) return;
    const { problem, ...plain } = plainValueOf(dataValue);
    if (problem !== undefined) warn(signal, problem);
    collect({ machinePath: signal.machinePath, signal: signal.signal, ...plain });
  });
  for (const [index, item] of items.monitoredItems.entries()) {
    const signal = signals[index];
    if (signal !== undefined && !item.statusCode.isGoodish()) missing(signal, refusalOf(item.statusCode.name));
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
    subscription.on('error', reject);
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
