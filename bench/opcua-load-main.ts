import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { DataType, MessageSecurityMode, SecurityPolicy, StatusCodes } from 'node-opcua-client';
import { OPCUAServer } from 'node-opcua-server';
import { runTier } from '../core/process.ts';
import type { OpcUaLoadOptions } from './opcua-load.ts';

/** An OPC UA server whose nodes all count 1, 2, 3, ... on one time grid: every value that is missing later can be named. */
await runTier<OpcUaLoadOptions>(
  process,
  async ({ port, nodes, intervalMs, pkiFolder }) => {
    const serverCertificateManager = new OPCUACertificateManager({ rootFolder: `${pkiFolder}/server` });
    const userCertificateManager = new OPCUACertificateManager({ rootFolder: `${pkiFolder}/users` });
    await serverCertificateManager.initialize();
    await userCertificateManager.initialize();
    const server = new OPCUAServer({
      port,
      host: '127.0.0.1',
      securityModes: [MessageSecurityMode.None],
      securityPolicies: [SecurityPolicy.None],
      serverCertificateManager,
      userCertificateManager,
      transportSettings: { receiveBufferSize: 65_536, sendBufferSize: 65_536 } as never,
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    const namespace = space?.getOwnNamespace();
    if (space === null || space === undefined || namespace === undefined)
      throw new Error('the server has no address space');
    const folder = namespace.addFolder(space.rootFolder.objects, { browseName: 'Load' });
    const variables = Array.from({ length: nodes }, (_, index) =>
      namespace.addVariable({
        organizedBy: folder,
        browseName: `node-${index}`,
        nodeId: `s=node-${index}`,
        dataType: DataType.Double,
        // 0: reported at each change instead of by a timer a node.
        minimumSamplingInterval: 0,
      }),
    );
    await server.start();
    let count = 0;
    let nextMs = (Math.floor(Date.now() / intervalMs) + 1) * intervalMs;
    const timer = setInterval(() => {
      for (; nextMs <= Date.now(); nextMs += intervalMs) {
        count += 1;
        for (const variable of variables) {
          variable.setValueFromSource({ dataType: DataType.Double, value: count }, StatusCodes.Good, new Date(nextMs));
        }
      }
    }, intervalMs / 4);
    return {
      info: { endpointUrl: `opc.tcp://127.0.0.1:${port}` },
      stop: async () => {
        clearInterval(timer);
        await server.shutdown(100);
      },
    };
  },
  (message) => process.stderr.write(`${message}\n`),
);
