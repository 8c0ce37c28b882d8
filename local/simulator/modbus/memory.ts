import type { ModbusAddress } from '../../../core/site/schema.ts';
import type { RawValue } from '../raw-signal.ts';
import { encodeRegisters, registersOf } from './encode.ts';

export type Table = ModbusAddress['table'];

/** Like a real PLC, it has memory somewhat beyond what is used. */
const SPARE = 64;

/** A PLC's process image: the four Modbus tables (MODBUS Application Protocol V1.1b3, 4.3). Bits count as 0 or 1. */
export class ModbusMemory {
  private readonly tables: Readonly<Record<Table, Uint16Array>>;

  /** @param addresses all that the PLC has to hold: they decide how far each table reaches. */
  constructor(addresses: readonly ModbusAddress[]) {
    const size = (table: Table) =>
      addresses
        .filter((address) => address.table === table)
        .reduce((end, address) => Math.max(end, address.address + registersOf(address) + SPARE), SPARE);
    const make = (table: Table) => new Uint16Array(Math.min(size(table), 65536));
    this.tables = {
      coil: make('coil'),
      'discrete-input': make('discrete-input'),
      'holding-register': make('holding-register'),
      'input-register': make('input-register'),
    };
  }

  /** The values of a range, undefined where it reaches beyond the table's end. */
  read(table: Table, address: number, count: number): Uint16Array | undefined {
    const values = this.tables[table];
    return address + count <= values.length ? values.subarray(address, address + count) : undefined;
  }

  /** @returns false where the range reaches beyond the table's end; then nothing is written. */
  write(table: Table, address: number, values: readonly number[]): boolean {
    const target = this.tables[table];
    if (address + values.length > target.length) return false;
    target.set(values, address);
    return true;
  }

  /** Puts a signal's value where its address says. */
  put(address: ModbusAddress, value: RawValue): void {
    if (address.table === 'coil' || address.table === 'discrete-input') {
      this.write(address.table, address.address, [value === true || (value !== false && Number(value) !== 0) ? 1 : 0]);
    } else if (address.format === 'bit') {
      const mask = 1 << (address.bit ?? 0);
      const word = this.tables[address.table][address.address] ?? 0;
      this.write(address.table, address.address, [Number(value) !== 0 ? word | mask : word & ~mask]);
    } else this.write(address.table, address.address, encodeRegisters(value, address));
  }
}
