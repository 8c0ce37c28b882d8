import { join } from 'node:path';
import { machinesOf, type Site } from '../../core/site/site.ts';
import { EDGE_NODE_ARGUMENTS, type EdgeOptions } from '../../edge/options.ts';
import { HUB_NODE_ARGUMENTS, type HubOptions, type HubSecrets } from '../../hub/options.ts';
import type { BrokerOptions } from '../broker-options.ts';
import type { HistoryOptions } from '../history/options.ts';
import type { SimulatorOptions } from '../simulator/options.ts';
import type { SimulationRecord } from './simulation-file.ts';
import type { ProcessPlan } from './supervised-process.ts';

/** What the processes of one factory have in common. */
export interface FactoryFrame {
  readonly site: Site;
  readonly siteFile: string;
  readonly dataFolder: string;
  readonly brokerUrl: string;
}

/** Where a process' log lies. */
export function logFileOf(dataFolder: string, name: string): string {
  return join(dataFolder, 'logs', `${name}.log`);
}

const moduleAt = (path: string) => new URL(`../../${path}`, import.meta.url);

export function brokerPlan(dataFolder: string, port: number): ProcessPlan {
  const options: BrokerOptions = { port };
  return {
    name: 'broker',
    module: moduleAt('local/broker-main.ts'),
    options,
    logFile: logFileOf(dataFolder, 'broker'),
  };
}

export function simulatorPlan(
  { siteFile, dataFolder }: FactoryFrame,
  record: SimulationRecord,
  control: { readonly port: number; readonly secret: string },
  env: Readonly<Record<string, string>>,
): ProcessPlan {
  const options: Omit<SimulatorOptions, 'controlSecret'> = {
    siteFile,
    dataFolder,
    seed: record.seed,
    startMs: record.startMs,
    controlPort: control.port,
  };
  const secrets: Pick<SimulatorOptions, 'controlSecret'> = { controlSecret: control.secret };
  const module = moduleAt('local/simulator/main.ts');
  return { name: 'simulator', module, options, secrets, env, logFile: logFileOf(dataFolder, 'simulator') };
}

/** One process for each gateway that has a source. */
export function edgePlans(
  { site, siteFile, dataFolder, brokerUrl }: FactoryFrame,
  env: Readonly<Record<string, string>>,
): ProcessPlan[] {
  const used = new Set(machinesOf(site).map(({ gatewayId }) => gatewayId));
  return site.gateways
    .filter(({ id }) => used.has(id))
    .map(({ id }) => {
      const options: EdgeOptions = { siteFile, dataFolder, brokerUrl, gateway: id };
      const name = site.gateways.length === 1 ? 'edge' : `edge-${id}`;
      const module = moduleAt('edge/main.ts');
      return { name, module, nodeArguments: EDGE_NODE_ARGUMENTS, options, env, logFile: logFileOf(dataFolder, name) };
    });
}

export function hubPlan(
  { siteFile, dataFolder, brokerUrl }: FactoryFrame,
  own: Pick<HubOptions, 'port' | 'webFolder' | 'demoControlUrl'>,
  secrets: HubSecrets,
): ProcessPlan {
  const options: Omit<HubOptions, keyof HubSecrets> = { siteFile, dataFolder, brokerUrl, ...own };
  return {
    name: 'hub',
    module: moduleAt('hub/main.ts'),
    nodeArguments: HUB_NODE_ARGUMENTS,
    options,
    secrets,
    logFile: logFileOf(dataFolder, 'hub'),
  };
}

export function historyPlan(
  { siteFile, dataFolder, brokerUrl }: FactoryFrame,
  record: SimulationRecord,
  historyEndMs: number,
): ProcessPlan {
  const options: HistoryOptions = {
    siteFile,
    dataFolder,
    brokerUrl,
    seed: record.seed,
    startMs: record.startMs,
    endMs: historyEndMs,
  };
  const module = moduleAt('local/history/main.ts');
  return { name: 'history', module, options, logFile: logFileOf(dataFolder, 'history'), endsByItself: true };
}
