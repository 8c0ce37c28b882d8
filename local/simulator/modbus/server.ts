import { createServer, type Server, type Socket } from 'node:net';
import { UserFault } from '../../../core/process.ts';
import { machinesOf, type Site } from '../../../core/site/site.ts';
import type { ModbusTcpSource } from '../../../core/site/source-schema.ts';
import type { PlcView } from '../model/plant.ts';
import { type RawSignal, rawSignalsOf } from '../raw-signal.ts';
import type { SimulatedServer } from '../simulated-server.ts';
import { ModbusMemory } from './memory.ts';
import { answer, EXCEPTION, exceptionPdu } from './requests.ts';

/** MBAP header (MODBUS Messaging on TCP/IP V1.0b, 3.1.3): transaction, protocol 0, length of what follows, unit. */
const HEADER_BYTES = 7;
/** Longest PDU and the unit id. */
const MAX_LENGTH = 254;

/** A simulated PLC as a Modbus TCP server on loopback, for any number of clients. */
export class SimulatedModbusServer implements SimulatedServer {
  readonly sourceId: string;
  readonly address: string;
  readonly machinePaths: readonly string[];
  private readonly source: ModbusTcpSource;
  private readonly memory: ModbusMemory;
  private readonly signals: readonly { readonly machinePath: string; readonly signal: RawSignal }[];
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  constructor(site: Site, source: ModbusTcpSource) {
    this.source = source;
    this.sourceId = source.id;
    this.address = `${source.host}:${source.port}, unit ${source.unitId}`;
    const machines = machinesOf(site).filter((machine) => machine.source === source.id);
    this.machinePaths = machines.map(({ path }) => path);
    this.signals = machines.flatMap((machine) =>
      rawSignalsOf(machine).map((signal) => ({ machinePath: machine.path, signal })),
    );
    this.memory = new ModbusMemory(
      this.signals.map(({ signal }) => signal.modbus).filter((address) => address !== undefined),
    );
  }

  /** The port it listens on; undefined while it doesn't. */
  get port(): number | undefined {
    const address = this.server?.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  start(): Promise<void> {
    if (this.server !== undefined) return Promise.resolve();
    const server = createServer((socket) => this.serve(socket));
    this.server = server;
    const { port } = this.source;
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        this.server = undefined;
        const taken = error.code === 'EADDRINUSE';
        reject(
          new UserFault(
            `Port ${port} of the simulated PLC "${this.sourceId}" ${taken ? 'is taken by another program' : `can't be opened (${error.message})`}. Stop that program, or change the port of the source in the site file.`,
          ),
        );
      });
      server.listen(port, '127.0.0.1', resolve);
    });
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  update(viewOf: (machinePath: string) => PlcView, sensorsToo: boolean): void {
    for (const { machinePath, signal } of this.signals) {
      if (signal.modbus !== undefined && (sensorsToo || !signal.isSensor)) {
        this.memory.put(signal.modbus, signal.read(viewOf(machinePath)));
      }
    }
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.sockets.delete(socket));
    // A client that is gone is no fault of ours.
    socket.on('error', () => socket.destroy());
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      while (received.length >= HEADER_BYTES) {
        const length = received.readUInt16BE(4);
        // Whoever sends this speaks something else: there is no way to find the next frame.
        if (received.readUInt16BE(2) !== 0 || length < 2 || length > MAX_LENGTH) {
          socket.destroy();
          return;
        }
        if (received.length < 6 + length) return;
        const frame = received.subarray(0, 6 + length);
        received = received.subarray(6 + length);
        this.reply(socket, frame);
      }
    });
  }

  private reply(socket: Socket, frame: Buffer): void {
    const unit = frame.readUInt8(6);
    const request = frame.subarray(HEADER_BYTES);
    const pdu =
      unit === this.source.unitId ? answer(request, this.memory) : exceptionPdu(request[0] ?? 0, EXCEPTION.unknownUnit);
    const header = Buffer.from(frame.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(pdu.length + 1, 4);
    socket.write(Buffer.concat([header, pdu]));
  }
}
