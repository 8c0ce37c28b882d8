import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { modbusAddressSchema } from '../../../../core/site/schema.ts';
import { decodeRegisters } from '../../../../edge/adapters/modbus/decode.ts';
import { encodeRegisters } from '../../../../local/simulator/modbus/encode.ts';

const at = (more: object) => modbusAddressSchema.parse({ table: 'holding-register', address: 0, ...more });

describe('values in registers', () => {
  // By hand: 0x12345678 in the four orders that real PLCs use.
  test.each([
    ['big', 'big', [0x1234, 0x5678]],
    ['little', 'big', [0x5678, 0x1234]],
    ['big', 'little', [0x3412, 0x7856]],
    ['little', 'little', [0x7856, 0x3412]],
  ])('word order %s and byte order %s', (wordOrder, byteOrder, registers) => {
    expect(encodeRegisters(0x12345678, at({ format: 'uint32', wordOrder, byteOrder }))).toEqual(registers);
  });

  test('1.5 is the IEEE 754 pattern 3FC0 0000, text two characters a register', () => {
    expect(encodeRegisters(1.5, at({ format: 'float32' }))).toEqual([0x3fc0, 0]);
    expect(encodeRegisters('AB1', at({ format: 'string', registers: 3 }))).toEqual([0x4142, 0x3100, 0]);
    expect(encodeRegisters(-2, at({ format: 'int16' }))).toEqual([0xfffe]);
    expect(encodeRegisters(65_537, at({ format: 'uint16' }))).toEqual([1]);
  });

  test('what the simulator writes the adapter reads, in every format and order', () => {
    const ranges = {
      int16: [-32_768, 32_767],
      uint16: [0, 65_535],
      int32: [-(2 ** 31), 2 ** 31 - 1],
      uint32: [0, 2 ** 32 - 1],
      int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      uint64: [0, Number.MAX_SAFE_INTEGER],
    } as const;
    const order = fc.constantFrom('big' as const, 'little' as const);
    for (const [format, [min, max]] of Object.entries(ranges)) {
      fc.assert(
        fc.property(fc.maxSafeInteger(), order, order, (seed, wordOrder, byteOrder) => {
          const value = Math.min(Math.max(seed, min), max);
          const address = at({ format, wordOrder, byteOrder });
          const bytes = Buffer.alloc(8);
          for (const [index, register] of encodeRegisters(value, address).entries())
            bytes.writeUInt16BE(register, index * 2);
          expect(decodeRegisters(address, bytes, 0)).toBe(value);
        }),
        { numRuns: 50 },
      );
    }
  });
});
