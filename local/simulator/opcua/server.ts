import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua-client';
import { OPCUAServer, type OPCUAServerOptions } from 'node-opcua-server';
import { UserFault } from '../../../core/process.ts';
import { machinesOf, type Site } from '../../../core/site/site.ts';
import type { OpcUaSource } from '../../../core/site/source-schema.ts';
import type { PlcView } from '../model/plant.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import { buildAddressSpace, type ShownSignal } from './address-space.ts';
import { type ServerCertificate, serverCertificate } from './certificate.ts';

/** What an OPC UA server of the simulation needs beside its source. */
export interface OpcUaServerOptions {
  readonly site: Site;
  readonly source: OpcUaSource;
  /** Where the PLC keeps its certificate and its trust list. */
  readonly pkiFolder: string;
  /** The password of the source's user; undefined where the source has no user. */
  readonly password: string | undefined;
}

/** A simulated PLC as an OPC UA server on loopback, secured as the site file says. Any third-party client can read it. */
export class SimulatedOpcUaServer implements SimulatedServer {
  readonly sourceId: string;
  readonly address: string;
  readonly machinePaths: readonly string[];
  /** For gateways to pin. */
  readonly certificate: ServerCertificate;
  private readonly options: OpcUaServerOptions;
  private server: OPCUAServer | undefined;
  private shown: readonly ShownSignal[] = [];

  private constructor(options: OpcUaServerOptions, certificate: ServerCertificate) {
    this.options = options;
    this.certificate = certificate;
    this.sourceId = options.source.id;
    this.address = options.source.endpointUrl;
    this.machinePaths = machinesOf(options.site)
      .filter(({ source }) => source === options.source.id)
      .map(({ path }) => path);
  }

  /** Makes the server's certificate where there is none yet; the port stays closed. */
  static async create(options: OpcUaServerOptions): Promise<SimulatedOpcUaServer> {
    const certificate = await serverCertificate(join(options.pkiFolder, 'own'), applicationUriOf(options));
    return new SimulatedOpcUaServer(options, certificate);
  }

  async start(): Promise<void> {
    if (this.server !== undefined) return;
    const url = new URL(this.address);
    await assertPortFree(Number(url.port || 4840), this.sourceId);
    const server = new OPCUAServer(await this.serverOptions(url));
    await server.initialize();
    this.shown = buildAddressSpace(server, this.options.site, this.options.source);
    await server.start();
    this.server = server;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    this.shown = [];
    await server?.shutdown(0);
  }

  update(viewOf: (machinePath: string) => PlcView, sensorsToo: boolean): void {
    for (const { machinePath, signal, show } of this.shown)
      if (sensorsToo || !signal.isSensor) show(viewOf(machinePath));
  }

  private async serverOptions(url: URL): Promise<OPCUAServerOptions> {
    const { source, pkiFolder, password } = this.options;
    const trust = new OPCUACertificateManager({
      rootFolder: join(pkiFolder, 'clients'),
      // It is the gateway that must not trust any server. This PLC lets every client in that knows the password.
      automaticallyAcceptUnknownCertificate: true,
    });
    // Our instance lock says that nobody else is at work here: a lock in the folder is one that a kill left behind.
    await rm(join(pkiFolder, 'clients', 'mutex.lock'), { recursive: true, force: true });
    await trust.initialize();
    const none = source.securityMode === 'None';
    return {
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      port: Number(url.port || 4840),
      resourcePath: url.pathname === '' || url.pathname === '/' ? '' : url.pathname,
      certificateFile: this.certificate.certificateFile,
      privateKeyFile: this.certificate.privateKeyFile,
      serverCertificateManager: trust,
      userCertificateManager: trust,
      securityPolicies: [none ? SecurityPolicy.None : SecurityPolicy[source.securityPolicy]],
      securityModes: [none ? MessageSecurityMode.None : MessageSecurityMode[source.securityMode]],
      allowAnonymous: source.user === undefined,
      ...(source.user !== undefined && {
        userManager: { isValidUser: (user: string, given: string) => user === source.user && given === password },
      }),
      serverInfo: { applicationUri: applicationUriOf(this.options), productUri: 'urn:plantbridge:simulator' },
      buildInfo: { productName: `Plantbridge simulated PLC ${source.name ?? source.id}`, softwareVersion: '1' },
      serverCapabilities: { maxSessions: 50 },
      maxConnectionsPerEndpoint: 50,
      // The library's default takes 512 KiB a message: slower, and a lot of memory for a laptop.
      transportSettings: { adjustTransportLimits: (hello) => ({ ...hello, ...TRANSPORT_LIMITS }) },
    };
  }
}

const TRANSPORT_LIMITS = {
  maxChunkCount: 2_048,
  maxMessageSize: 16 * 1024 * 1024,
  receiveBufferSize: 16_384,
  sendBufferSize: 16_384,
};

function applicationUriOf({ site, source }: OpcUaServerOptions): string {
  return `urn:plantbridge:${site.id}:${source.id}`;
}

/** The library's own message on a taken port comes late and is long. */
function assertPortFree(port: number, sourceId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UserFault(
              `Port ${port} of the simulated PLC "${sourceId}" is taken by another program. Stop that program, or change the port of the source in the site file.`,
            )
          : new UserFault(`Port ${port} of the simulated PLC "${sourceId}" can't be opened: ${error.message}.`),
      );
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}
