import type { ModbusMemory, Table } from './memory.ts';

/** Exception codes (MODBUS Application Protocol V1.1b3, 7). */
export const EXCEPTION = { illegalFunction: 1, illegalAddress: 2, illegalValue: 3, unknownUnit: 11 } as const;

class ModbusException extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`Modbus exception ${code}`);
    this.code = code;
  }
}

const READ_TABLES: Readonly<Record<number, Table>> = {
  1: 'coil',
  2: 'discrete-input',
  3: 'holding-register',
  4: 'input-register',
};
const MAX_READ_BITS = 2000;
const MAX_READ_REGISTERS = 125;
const MAX_WRITE_BITS = 1968;
const MAX_WRITE_REGISTERS = 123;

/** Answers one request PDU (function code and data) with a response or exception PDU. */
export function answer(request: Buffer, memory: ModbusMemory): Buffer {
  const functionCode = request[0] ?? 0;
  try {
    if (functionCode >= 1 && functionCode <= 4) return read(functionCode, request, memory);
    if (functionCode === 5 || functionCode === 6) return writeOne(functionCode, request, memory);
    if (functionCode === 15 || functionCode === 16) return writeMany(functionCode, request, memory);
    return exceptionPdu(functionCode, EXCEPTION.illegalFunction);
  } catch (error) {
    if (error instanceof ModbusException) return exceptionPdu(functionCode, error.code);
    throw error;
  }
}

/** V1.1b3, 7: the function code with its highest bit set, and why. */
export function exceptionPdu(functionCode: number, code: number): Buffer {
  return Buffer.from([functionCode | 0x80, code]);
}

/** V1.1b3, 6.1 to 6.4 */
function read(functionCode: number, request: Buffer, memory: ModbusMemory): Buffer {
  expectLength(request, 5);
  const address = request.readUInt16BE(1);
  const count = request.readUInt16BE(3);
  const bits = functionCode <= 2;
  if (count < 1 || count > (bits ? MAX_READ_BITS : MAX_READ_REGISTERS))
    throw new ModbusException(EXCEPTION.illegalValue);
  const values = memory.read(READ_TABLES[functionCode] ?? 'coil', address, count);
  if (values === undefined) throw new ModbusException(EXCEPTION.illegalAddress);
  const data = Buffer.alloc(bits ? Math.ceil(count / 8) : count * 2);
  for (const [index, value] of values.entries()) {
    if (bits) data.writeUInt8(data.readUInt8(index >> 3) | (value << (index & 7)), index >> 3);
    else data.writeUInt16BE(value, index * 2);
  }
  return Buffer.concat([Buffer.from([functionCode, data.length]), data]);
}

/** V1.1b3, 6.5 and 6.6: the answer is the request. */
function writeOne(functionCode: number, request: Buffer, memory: ModbusMemory): Buffer {
  expectLength(request, 5);
  const value = request.readUInt16BE(3);
  if (functionCode === 5 && value !== 0 && value !== 0xff00) throw new ModbusException(EXCEPTION.illegalValue);
  const [table, stored]: [Table, number] =
    functionCode === 5 ? ['coil', value === 0 ? 0 : 1] : ['holding-register', value];
  if (!memory.write(table, request.readUInt16BE(1), [stored])) throw new ModbusException(EXCEPTION.illegalAddress);
  return Buffer.from(request);
}

/** V1.1b3, 6.11 and 6.12 */
function writeMany(functionCode: number, request: Buffer, memory: ModbusMemory): Buffer {
  if (request.length < 6) throw new ModbusException(EXCEPTION.illegalValue);
  const count = request.readUInt16BE(3);
  const bits = functionCode === 15;
  const byteCount = bits ? Math.ceil(count / 8) : count * 2;
  if (count < 1 || count > (bits ? MAX_WRITE_BITS : MAX_WRITE_REGISTERS) || request[5] !== byteCount) {
    throw new ModbusException(EXCEPTION.illegalValue);
  }
  expectLength(request, 6 + byteCount);
  const values = Array.from({ length: count }, (_, index) =>
    bits ? (request.readUInt8(6 + (index >> 3)) >> (index & 7)) & 1 : request.readUInt16BE(6 + index * 2),
  );
  if (!memory.write(bits ? 'coil' : 'holding-register', request.readUInt16BE(1), values)) {
    throw new ModbusException(EXCEPTION.illegalAddress);
  }
  return Buffer.from(request.subarray(0, 5));
}

function expectLength(request: Buffer, length: number): void {
  if (request.length !== length) throw new ModbusException(EXCEPTION.illegalValue);
}
