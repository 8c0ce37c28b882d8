import type { ModbusAddress } from '../../../core/site/schema.ts';
import type { RawValue } from '../raw-signal.ts';

/** How many registers a value takes. */
export function registersOf(address: ModbusAddress): number {
  switch (address.format) {
    case 'int32':
    case 'uint32':
    case 'float32':
      return 2;
    case 'int64':
    case 'uint64':
    case 'float64':
      return 4;
    case 'string':
      return address.registers ?? 8;
    default:
      return 1;
  }
}

const bytes = new DataView(new ArrayBuffer(8));

/**
 * A value as the PLC's registers hold it, in ascending address order. Integers wrap around like a real register does.
 * `bit` is not for here: it shares its register with others.
 */
export function encodeRegisters(value: RawValue, address: ModbusAddress): number[] {
  const count = registersOf(address);
  if (address.format === 'string') return inOrder(textRegisters(String(value), count), address);
  const number = Number(value);
  switch (address.format) {
    case 'float32':
      bytes.setFloat32(0, number);
      break;
    case 'float64':
      bytes.setFloat64(0, number);
      break;
    case 'int32':
    case 'uint32':
      bytes.setUint32(0, whole(number));
      break;
    case 'int64':
    case 'uint64':
      bytes.setBigUint64(0, BigInt.asUintN(64, BigInt(whole(number))));
      break;
    default:
      bytes.setUint16(0, whole(number));
  }
  return inOrder(
    Array.from({ length: count }, (_, index) => bytes.getUint16(index * 2)),
    address,
  );
}

function whole(value: number): number {
  return Number.isFinite(value) ? Math.round(value) : 0;
}

function textRegisters(text: string, count: number): number[] {
  const encoded = new TextEncoder().encode(text);
  return Array.from({ length: count }, (_, index) => ((encoded[index * 2] ?? 0) << 8) | (encoded[index * 2 + 1] ?? 0));
}

/** Text is never turned around word by word: `wordOrder` speaks of numbers. */
function inOrder(registers: number[], address: ModbusAddress): number[] {
  const words = address.wordOrder === 'little' && address.format !== 'string' ? registers.reverse() : registers;
  if (address.byteOrder === 'big') return words;
  return words.map((word) => ((word & 0xff) << 8) | (word >> 8));
}
