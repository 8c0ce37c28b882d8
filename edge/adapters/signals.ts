import type { ModbusAddress } from '../../core/site/schema.ts';
import type { Machine } from '../../core/site/site.ts';

/** One signal of one machine and where it lies in the machine's source. */
export interface AddressedSignal {
  /** `<site>/<line>/<machine>` */
  readonly machinePath: string;
  /** `state`, `reason`, `product`, `produced`, `rejected` or a sensor's id. */
  readonly signal: string;
  /** The node id as the site file writes it (OPC UA). */
  readonly node?: string;
  /** Where it lies in the register tables (Modbus). */
  readonly modbus?: ModbusAddress;
  /** Asked sampling or polling interval, ms; left out: the source's. */
  readonly intervalMs?: number;
}

interface AddressFields {
  readonly node?: string | undefined;
  readonly modbus?: ModbusAddress | undefined;
  readonly intervalMs?: number | undefined;
}

/** The machine path and signal id, as people know a signal: `demo/bottling/filler/temperature`. */
export function pathOf(signal: AddressedSignal): string {
  return `${signal.machinePath}/${signal.signal}`;
}

/** All signals of a source's machines that have an address, machine by machine. */
export function addressedSignals(machines: readonly Machine[]): AddressedSignal[] {
  return machines.flatMap((machine) => {
    const named: [string, AddressFields | undefined][] = [
      ['state', machine.state],
      ['reason', machine.reason],
      ['product', machine.product],
      ['produced', machine.produced],
      ['rejected', machine.rejected],
      ...machine.sensors.map((sensor): [string, AddressFields] => [sensor.id, sensor]),
    ];
    return named.flatMap(([signal, address]) => {
      if (address === undefined || (address.node === undefined && address.modbus === undefined)) return [];
      return [
        {
          machinePath: machine.path,
          signal,
          ...(address.node !== undefined && { node: address.node }),
          ...(address.modbus !== undefined && { modbus: address.modbus }),
          ...(address.intervalMs !== undefined && { intervalMs: address.intervalMs }),
        },
      ];
    });
  });
}
