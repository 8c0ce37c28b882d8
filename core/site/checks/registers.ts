import type { ModbusAddress } from '../schema.ts';

/** How many registers (16 bit) a value takes; 1 for a coil or discrete input. */
export function registersOf({ table, format, registers }: ModbusAddress): number {
  if (table === 'coil' || table === 'discrete-input') return 1;
  if (format === 'string') return registers ?? 1;
  if (format.endsWith('64')) return 4;
  return format.endsWith('32') ? 2 : 1;
}
