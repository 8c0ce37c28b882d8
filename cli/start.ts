/** `plant start`: the demo factory, with simulated machines, in this terminal. */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { parsePort } from './terminal/port-option.ts';
import { readablePath } from './terminal/readable-path.ts';
import { runFactory } from './terminal/run-factory.ts';

/** Port of dashboard and API. */
export const DEFAULT_PORT = 8700;
/** Port of the MQTT broker in process. */
export const DEFAULT_BROKER_PORT = 18830;
export const DEFAULT_DATA_FOLDER = '.plant';
const DEMO_SITE = fileURLToPath(new URL('../sites/demo.yaml', import.meta.url));

interface StartOptions {
  readonly port: number;
  readonly brokerPort: number;
  readonly data: string;
  readonly fresh: boolean;
  readonly open: boolean;
  readonly history: boolean;
}

export function startCommand(): Command {
  return new Command('start')
    .description('Runs a whole factory on this machine: simulated PLCs, gateway, historian, OEE and dashboard.')
    .argument('[site file]', 'the factory; its machines are simulated', readablePath(DEMO_SITE))
    .option('--port <port>', 'port of the dashboard and the API on loopback', parsePort, DEFAULT_PORT)
    .option('--broker-port <port>', 'port of the MQTT broker on loopback', parsePort, DEFAULT_BROKER_PORT)
    .option('--data <folder>', 'where everything is kept', DEFAULT_DATA_FOLDER)
    .option('--fresh', 'begins anew; the data so far are moved aside, not deleted', false)
    .option('--no-open', 'does not open the page in a browser')
    .option('--no-history', 'does not make a day of simulated history at the first start')
    .action(async (siteFile: string, options: StartOptions) => {
      process.exitCode = await runFactory(
        {
          siteFile,
          dataFolder: options.data,
          port: options.port,
          brokerPort: options.brokerPort,
          simulate: true,
          history: options.history,
          fresh: options.fresh,
        },
        options.open,
      );
      process.exit();
    });
}
