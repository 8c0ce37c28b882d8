import type { ModbusAddress } from '../../../core/site/schema.ts';
import { lengthOf } from './plan.ts';

/**
 * The value of a signal in the registers of an answer.
 * 64 bit integers become the nearest double: exact up to 2^53, beyond that the last digits are rounded.
 * @param registers the answer's data: two bytes a register, most significant first (V1.1b3, 4.2).
 * @param offset the signal's first register, counted from the answer's first.
 * @returns a number, a boolean for `bit`, a text for `string`.
 * @throws RangeError if the answer is too short.
 */
export function decodeRegisters(address: ModbusAddress, registers: Buffer, offset: number): number | boolean | string {
  const length = lengthOf(address) * 2;
  if (registers.length < offset * 2 + length) throw new RangeError('the answer is shorter than asked for');
  // A copy, since the bytes are put into order in place.
  const bytes = Buffer.from(registers.subarray(offset * 2, offset * 2 + length));
  if (address.byteOrder === 'little') bytes.swap16();
  // The order of words is about numbers; the characters of a text follow each other as they are.
  if (address.wordOrder === 'little' && address.format !== 'string') swapWords(bytes);
  switch (address.format) {
    case 'int16':
      return bytes.readInt16BE();
    case 'uint16':
      return bytes.readUInt16BE();
    case 'int32':
      return bytes.readInt32BE();
    case 'uint32':
      return bytes.readUInt32BE();
    case 'int64':
      return Number(bytes.readBigInt64BE());
    case 'uint64':
      return Number(bytes.readBigUInt64BE());
    case 'float32':
      return bytes.readFloatBE();
    case 'float64':
      return bytes.readDoubleBE();
    case 'bit':
      return ((bytes.readUInt16BE() >>> (address.bit ?? 0)) & 1) === 1;
    case 'string': {
      const text = bytes.toString('latin1');
      const end = text.indexOf('\0');
      return (end < 0 ? text : text.slice(0, end)).trimEnd();
    }
  }
}

/** The value of a coil or discrete input in an answer: eight a byte, the first in the lowest bit (V1.1b3, 6.1). */
export function decodeBit(bits: Buffer, offset: number): boolean {
  const byte = bits[offset >>> 3];
  if (byte === undefined) throw new RangeError('the answer is shorter than asked for');
  return ((byte >>> (offset & 7)) & 1) === 1;
}

/** Last register first: `0xCDEF 0x89AB` becomes `0x89AB 0xCDEF`. */
function swapWords(bytes: Buffer): void {
  bytes.reverse();
  bytes.swap16();
}
