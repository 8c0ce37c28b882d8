import { describe, expect, test } from '@jest/globals';
import { type ModbusAddress, modbusAddressSchema } from '../../../core/site/schema.ts';
import { decodeBit, decodeRegisters } from '../../../edge/adapters/modbus/decode.ts';
import { lengthOf, type ModbusSignal, planBlocks, splitBlock } from '../../../edge/adapters/modbus/plan.ts';
import { PollGrid } from '../../../edge/adapters/modbus/poll-grid.ts';

function addressOf(fields: Record<string, unknown>): ModbusAddress {
  return modbusAddressSchema.parse({ table: 'holding-register', address: 0, ...fields });
}
function signalsAt(...addresses: Record<string, unknown>[]): ModbusSignal[] {
  return addresses.map((fields, index) => ({ machinePath: 'a/b/c', signal: `s${index}`, modbus: addressOf(fields) }));
}
const shapes = (signals: ModbusSignal[], maxGap: number) =>
  planBlocks(signals, maxGap).map(({ table, start, length }) => [table, start, length]);

describe('decoding registers', () => {
  test.each([
    [{ format: 'uint16' }, 'ffff', 65535],
    [{ format: 'int16' }, 'fffe', -2],
    [{ format: 'uint16', byteOrder: 'little' }, '3412', 0x1234],
    [{ format: 'uint32' }, '00010002', 0x0001_0002],
    [{ format: 'uint32', wordOrder: 'little' }, '00020001', 0x0001_0002],
    [{ format: 'uint32', byteOrder: 'little' }, '01000200', 0x0001_0002],
    [{ format: 'uint32', wordOrder: 'little', byteOrder: 'little' }, '02000100', 0x0001_0002],
    [{ format: 'int32' }, 'fffffffe', -2],
    [{ format: 'int64' }, 'fffffffffffffffe', -2],
    [{ format: 'int64', wordOrder: 'little' }, 'fffeffffffffffff', -2],
    [{ format: 'uint64' }, '0020000000000001', 2 ** 53],
    [{ format: 'float32' }, '3f800000', 1],
    [{ format: 'float32', wordOrder: 'little' }, '00003f80', 1],
    [{ format: 'float64' }, '3ff8000000000000', 1.5],
    [{ format: 'float64', wordOrder: 'little', byteOrder: 'little' }, '000000000000f83f', 1.5],
    [{ format: 'bit', bit: 0 }, '0001', true],
    [{ format: 'bit', bit: 15 }, '8000', true],
    [{ format: 'bit', bit: 1 }, '0001', false],
    [{ format: 'string', registers: 3 }, '414243440000', 'ABCD'],
    [{ format: 'string', registers: 2, byteOrder: 'little', wordOrder: 'little' }, '42414443', 'ABCD'],
    [{ format: 'string', registers: 2 }, '4db16c20', 'M±l'],
  ])('%j of %s is %p', (fields, hex, expected) => {
    expect(decodeRegisters(addressOf(fields), Buffer.from(hex, 'hex'), 0)).toBe(expected);
  });

  test('finds the signal at its offset and leaves the answer as it was', () => {
    const answer = Buffer.from('000011112222', 'hex');
    expect(decodeRegisters(addressOf({ format: 'uint32', wordOrder: 'little' }), answer, 1)).toBe(0x2222_1111);
    expect(answer.toString('hex')).toBe('000011112222');
  });
  test('NaN and infinities pass as they are: the pipeline judges', () => {
    expect(decodeRegisters(addressOf({ format: 'float32' }), Buffer.from('7fc00000', 'hex'), 0)).toBeNaN();
    expect(decodeRegisters(addressOf({ format: 'float32' }), Buffer.from('7f800000', 'hex'), 0)).toBe(Infinity);
  });
  test('refuses an answer that is too short', () => {
    expect(() => decodeRegisters(addressOf({ format: 'uint32' }), Buffer.alloc(2), 0)).toThrow(RangeError);
    expect(() => decodeBit(Buffer.alloc(1), 8)).toThrow(RangeError);
  });
  test('bits count from the lowest of the first byte', () => {
    const bits = Buffer.from([0b0000_0101, 0b1000_0000]);
    expect([0, 1, 2, 15, 14].map((offset) => decodeBit(bits, offset))).toEqual([true, false, true, true, false]);
  });
});

describe('planning requests', () => {
  test('joins neighbours across small gaps and splits at large ones', () => {
    const signals = signalsAt({ address: 20 }, { address: 0, format: 'float32' }, { address: 6 }, { address: 100 });
    expect(shapes(signals, 4)).toEqual([
      ['holding-register', 0, 7],
      ['holding-register', 20, 1],
      ['holding-register', 100, 1],
    ]);
    expect(shapes(signals, 13)).toEqual([
      ['holding-register', 0, 21],
      ['holding-register', 100, 1],
    ]);
    expect(shapes(signals, 0)).toHaveLength(4);
  });
  test('never asks for more than 125 registers or 2000 bits, and never splits a value', () => {
    const registers = signalsAt(...Array.from({ length: 100 }, (_, i) => ({ address: i * 4, format: 'float64' })));
    const blocks = planBlocks(registers, 16);
    expect(blocks.every((block) => block.length <= 125)).toBe(true);
    expect(blocks.flatMap((block) => block.signals)).toHaveLength(100);
    for (const block of blocks) {
      for (const { modbus } of block.signals) {
        expect(modbus.address + lengthOf(modbus)).toBeLessThanOrEqual(block.start + block.length);
      }
    }
    const bits = signalsAt(...Array.from({ length: 20 }, (_, i) => ({ table: 'coil', address: i * 200 })));
    expect(planBlocks(bits, 16).map((block) => block.length)).toEqual([1801, 1801]);
  });
  test('keeps tables apart and reads overlapping signals once', () => {
    const signals = signalsAt(
      { address: 5, format: 'bit', bit: 1 },
      { address: 5, format: 'bit', bit: 2 },
      { address: 4, format: 'uint32' },
      { table: 'input-register', address: 5 },
      { table: 'discrete-input', address: 5 },
    );
    expect(shapes(signals, 16)).toEqual([
      ['holding-register', 4, 2],
      ['input-register', 5, 1],
      ['discrete-input', 5, 1],
    ]);
  });
  test('a refused block is halved until its signals stand alone', () => {
    const [block] = planBlocks(signalsAt({ address: 0 }, { address: 1 }, { address: 2 }), 16);
    const halves = splitBlock(block!);
    expect(halves.map(({ start, length }) => [start, length])).toEqual([
      [0, 2],
      [2, 1],
    ]);
    expect(splitBlock(halves[1]!)).toEqual([halves[1]]);
  });
});

describe('the polling grid', () => {
  test('keeps to start + n x interval and leaves out what was missed', () => {
    const grid = new PollGrid([100, 250], 1000);
    expect([...grid.due(1000)]).toEqual([0, 1]);
    expect(grid.nextMs).toBe(1100);
    expect([...grid.due(1099)]).toEqual([]);
    expect([...grid.due(1103)]).toEqual([0]);
    expect(grid.nextMs).toBe(1200);
    // a poll that took 500 ms
    expect([...grid.due(1703)]).toEqual([0, 1]);
    expect(grid.nextMs).toBe(1750);
    expect([...grid.due(1750)]).toEqual([1]);
    expect(grid.nextMs).toBe(1800);
  });
});
