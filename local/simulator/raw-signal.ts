import type { ModbusAddress } from '../../core/site/schema.ts';
import type { Machine } from '../../core/site/site.ts';
import type { PlcView } from './model/plant.ts';

/** How a PLC holds a value. */
export type RawType = 'Boolean' | 'Int32' | 'UInt32' | 'Double' | 'String';
export type RawValue = boolean | number | string;

/** One signal of a machine as its PLC has it: raw codes and counts, before any scaling. */
export interface RawSignal {
  readonly id: string;
  readonly name: string;
  readonly unit: string | undefined;
  /** Raw limits, where known. */
  readonly range: { readonly low: number; readonly high: number } | undefined;
  readonly node: string | undefined;
  readonly modbus: ModbusAddress | undefined;
  readonly type: RawType;
  /** Sensors change all the time and need no more than a few updates a second. */
  readonly isSensor: boolean;
  read(view: PlcView): RawValue;
}

interface Address {
  readonly node?: string | undefined;
  readonly modbus?: ModbusAddress | undefined;
}

/** All signals that a machine of the site file has an address for. */
export function rawSignalsOf(machine: Machine): RawSignal[] {
  const signals: RawSignal[] = [];
  const add = (
    id: string,
    name: string,
    address: Address | undefined,
    type: RawType,
    read: (view: PlcView) => RawValue,
    more: Partial<Pick<RawSignal, 'unit' | 'range' | 'isSensor'>> = {},
  ) => {
    if (address?.node === undefined && address?.modbus === undefined) return;
    const { node, modbus } = address;
    signals.push({ id, name, unit: undefined, range: undefined, isSensor: false, ...more, node, modbus, type, read });
  };
  const stateType = typeOfCodes(Object.keys(machine.state?.map ?? {}));
  add('state', 'State', machine.state, stateType, (view) => asType(view.state, stateType));
  const reasonCodes = Object.keys(machine.reason?.map ?? {});
  const reasonType = reasonCodes.length === 0 ? 'String' : typeOfCodes(reasonCodes);
  add('reason', 'Reason', machine.reason, reasonType, (view) => asType(view.reason, reasonType));
  const numeric = machine.products.every(({ code }) => Number.isInteger(Number(code)));
  const productType = numeric ? 'Int32' : 'String';
  add('product', 'Product', machine.product, productType, (view) => asType(view.product, productType));
  add('produced', 'Produced', machine.produced, 'UInt32', (view) => view.produced);
  add('rejected', 'Rejected', machine.rejected, 'UInt32', (view) => view.rejected);
  for (const sensor of machine.sensors) {
    const scale = sensor.scale ?? 1;
    const offset = sensor.offset ?? 0;
    const type = sensor.type === 'BOOLEAN' ? 'Boolean' : sensor.type === 'STRING' ? 'String' : undefined;
    const whole = /^u?int/.test(sensor.modbus?.format ?? '');
    const raw = (value: number) => (whole ? Math.round((value - offset) / scale) : (value - offset) / scale);
    add(
      sensor.id,
      sensor.name ?? sensor.id,
      sensor,
      type ?? (sensor.type === 'INTEGER' && scale === 1 && Number.isInteger(offset) ? 'Int32' : 'Double'),
      (view) => {
        const value = view.sensor(sensor.id);
        return typeof value === 'number' ? raw(value) : value;
      },
      {
        unit: sensor.unit,
        isSensor: true,
        ...(sensor.minimum !== undefined &&
          sensor.maximum !== undefined && { range: { low: raw(sensor.minimum), high: raw(sensor.maximum) } }),
      },
    );
  }
  return signals;
}

function typeOfCodes(codes: readonly string[]): RawType {
  if (codes.every((code) => code === 'true' || code === 'false')) return 'Boolean';
  return codes.every((code) => /^-?\d+$/.test(code)) ? 'Int32' : 'String';
}

/** A code as the PLC holds it; none is 0, false or the empty string. */
function asType(code: string, type: RawType): RawValue {
  if (type === 'Boolean') return code === 'true';
  if (type === 'String') return code;
  const number = Number(code);
  return Number.isFinite(number) ? number : 0;
}
