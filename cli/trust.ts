/** `plant trust`: shows the certificates of a site's OPC UA servers and accepts one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { UserFault } from '../core/process.ts';
import { loadSite } from '../core/site/load.ts';
import type { Site } from '../core/site/site.ts';
import type { OpcUaSource } from '../core/site/source-schema.ts';
import { inspectServer, type ServerInspection } from '../edge/adapters/opcua/inspect.ts';
import { ownCertificate } from '../edge/adapters/opcua/own-certificate.ts';
import { pinCertificate } from '../edge/adapters/opcua/trust.ts';
import { SourceError } from '../edge/adapters/source-error.ts';
import { prepareDataFolder } from '../local/factory/data-folder.ts';

/** What the command needs of the outside: replaced in tests. */
export interface TrustIo {
  write(text: string): void;
  writeError(text: string): void;
  setExitCode(code: number): void;
  nowMs(): number;
}

interface TrustOptions {
  readonly accept?: string;
  readonly data: string;
}

/** One OPC UA source, where its gateway keeps certificates, and what its server shows. */
interface Inspected {
  readonly source: OpcUaSource;
  readonly gatewayId: string;
  readonly pkiFolder: string;
  readonly server: ServerInspection;
}

const PROCESS_IO: TrustIo = {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  setExitCode: (code) => {
    process.exitCode = code;
  },
  nowMs: () => Date.now(),
};

const HELP = `
A gateway talks securely only to servers whose certificate was accepted. Compare the thumbprint with the one that the
server shows on its own screen or in its configuration tool before you accept it: over the network anybody could answer.

Examples:
  plant trust sites/my-plant.yaml
  plant trust sites/my-plant.yaml --accept 5A1B0C9D8E7F6A5B4C3D2E1F0A9B8C7D6E5F4A3B`;

/** The command `plant trust`. */
export function trustCommand(io: TrustIo = PROCESS_IO): Command {
  return new Command('trust')
    .description("Shows the certificates of a site's OPC UA servers, and accepts one.")
    .argument('<site file>', 'the site file')
    .option('--accept <thumbprint>', 'accept the certificate with this SHA-1 thumbprint')
    .option('--data <folder>', 'the data folder, which holds the certificates of the gateways', '.plant')
    .addHelpText('after', HELP)
    .action(async (siteFile: string, options: TrustOptions) => {
      try {
        await run(siteFile, options, io);
      } catch (error) {
        const isMistake = error instanceof UserFault || error instanceof SourceError;
        if (!isMistake) throw error;
        io.writeError(`${error.message}\n`);
        io.setExitCode(1);
      }
    });
}

async function run(siteFile: string, options: TrustOptions, io: TrustIo): Promise<void> {
  const accept = options.accept === undefined ? undefined : thumbprintFrom(options.accept);
  const site = loadSite(siteFile, (path) => readFileSync(path, 'utf8'));
  const sources = opcUaSources(site, options.data);
  if (sources.length === 0) throw new UserFault(`${siteFile} has no OPC UA source: there is nothing to trust.`);
  // A first look may come before the first start: the folder is then marked as ours, so that the start takes it.
  prepareDataFolder(options.data, site.id);
  const inspected = await Promise.all(
    sources.map(async (entry) => ({ ...entry, server: await inspectServer(entry.source, entry.pkiFolder) })),
  );
  if (accept !== undefined) return acceptCertificate(accept, inspected, io);
  for (const entry of inspected) io.write(description(entry, siteFile, options, io.nowMs()));
  for (const [gatewayId, pkiFolder] of new Map(inspected.map((entry) => [entry.gatewayId, entry.pkiFolder]))) {
    const own = await ownCertificate(pkiFolder);
    io.write(
      `Gateway ${gatewayId} shows the servers its own certificate ${own.thumbprint}\n` +
        `  (${own.certificateFile}): a server that asks who its clients are has to accept it.\n`,
    );
  }
  if (inspected.some(({ server }) => server.fault !== undefined)) io.setExitCode(1);
}

/** Only the sources that our own connector reads. */
function opcUaSources(site: Site, dataFolder: string): Omit<Inspected, 'server'>[] {
  return site.sources.flatMap((source) => {
    if (source.protocol !== 'opcua' || source.collector !== 'connector') return [];
    const gatewayId = source.gateway ?? site.gateways[0]?.id ?? '';
    return [{ source, gatewayId, pkiFolder: join(dataFolder, 'edge', gatewayId, 'pki') }];
  });
}

async function acceptCertificate(thumbprint: string, inspected: readonly Inspected[], io: TrustIo): Promise<void> {
  const matching = inspected.filter(({ server }) => server.certificate?.thumbprint === thumbprint);
  if (matching.length === 0) {
    const seen = inspected.map(({ source, server }) => {
      return `  ${source.id}: ${server.certificate?.thumbprint ?? server.fault ?? 'has no certificate'}`;
    });
    throw new UserFault(`No server of this site shows the certificate ${thumbprint}. They show:\n${seen.join('\n')}`);
  }
  for (const { source, gatewayId, pkiFolder, server } of matching) {
    if (server.certificate === undefined) continue;
    await pinCertificate(pkiFolder, server.certificate.der);
    io.write(
      `Accepted: gateway ${gatewayId} trusts ${source.id} (${source.endpointUrl}), certificate ${thumbprint}, ` +
        `${server.certificate.subject}. A running gateway connects within some seconds.\n`,
    );
  }
}

function thumbprintFrom(text: string): string {
  const thumbprint = text.replaceAll(/[\s:]/g, '').toUpperCase();
  if (!/^[0-9A-F]{40}$/.test(thumbprint)) {
    throw new UserFault(
      `--accept must be a SHA-1 thumbprint of 40 hexadecimal digits (blanks and colons are allowed), got: ${text}. "plant trust <site file>" shows them.`,
    );
  }
  return thumbprint;
}

function description(
  { source, gatewayId, server }: Inspected,
  siteFile: string,
  options: TrustOptions,
  nowMs: number,
): string {
  const head = `${source.id}  ${source.endpointUrl}  (gateway ${gatewayId}, ${source.securityPolicy}, ${source.securityMode})\n`;
  if (server.fault !== undefined) return `${head}  ${server.fault}\n\n`;
  const { certificate } = server;
  if (certificate === undefined) return `${head}  The server has no certificate.\n\n`;
  const data = options.data === '.plant' ? '' : ` --data ${options.data}`;
  const trust = certificate.isTrusted
    ? 'yes'
    : `no; to accept it: plant trust ${siteFile} --accept ${certificate.thumbprint}${data}`;
  const needed = source.securityMode === 'None' ? '\n  note        not checked, since securityMode is None' : '';
  const { validFrom, validTo } = certificate;
  const isValid = nowMs >= validFrom.getTime() && nowMs <= validTo.getTime();
  return (
    `${head}  thumbprint  ${certificate.thumbprint}\n` +
    `  subject     ${certificate.subject}\n` +
    `  valid       ${dayOf(validFrom)} to ${dayOf(validTo)}${isValid ? '' : ' (NOT valid today: the gateway refuses it)'}\n` +
    `  trusted     ${trust}${needed}\n\n`
  );
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
