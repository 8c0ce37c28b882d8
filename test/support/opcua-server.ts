import { join } from 'node:path';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import {
  DataType,
  MessageSecurityMode,
  SecurityPolicy,
  StatusCodes,
  Variant,
  VariantArrayType,
} from 'node-opcua-client';
import { OPCUAServer } from 'node-opcua-server';

/** A real OPC UA server in this process with a few nodes, on a free port of loopback. */
export interface TestOpcUaServer {
  readonly endpointUrl: string;
  readonly port: number;
  /** DER. */
  readonly certificate: Buffer;
  /** User names of all login attempts. */
  readonly logins: string[];
  set(name: string, value: unknown, status?: 'Good' | 'Bad' | 'Uncertain'): void;
  stop(): Promise<void>;
}

const statuses = {
  Good: StatusCodes.Good,
  Bad: StatusCodes.BadSensorFailure,
  Uncertain: StatusCodes.UncertainLastUsableValue,
};
export const NAMESPACE_URI = 'urn:plantbridge:test-plc';
export const PASSWORD = 'right-password';

/** @param folder where the server keeps its certificate: the same folder, the same certificate. */
export async function startOpcUaServer(folder: string, port: number): Promise<TestOpcUaServer> {
  const manager = (name: string) =>
    new OPCUACertificateManager({
      rootFolder: join(folder, name),
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    });
  const logins: string[] = [];
  const server = new OPCUAServer({
    host: '127.0.0.1',
    port,
    hostname: 'localhost',
    disableDiscovery: false,
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
    serverCertificateManager: manager('pki'),
    userCertificateManager: manager('user-pki'),
    userManager: {
      isValidUser: (user: string, password: string) => {
        logins.push(user);
        return user === 'operator' && password === PASSWORD;
      },
    },
    serverInfo: { applicationUri: 'urn:plantbridge:test-server' },
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  if (!space) throw new Error('no address space');
  const namespace = space.registerNamespace(NAMESPACE_URI);
  const nodes = new Map<
    string,
    {
      node: { setValueFromSource(value: Variant, statusCode?: (typeof StatusCodes)['Good']): void };
      dataType: DataType;
    }
  >();
  const add = (name: string, dataType: DataType, value: unknown) => {
    const node = namespace.addVariable({
      organizedBy: space.rootFolder.objects,
      browseName: name,
      nodeId: `s=${name}`,
      dataType,
      ...(Array.isArray(value) && dataType !== DataType.Int64 && { valueRank: 1 }),
    });
    node.setValueFromSource(variantOf(dataType, value));
    nodes.set(name, { node, dataType });
  };
  add('State', DataType.Int16, 1);
  add('Produced', DataType.UInt32, 100);
  add('Temperature', DataType.Double, 21.5);
  add('Total', DataType.Int64, [0x1f, 0xffff_ffff]);
  add('Text', DataType.String, 'ok');
  add('List', DataType.String, ['a', 'b']);
  await server.start();
  return {
    endpointUrl: `opc.tcp://127.0.0.1:${port}`,
    port,
    certificate: server.getCertificate(),
    logins,
    set(name, value, status = 'Good') {
      const found = nodes.get(name);
      if (found === undefined) throw new Error(`no node ${name}`);
      found.node.setValueFromSource(variantOf(found.dataType, value), statuses[status]);
    },
    async stop() {
      await server.shutdown(0);
    },
  };
}

function variantOf(dataType: DataType, value: unknown): Variant {
  const isList = Array.isArray(value) && dataType !== DataType.Int64;
  return new Variant({ dataType, value, arrayType: isList ? VariantArrayType.Array : VariantArrayType.Scalar });
}
