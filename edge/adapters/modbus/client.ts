import { connect, type Socket } from 'node:net';
import modbusSerial from 'modbus-serial';
import type { ModbusTcpSource } from '../../../core/site/source-schema.ts';
import { codeOf, messageOf } from '../source-error.ts';
import { within } from '../supervised.ts';
import type { ModbusTable } from './plan.ts';

/** The server answered, but with an exception (V1.1b3, 7): the connection is fine. */
export class ModbusException extends Error {
  override readonly name = 'ModbusException';
  /** 1 illegal function, 2 illegal address, 3 illegal value, 4 device failure, 6 busy, 10 and 11 gateway. */
  readonly code: number;
  constructor(code: number) {
    super(`exception ${code}`);
    this.code = code;
  }
}

/** A connection to one Modbus TCP server; one request at a time. */
export interface ModbusClient {
  /** Rejects as soon as the connection breaks. */
  readonly broken: Promise<never>;
  /**
   * Reads registers (two bytes each) or bits (eight a byte).
   * @throws ModbusException where the server refuses, any other error where the connection can't be trusted any more.
   */
  read(table: ModbusTable, start: number, length: number): Promise<Buffer>;
  close(): void;
}

/** Connects within the source's timeout, or 3 s if that is longer. */
export async function connectModbus(source: ModbusTcpSource, signal: AbortSignal): Promise<ModbusClient> {
  const socket = connect({ host: source.host, port: source.port, noDelay: true, keepAlive: true });
  const client = new modbusSerial.default();
  const broken = brokenSocket(socket);
  const close = () => {
    client.destroy(() => undefined);
    socket.destroy();
  };
  try {
    const opened = new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    await within(Promise.race([broken, opened]), signal, Math.max(source.timeoutMs, 3000));
    // The library would open a socket by itself, but then it keeps a broken connection from us until a request times out.
    await within(client.linkTCP(socket, { port: source.port }), signal, source.timeoutMs);
  } catch (error) {
    close();
    throw error;
  }
  client.on('error', () => undefined);
  client.setID(source.unitId);
  // Ours is what counts; the library's is for its own clean-up.
  client.setTimeout(source.timeoutMs + 500);

  const request = (table: ModbusTable, start: number, length: number) => {
    switch (table) {
      case 'coil':
        return client.readCoils(start, length);
      case 'discrete-input':
        return client.readDiscreteInputs(start, length);
      case 'holding-register':
        return client.readHoldingRegisters(start, length);
      case 'input-register':
        return client.readInputRegisters(start, length);
    }
  };
  return {
    broken,
    close,
    async read(table, start, length) {
      try {
        const answer = await within(Promise.race([broken, request(table, start, length)]), signal, source.timeoutMs);
        return answer.buffer;
      } catch (error) {
        const code = exceptionCodeOf(error);
        throw code === undefined ? error : new ModbusException(code);
      }
    },
  };
}

function exceptionCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('modbusCode' in error)) return undefined;
  return typeof error.modbusCode === 'number' ? error.modbusCode : undefined;
}

function brokenSocket(socket: Socket): Promise<never> {
  const promise = new Promise<never>((_resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed')));
  });
  promise.catch(() => undefined);
  return promise;
}

/** Why a Modbus server can't be read, as sentences for a person. */
export function modbusFaultText(error: unknown, source: ModbusTcpSource): string {
  const lead = `Modbus TCP server ${source.host}:${source.port} (source ${source.id}) can't be read.`;
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return `${lead} Nothing listens there: is the device on, and are host and port right?`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${lead} The host name is not known: is it spelt right?`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${lead} The network has no way to this host.`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${lead} The device closed the connection. Many allow only a few connections: is another client connected?`;
  }
  const text = messageOf(error);
  if (/timed out|ETIMEDOUT/i.test(text)) return `${lead} It does not answer within ${source.timeoutMs} ms.`;
  if (/closed/.test(text)) {
    return `${lead} The device closed the connection. Many allow only a few connections: is another client connected?`;
  }
  if (/length|address|code|CRC|shorter/i.test(text)) {
    return `${lead} It answers with something that is no valid Modbus answer (${text.slice(0, 100)}): is unitId ${source.unitId} right, and does this port speak Modbus TCP?`;
  }
  return `${lead} ${text.slice(0, 200)}`;
}
