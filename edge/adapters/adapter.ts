import type { Logger } from 'pino';
import type { Reading } from '../../core/telemetry/types.ts';

/** Where an adapter hands what it read. All calls are synchronous and cheap; the sink never throws. */
export interface AdapterSink {
  /** Values as they came, in the source's order. They also confirm that the connection lives. */
  readings(readings: readonly Reading[]): void;
  /** The connection lives (keep-alive, an answered poll), though no value changed: for all machines of the source. */
  confirmed(): void;
  /** The connection is gone or was never there; `reason` is a sentence for a person, without secrets. */
  lost(reason: string): void;
  /** The source's own current time (ms since 1970) as read just now: what clock skew is estimated from. */
  clock(sourceNowMs: number): void;
}

/**
 * Talks to one source. It connects, reads, reconnects with back-off and never gives up, until it is stopped;
 * a source that can't be reached is reported by `lost`, never by an exception.
 */
export interface Adapter {
  /** Returns at once or after the first attempt; it does not wait for a connection. */
  start(): Promise<void>;
  /** Ends the connection in good order and frees everything, within five seconds. */
  stop(): Promise<void>;
}

/** What a source needs to log in, resolved from the site file's references. Never logged. */
export interface AdapterSecrets {
  readonly password?: string;
  /** PEM texts, for login with a user certificate. */
  readonly userCertificatePem?: string;
  readonly userPrivateKeyPem?: string;
}

/** Everything an adapter needs besides its source and machines. */
export interface AdapterContext {
  /** The gateway's certificates: `own/` (made when needed) and `trusted/` (accepted servers). Shared by all its sources. */
  readonly pkiFolder: string;
  readonly secrets: AdapterSecrets;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;
  /** Waiting times between connection attempts. @default 500 ms doubling to 10 s */
  readonly backoff?: { readonly minMs: number; readonly maxMs: number };
}
