import type { Logger } from 'pino';
import type { Adapter, AdapterSink } from './adapter.ts';
import { messageOf, SourceError } from './source-error.ts';

export type AdapterLogger = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;

/** Waiting times between attempts: doubled each time from the least to the most, ms. */
export interface Backoff {
  /** @default 500 */
  readonly minMs: number;
  /** @default 10,000 */
  readonly maxMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { minMs: 500, maxMs: 10_000 };
/** A connection that held this long counts as good: the next failure begins at the shortest wait again. */
const STABLE_AFTER_MS = 10_000;
/** How many times the longest wait passes before a refused password is tried again. */
const PERSON_FACTOR = 6;

/** One connection: connects, calls `connected` once values flow, and ends when it is lost (throws) or aborted (returns). */
export type ConnectOnce = (signal: AbortSignal, connected: () => void) => Promise<void>;

/**
 * Keeps one source connected for as long as it runs: connection after connection, with back-off between, for ever.
 * The protocol libraries' own reconnecting is switched off, so there is one place that decides and one that reports.
 */
export function supervise(
  /** For the log: the source's id. */
  sourceId: string,
  connectOnce: ConnectOnce,
  sink: AdapterSink,
  logger: AdapterLogger,
  backoff: Backoff = DEFAULT_BACKOFF,
): Adapter {
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  let lastReason: string | undefined;

  const report = (error: unknown) => {
    const reason = messageOf(error);
    // An attempt that fails as the last one did is news neither for the log nor for a person.
    if (reason === lastReason) {
      logger.debug({ source: sourceId }, reason);
      return;
    }
    lastReason = reason;
    if (!(error instanceof SourceError))
      logger.debug({ source: sourceId, err: error }, 'unexpected fault in an adapter');
    logger.warn({ source: sourceId }, reason);
    sink.lost(reason);
  };

  const run = async () => {
    let attempts = 0;
    while (!stopped.signal.aborted) {
      let connectedAtMs: number | undefined;
      let needsPerson = false;
      try {
        await connectOnce(stopped.signal, () => {
          connectedAtMs = performance.now();
          lastReason = undefined;
          logger.info({ source: sourceId }, `source ${sourceId} is connected`);
        });
      } catch (error) {
        if (stopped.signal.aborted) return;
        needsPerson = error instanceof SourceError && error.needsPerson;
        report(error);
      }
      if (connectedAtMs !== undefined && performance.now() - connectedAtMs >= STABLE_AFTER_MS) attempts = 0;
      const waitMs = needsPerson
        ? backoff.maxMs * PERSON_FACTOR
        : Math.min(backoff.maxMs, backoff.minMs * 2 ** Math.min(attempts, 16));
      attempts += 1;
      // Some spread, so that many gateways do not knock at a restarted server in the same instant.
      await pause(waitMs * (0.8 + 0.2 * Math.random()), stopped.signal);
    }
  };

  return {
    async start() {
      running ??= run();
    },
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

/** Waits, or returns at once when aborted; never throws. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Waits for `work`, but not longer than `ms`; what it throws later is nobody's concern. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.then(noop, noop), expired]);
  clearTimeout(timer);
}

function noop(): void {}

/** The result of `work`, unless `signal` is aborted or `ms` pass first: then it throws at once and leaves `work` to itself. */
export function within<T>(work: Promise<T>, signal: AbortSignal, ms?: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => settle(() => reject(new Error('stopped')));
    const timer = ms === undefined ? undefined : setTimeout(() => settle(() => reject(new Error('timed out'))), ms);
    const settle = (then: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      then();
    };
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
