import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setDebugLogger, setErrorLogger, setWarningLogger } from 'node-opcua-client';
import { pino } from 'pino';
import { forgivingDestination } from '../../core/log-destination.ts';
import { type RunningTier, runTier, type TierContext } from '../../core/process.ts';
import { loadSite } from '../../core/site/load.ts';
import { resolveSecret } from '../../core/site/secret.ts';
import type { Site } from '../../core/site/site.ts';
import { pinCertificate } from '../../edge/adapters/opcua/trust.ts';
import { startControl } from './control.ts';
import { SimulatedModbusServer } from './modbus/server.ts';
import { Plant } from './model/plant.ts';
import { SimulatedOpcUaServer } from './opcua/server.ts';
import type { SimulatorOptions } from './options.ts';
import { RunningPlant } from './running-plant.ts';
import type { SimulatedServer } from './simulated-server.ts';

const readText = (path: string) => readFileSync(path, 'utf8');

/** Starts the simulated PLCs of a site. */
async function startSimulator(options: SimulatorOptions, context: TierContext): Promise<RunningTier> {
  const site = loadSite(options.siteFile, readText);
  const logger = pino(
    { name: 'simulator' },
    forgivingDestination((line) => writeSync(1, line)),
  );
  for (const setLogger of [setErrorLogger, setWarningLogger, setDebugLogger]) {
    setLogger((...parts: unknown[]) =>
      logger.debug({ library: 'node-opcua' }, parts.map(String).join(' ').slice(0, 500)),
    );
  }
  const plant = new Plant(site, options.seed, options.startMs);
  const servers = await createServers(site, options);
  const running = new RunningPlant(site, plant, servers, Date.now, (message) => {
    logger.error(message);
    context.fault(message);
  });
  await running.start();
  const control = await startControl(options.controlPort, options.controlSecret, running);
  return {
    info: {
      controlUrl: control.url,
      ...Object.fromEntries(servers.map((server) => [server.sourceId, server.address])),
    },
    stop: async () => {
      control.server.close();
      control.server.closeAllConnections();
      await running.stop();
    },
  };
}

/** One server a source; the gateways' trust in the demo's own OPC UA servers is settled here, by who made their certificates. */
async function createServers(site: Site, options: SimulatorOptions): Promise<SimulatedServer[]> {
  const onlyGateway = site.gateways[0]?.id ?? '';
  return Promise.all(
    site.sources.map(async (source) => {
      if (source.protocol === 'modbus-tcp') return new SimulatedModbusServer(site, source);
      const password =
        source.passwordFrom === undefined
          ? undefined
          : resolveSecret(source.passwordFrom, { env: process.env, readText, siteFile: options.siteFile });
      const pkiFolder = join(options.dataFolder, 'simulator', 'pki', source.id);
      const server = await SimulatedOpcUaServer.create({ site, source, pkiFolder, password });
      const gateway = source.gateway ?? onlyGateway;
      await pinCertificate(join(options.dataFolder, 'edge', gateway, 'pki'), server.certificate.der);
      return server;
    }),
  );
}

await runTier(process, startSimulator, (message) => process.stderr.write(`${message}\n`));
