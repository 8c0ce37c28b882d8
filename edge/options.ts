import type { BrokerTlsFiles } from '../core/broker-tls.ts';

/** The options of a gateway process, given as JSON in its only argument. */
export interface EdgeOptions {
  /** The site file's path. */
  readonly siteFile: string;
  /** The data folder; the gateway's own part is `edge/<gateway>/` in it. */
  readonly dataFolder: string;
  /** The LAN broker, e.g. `mqtt://127.0.0.1:18830`. */
  readonly brokerUrl: string;
  /** Keys for a broker that asks for a client certificate. @default none */
  readonly brokerTls?: BrokerTlsFiles;
  /** Which gateway of the site this is. */
  readonly gateway: string;
  /** How much the log says. @default info */
  readonly logLevel?: string;
}

/**
 * How Node is to be run for edge/main.ts. Left alone, V8 lets the heap grow on a large machine until a collection seems worth its while; a gateway
 * has little memory and shares it. Measured with 1,000 nodes at 10 Hz: 305 MB without, 185 MB with these.
 */
export const EDGE_NODE_ARGUMENTS: readonly string[] = ['--max-semi-space-size=4', '--max-old-space-size=192'];
