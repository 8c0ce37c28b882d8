import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { DataType, MessageSecurityMode, SecurityPolicy, StatusCodes } from 'node-opcua-client';
import { OPCUAServer } from 'node-opcua-server';
import { runTier } from '../core/process.ts';
import { loadNodes, type OpcUaLoadOptions } from './opcua-load.ts';

/** An OPC UA server whose sensors and counters count 1, 2, 3, ... on one time grid: every value that is missing later can be named. */
await runTier<OpcUaLoadOptions>(
  process,
  async ({ port, machines, sensorsPerMachine, intervalMs, pkiFolder }) => {
    const serverCertificateManager = new OPCUACertificateManager({ rootFolder: `${pkiFolder}/server` });
    const userCertificateManager = new OPCUACertificateManager({ rootFolder: `${pkiFolder}/users` });
    await serverCertificateManager.initialize();
    await userCertificateManager.initialize();
    const server = new OPCUAServer({
      port,
      host: '127.0.0.1',
      securityModes: [MessageSecurityMode.None],
      securityPolicies: [SecurityPolicy.None],
      // Every change goes out; with more the server would fold changes that follow each other quickly after a delay of its own.
      serverCapabilities: { minSupportedSampleRate: 0 },
      serverCertificateManager,
      userCertificateManager,
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    const namespace = space?.getOwnNamespace();
    if (space === null || space === undefined || namespace === undefined)
      throw new Error('the server has no address space');
    const folder = namespace.addFolder(space.rootFolder.objects, { browseName: 'Load' });
    const addVariable = (name: string, value: number) =>
      namespace.addVariable({
        organizedBy: folder,
        browseName: name,
        nodeId: `s=${name}`,
        dataType: DataType.Double,
        value: { dataType: DataType.Double, value },
        // 0: reported at each change instead of by a timer a node.
        minimumSamplingInterval: 0,
      });
    const counting = Array.from({ length: machines }, (_, machine) => {
      addVariable(loadNodes.state(machine), 1);
      const sensors = Array.from({ length: sensorsPerMachine }, (__, sensor) => loadNodes.sensor(machine, sensor));
      return [loadNodes.produced(machine), ...sensors].map((name) => addVariable(name, 0));
    }).flat();
    await server.start();
    let count = 0;
    let nextMs = (Math.floor(Date.now() / intervalMs) + 1) * intervalMs;
    // One step a turn of the event loop, also after a delay: the server samples its items between them.
    const step = () => {
      const nowMs = Date.now();
      if (nextMs <= nowMs) {
        count += 1;
        for (const variable of counting) {
          variable.setValueFromSource({ dataType: DataType.Double, value: count }, StatusCodes.Good, new Date(nextMs));
        }
        nextMs += intervalMs;
      }
      timer = setTimeout(step, Math.max(1, nextMs - Date.now()));
    };
    let timer = setTimeout(step, 0);
    return {
      info: { endpointUrl: `opc.tcp://127.0.0.1:${port}` },
      stop: async () => {
        clearTimeout(timer);
        await server.shutdown(100);
      },
    };
  },
  (message) => process.stderr.write(`${message}\n`),
);
