import type { BrokerTlsFiles } from '../core/broker-tls.ts';

/** The options of the hub process, given as JSON in its only argument; {@link HubSecrets} in its environment. */
export interface HubOptions {
  /** The site file's path. */
  readonly siteFile: string;
  /** The data folder; the hub's own part is `hub/` in it. */
  readonly dataFolder: string;
  /** The LAN broker, e.g. `mqtt://127.0.0.1:18830`. */
  readonly brokerUrl: string;
  /** Keys for a broker that asks for a client certificate. @default none */
  readonly brokerTls?: BrokerTlsFiles;
  /** The port of API and dashboard; 0 takes any that is free. */
  readonly port: number;
  /** The address to listen on. @default 127.0.0.1: this machine alone */
  readonly host?: string;
  /** Further names under which browsers reach the hub, e.g. `hub.plant.example`: other Host headers are refused. @default none */
  readonly hostNames?: readonly string[];
  /** The access token. */
  readonly token: string;
  /** The simulator's control endpoint and its secret; only in the demo. */
  readonly demoControlUrl?: string;
  readonly demoControlSecret?: string;
  /** The built dashboard. @default none: the API alone */
  readonly webFolder?: string;
  /** PostgreSQL connection string. @default what the site file's `hub.historianFrom` says, else PGlite in the data folder */
  readonly historianUrl?: string;
  /** How much the log says. @default info */
  readonly logLevel?: string;
}

/** The options that nobody else on the machine may read, see SECRET_OPTIONS_VARIABLE (core/process-messages.ts). */
export type HubSecrets = Pick<HubOptions, 'token' | 'demoControlSecret' | 'historianUrl'>;

/** How Node is to be run for hub/main.ts. Left alone, V8 lets the young heap grow as large as it likes with each burst of messages. */
export const HUB_NODE_ARGUMENTS: readonly string[] = ['--max-semi-space-size=8'];
