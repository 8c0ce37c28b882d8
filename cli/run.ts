/** `plant run`: gateway, hub and dashboard against the machines that a site file names. */
import { Command } from 'commander';
import { DEFAULT_BROKER_PORT, DEFAULT_DATA_FOLDER, DEFAULT_PORT } from './start.ts';
import { parsePort } from './terminal/port-option.ts';
import { runFactory } from './terminal/run-factory.ts';

interface RunOptions {
  readonly port: number;
  readonly brokerPort: number;
  readonly data: string;
  readonly fresh: boolean;
  readonly open: boolean;
}

export function runCommand(): Command {
  return new Command('run')
    .description('Runs gateway, historian, OEE and dashboard against the real machines of a site file.')
    .argument('<site file>', 'the factory, e.g. sites/pilot.yaml')
    .option('--port <port>', 'port of the dashboard and the API on loopback', parsePort, DEFAULT_PORT)
    .option(
      '--broker-port <port>',
      'port of the MQTT broker, where the site file names none',
      parsePort,
      DEFAULT_BROKER_PORT,
    )
    .option('--data <folder>', 'where everything is kept', DEFAULT_DATA_FOLDER)
    .option('--fresh', 'begins anew; the data so far are moved aside, not deleted', false)
    .option('--no-open', 'does not open the page in a browser')
    .action(async (siteFile: string, options: RunOptions) => {
      process.exitCode = await runFactory(
        {
          siteFile,
          dataFolder: options.data,
          port: options.port,
          brokerPort: options.brokerPort,
          simulate: false,
          fresh: options.fresh,
        },
        options.open,
      );
      process.exit();
    });
}
