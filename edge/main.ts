import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { IClientOptions } from 'mqtt';
import { pino } from 'pino';
import { readBrokerTls } from '../core/broker-tls.ts';
import { forgivingDestination } from '../core/log-destination.ts';
import { type RunningTier, runTier, type TierContext, UserFault } from '../core/process.ts';
import { loadSite } from '../core/site/load.ts';
import { resolveSecret } from '../core/site/secret.ts';
import type { Site } from '../core/site/site.ts';
import type { SourceConfig } from '../core/site/source-schema.ts';
import { createAdapter } from './adapters/create.ts';
import { connectBroker } from './broker.ts';
import { Gateway } from './gateway.ts';
import type { EdgeOptions } from './options.ts';
import { OutboxThread } from './outbox/durable-way.ts';

const readText = (path: string) => readFileSync(path, 'utf8');

/** Starts one gateway of a site. */
async function startEdge(options: EdgeOptions, context: TierContext): Promise<RunningTier> {
  const site = loadSite(options.siteFile, readText);
  if (!site.gateways.some(({ id }) => id === options.gateway)) {
    const known = site.gateways.map(({ id }) => id).join(', ');
    throw new UserFault(`${options.siteFile} has no gateway "${options.gateway}". It has: ${known}.`);
  }
  const logger = pino(
    { name: `edge ${options.gateway}`, level: options.logLevel ?? 'info' },
    forgivingDestination((line) => writeSync(1, line)),
  );
  const folder = join(options.dataFolder, 'edge', options.gateway);
  const secrets = new Map(site.sources.map((source) => [source.id, secretsOf(source, options.siteFile)]));
  const brokerOptions: IClientOptions = {
    ...credentialsOf(site, options.siteFile),
    ...(options.brokerTls !== undefined && readBrokerTls(options.brokerTls, readText)),
  };
  const durable = await OutboxThread.start({
    folder,
    site: site.id,
    gateway: options.gateway,
    brokerUrl: options.brokerUrl,
    brokerOptions,
    logLevel: logger.level,
  });
  const lanClient = connectBroker(options.brokerUrl, { ...brokerOptions, queueQoSZero: false }, logger);
  const gateway = new Gateway({
    site,
    gatewayId: options.gateway,
    durable,
    lanClient,
    logger,
    onFault: context.fault,
    createAdapter: (source, machines, sink) =>
      createAdapter(source, machines, sink, {
        pkiFolder: join(folder, 'pki'),
        secrets: secrets.get(source.id) ?? {},
        logger,
      }),
  });
  await gateway.start();
  return {
    info: { gateway: options.gateway, outbox: folder },
    stop: async () => {
      await gateway.stop();
      await Promise.allSettled([lanClient.endAsync(true), durable.stop()]);
    },
  };
}

function secretsOf(source: SourceConfig, siteFile: string) {
  const resolve = (reference: string | undefined) =>
    reference === undefined ? undefined : resolveSecret(reference, { env: process.env, readText, siteFile });
  if (source.protocol !== 'opcua') return {};
  const password = resolve(source.passwordFrom);
  const userCertificatePem = resolve(source.userCertificateFrom);
  const userPrivateKeyPem = resolve(source.userPrivateKeyFrom);
  return {
    ...(password !== undefined && { password }),
    ...(userCertificatePem !== undefined && { userCertificatePem }),
    ...(userPrivateKeyPem !== undefined && { userPrivateKeyPem }),
  };
}

function credentialsOf(site: Site, siteFile: string): IClientOptions {
  const reference = site.broker?.passwordFrom;
  return {
    ...(site.broker?.user !== undefined && { username: site.broker.user }),
    ...(reference !== undefined && { password: resolveSecret(reference, { env: process.env, readText, siteFile }) }),
  };
}

await runTier(process, startEdge, (message) => process.stderr.write(`${message}\n`));
