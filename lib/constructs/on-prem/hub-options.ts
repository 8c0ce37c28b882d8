import type { Historian } from './historian.ts';
import { HUB_FOLDER } from './hub-image.ts';
import type { OnPremSettings } from './site-faults.ts';

/** The port on which the hub listens in its container. */
export const HUB_PORT = 8080;
/** The address that says whether the hub lives; it needs no token. */
export const HEALTH_PATH = '/api/v1/health';

/** What the hub on the Outpost is started with: the options of hub/options.ts, without the token. */
export interface OnPremHubOptions {
  readonly siteFile: string;
  readonly dataFolder: string;
  readonly brokerUrl: string;
  readonly port: number;
  readonly host: string;
  readonly hostNames: readonly string[];
  readonly webFolder: string;
  readonly historianUrl: string;
  readonly logLevel: string;
}

/** The hub's options in its container; a test holds them against the hub's own type. */
export function hubOptions(
  settings: OnPremSettings,
  siteFile: string,
  historian: Pick<Historian, 'connectionString'>,
): OnPremHubOptions {
  return {
    siteFile,
    // Nothing is kept there: values are in PostgreSQL.
    dataFolder: '/tmp/plantbridge',
    brokerUrl: settings.broker.url,
    port: HUB_PORT,
    host: '0.0.0.0',
    hostNames: [settings.hostName],
    webFolder: `${HUB_FOLDER}/hub/web/dist`,
    historianUrl: historian.connectionString,
    // Values are logged at no level; above info there would be nothing to find a fault by.
    logLevel: 'info',
  };
}
