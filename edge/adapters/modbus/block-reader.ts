import type { ModbusTcpSource } from '../../../core/site/source-schema.ts';
import type { Reading } from '../../../core/telemetry/types.ts';
import { pathOf } from '../signals.ts';
import { SourceError } from '../source-error.ts';
import type { AdapterLogger } from '../supervised.ts';
import { type ModbusClient, ModbusException } from './client.ts';
import { decodeBit, decodeRegisters } from './decode.ts';
import { type Block, isBitTable, lengthOf, type ModbusSignal, splitBlock } from './plan.ts';

/** How long a signal that the device refuses is left alone before it is asked for again, ms. */
const REFUSED_RETRY_MS = 30_000;
/** Exceptions about what was asked (V1.1b3, 7): illegal function, address or value. All others are about the device. */
const REQUEST_EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'the device does not know this table (exception 1)',
  2: 'the device has no such address (exception 2)',
  3: 'the device refuses the request (exception 3)',
};
const DEVICE_EXCEPTIONS: Readonly<Record<number, string>> = {
  4: 'The device reports a failure of its own (exception 4).',
  5: 'The device needs more time than it has (exception 5).',
  6: 'The device is busy (exception 6).',
  10: 'The gateway in between has no path to the device (exception 10): is unitId right?',
  11: 'The gateway in between gets no answer from the device (exception 11): is it on, and is unitId right?',
};

/**
 * Reads blocks over one connection. A block that the device refuses is split until the signal at fault stands alone; that one is
 * BAD, the others go on. What was learnt counts as long as the connection.
 */
export class BlockReader {
  readonly #client: ModbusClient;
  readonly #source: ModbusTcpSource;
  readonly #logger: AdapterLogger;
  readonly #warned: Set<ModbusSignal>;
  readonly #parts = new Map<Block, readonly Block[]>();
  readonly #refusedUntilMs = new Map<ModbusSignal, number>();

  /** @param warned signals that were warned of already, over all connections. */
  constructor(client: ModbusClient, source: ModbusTcpSource, logger: AdapterLogger, warned: Set<ModbusSignal>) {
    this.#client = client;
    this.#source = source;
    this.#logger = logger;
    this.#warned = warned;
  }

  /**
   * Reads all blocks, one after the other.
   * @throws SourceError where no block could be read for a reason that lies in the device; any other error where the connection broke.
   */
  async read(blocks: readonly Block[]): Promise<Reading[]> {
    const readings: Reading[] = [];
    let deviceException: ModbusException | undefined;
    let isAlive = false;
    for (const block of blocks) {
      try {
        readings.push(...(await this.#readBlock(block)));
        isAlive = true;
      } catch (error) {
        if (!(error instanceof ModbusException)) throw error;
        deviceException = error;
        readings.push(...block.signals.map(bad));
      }
    }
    if (!isAlive && deviceException !== undefined) throw this.#deviceFault(deviceException);
    return readings;
  }

  /** Asks for one signal's address, only to see that the device answers; the value is not used. */
  async heartbeat(signal: ModbusSignal | undefined): Promise<Reading[]> {
    if (signal === undefined) return [];
    const { table, address } = signal.modbus;
    try {
      await this.#client.read(table, address, lengthOf(signal.modbus));
    } catch (error) {
      if (!(error instanceof ModbusException)) throw error;
      if (!(error.code in REQUEST_EXCEPTIONS)) throw this.#deviceFault(error);
    }
    return [];
  }

  async #readBlock(block: Block): Promise<Reading[]> {
    const parts = this.#parts.get(block);
    if (parts !== undefined) return this.#readParts(parts);
    const [first] = block.signals;
    const isSingle = block.signals.length === 1;
    if (isSingle && first !== undefined && (this.#refusedUntilMs.get(first) ?? 0) > performance.now())
      return [bad(first)];
    try {
      const data = await this.#client.read(block.table, block.start, block.length);
      return block.signals.map((signal) => ({
        machinePath: signal.machinePath,
        signal: signal.signal,
        value: valueIn(block, signal, data),
        quality: 'GOOD',
      }));
    } catch (error) {
      if (!(error instanceof ModbusException) || !(error.code in REQUEST_EXCEPTIONS)) throw error;
      if (isSingle && first !== undefined) {
        this.#refused(first, error);
        return [bad(first)];
      }
      const halves = splitBlock(block);
      this.#parts.set(block, halves);
      return this.#readParts(halves);
    }
  }

  async #readParts(parts: readonly Block[]): Promise<Reading[]> {
    const readings: Reading[] = [];
    for (const part of parts) readings.push(...(await this.#readBlock(part)));
    return readings;
  }

  #refused(signal: ModbusSignal, exception: ModbusException): void {
    this.#refusedUntilMs.set(signal, performance.now() + REFUSED_RETRY_MS);
    if (this.#warned.has(signal)) return;
    this.#warned.add(signal);
    const { table, address } = signal.modbus;
    this.#logger.warn(
      { source: this.#source.id },
      `signal ${pathOf(signal)} has no value: ${REQUEST_EXCEPTIONS[exception.code]} at ${table} ${address}. Addresses count from 0 here: register 40001 of many manuals is holding-register 0.`,
    );
  }

  #deviceFault(exception: ModbusException): SourceError {
    const { host, port, id } = this.#source;
    const text = DEVICE_EXCEPTIONS[exception.code] ?? `It answers with exception ${exception.code}.`;
    return new SourceError(`Modbus TCP server ${host}:${port} (source ${id}) can't be read. ${text}`);
  }
}

function valueIn(block: Block, signal: ModbusSignal, data: Buffer): number | boolean | string {
  const offset = signal.modbus.address - block.start;
  return isBitTable(block.table) ? decodeBit(data, offset) : decodeRegisters(signal.modbus, data, offset);
}

function bad(signal: ModbusSignal): Reading {
  return { machinePath: signal.machinePath, signal: signal.signal, value: null, quality: 'BAD' };
}
