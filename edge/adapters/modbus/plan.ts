import type { ModbusAddress } from '../../../core/site/schema.ts';
import type { AddressedSignal } from '../signals.ts';

export type ModbusTable = ModbusAddress['table'];

/** A signal with its address, which is known to be there. */
export interface ModbusSignal extends AddressedSignal {
  readonly modbus: ModbusAddress;
}

/** One read request: consecutive registers or bits of one table, and the whole signals in it. */
export interface Block {
  readonly table: ModbusTable;
  /** Zero-based protocol address of the first register or bit. */
  readonly start: number;
  /** Registers or bits. */
  readonly length: number;
  readonly signals: readonly ModbusSignal[];
}

/** The most that one request may ask for (Modbus application protocol V1.1b3, 6.1 to 6.4). */
export const MAX_REGISTERS = 125;
export const MAX_BITS = 2000;
/** The most unused bits between two signals that are still read in one request: 32 bytes more in an answer. */
const MAX_GAP_BITS = 256;

const REGISTERS: Readonly<Record<Exclude<ModbusAddress['format'], 'string'>, number>> = {
  int16: 1,
  uint16: 1,
  bit: 1,
  int32: 2,
  uint32: 2,
  float32: 2,
  int64: 4,
  uint64: 4,
  float64: 4,
};

/** Whether the table holds single bits. */
export function isBitTable(table: ModbusTable): boolean {
  return table === 'coil' || table === 'discrete-input';
}

/** How many registers (or bits, in a bit table) a value takes. */
export function lengthOf(address: ModbusAddress): number {
  if (isBitTable(address.table)) return 1;
  return address.format === 'string' ? (address.registers ?? 1) : REGISTERS[address.format];
}

/**
 * The fewest requests that read all signals: neighbours up to `maxGapRegisters` apart share one. A signal is never split, so
 * a counter in two registers is read at one moment.
 */
export function planBlocks(signals: readonly ModbusSignal[], maxGapRegisters: number): Block[] {
  const byTable = Map.groupBy(signals, (signal) => signal.modbus.table);
  return [...byTable].flatMap(([table, ofTable]) => {
    const limit = isBitTable(table) ? MAX_BITS : MAX_REGISTERS;
    const maxGap = isBitTable(table) ? MAX_GAP_BITS : maxGapRegisters;
    const blocks: Block[] = [];
    let open: ModbusSignal[] = [];
    let end = 0;
    const ordered = ofTable.toSorted((a, b) => a.modbus.address - b.modbus.address);
    for (const signal of ordered) {
      const start = open[0]?.modbus.address ?? signal.modbus.address;
      const signalEnd = signal.modbus.address + lengthOf(signal.modbus);
      const fits = Math.max(end, signalEnd) - start <= limit && signal.modbus.address - end <= maxGap;
      if (open.length > 0 && !fits) {
        blocks.push(blockOf(table, open));
        open = [];
        end = 0;
      }
      open.push(signal);
      end = Math.max(end, signalEnd);
    }
    if (open.length > 0) blocks.push(blockOf(table, open));
    return blocks;
  });
}

/** The two halves of a block that a server refuses, so that the refused address is found in a few steps; one signal can't be split. */
export function splitBlock(block: Block): Block[] {
  if (block.signals.length < 2) return [block];
  const middle = Math.ceil(block.signals.length / 2);
  return [block.signals.slice(0, middle), block.signals.slice(middle)].map((half) => blockOf(block.table, half));
}

function blockOf(table: ModbusTable, signals: readonly ModbusSignal[]): Block {
  const start = Math.min(...signals.map((signal) => signal.modbus.address));
  const end = Math.max(...signals.map((signal) => signal.modbus.address + lengthOf(signal.modbus)));
  return { table, start, length: end - start, signals };
}
