import { showValue } from '../fault.ts';
import type { ModbusAddress, SensorConfig } from '../schema.ts';
import type { SourceConfig } from '../source-schema.ts';
import type { CheckContext, Place } from './context.ts';
import { placedMachines } from './context.ts';
import { registersOf } from './registers.ts';

interface Addressed {
  readonly node?: string | undefined;
  readonly browsePath?: string | undefined;
  readonly modbus?: ModbusAddress | undefined;
}
type PlaceOf = (...keys: readonly string[]) => Place;

const COUNTER_FORMATS = ['int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'];

/** Each signal has exactly the one address that fits its source's protocol, and the address fits the signal. */
export function checkSignals(context: CheckContext): void {
  const taken = new Map<string, string>();
  for (const { machine, path, lineIndex, machineIndex } of placedMachines(context.site)) {
    const source = context.site.sources.find(({ id }) => id === machine.source);
    const check = (signal: Addressed, name: string, place: PlaceOf, faulty: boolean) => {
      checkAddress(context, signal, source, place, faulty);
      if (source !== undefined) warnSharedAddress(context, signal, source, `${machine.id}/${name}`, place, taken);
    };
    for (const name of ['state', 'reason', 'product', 'produced', 'rejected'] as const) {
      const signal = machine[name];
      if (signal === undefined) continue;
      const place: PlaceOf = (...keys) => [...path, name, ...keys];
      check(signal, name, place, context.isFaulty([...path, name]));
      const format = formatOf(signal.modbus);
      if ((name === 'produced' || name === 'rejected') && format !== undefined && !COUNTER_FORMATS.includes(format)) {
        context.fault(place('modbus'), {
          message: 'must be a number for a totaliser',
          got: format,
          allowed: COUNTER_FORMATS.join(', '),
        });
      }
    }
    for (const { sensor, place } of context.sensorsOf(lineIndex, machineIndex)) {
      const own = place();
      check(sensor, sensor.id, place, Array.isArray(own) && context.isFaulty(own));
      checkSensor(context, sensor, place);
    }
  }
}

function checkAddress(
  context: CheckContext,
  signal: Addressed,
  source: SourceConfig | undefined,
  place: PlaceOf,
  isFaulty: boolean,
): void {
  const { node, modbus } = signal;
  if (node !== undefined && modbus !== undefined) {
    context.fault(place(), { message: 'has both node and modbus: a signal has exactly one address' });
  } else if (node === undefined && modbus === undefined) {
    if (isFaulty) return;
    const key = source?.protocol === 'modbus-tcp' ? 'modbus' : 'node';
    const wanted = source === undefined ? 'node (OPC UA) or modbus (Modbus TCP)' : key;
    context.fault(place(), { message: `has no address: ${wanted} is missing` });
  } else if (source?.protocol === 'opcua' && modbus !== undefined) {
    context.fault(place('modbus'), {
      message: `does not fit: source ${source.id} is an OPC UA server`,
      hint: 'Use node: "ns=2;s=..."',
    });
  } else if (source?.protocol === 'modbus-tcp' && node !== undefined) {
    context.fault(place('node'), {
      message: `does not fit: source ${source.id} is a Modbus TCP server`,
      hint: 'Use modbus: {table: holding-register, address: 0}',
    });
  }
  checkBrowsePath(context, signal, source, place, isFaulty);
  if (node !== undefined && !isNodeId(node)) {
    context.fault(place('node'), {
      message: 'must be an OPC UA node id',
      got: showValue(node, []),
      allowed: 'ns=2;s=Name, ns=2;i=1001, ns=2;g=<guid>, ns=2;b=<base64>, or nsu=<namespace URI>; in place of ns=',
    });
  }
  if (modbus !== undefined) checkModbus(context, modbus, place);
}

/** AWS's collector finds nodes by browse path, not by node id: its filters and its streams' names are browse paths. */
function checkBrowsePath(
  context: CheckContext,
  { browsePath }: Addressed,
  source: SourceConfig | undefined,
  place: PlaceOf,
  isFaulty: boolean,
): void {
  if (source === undefined || isFaulty) return;
  const isNative = source.protocol === 'opcua' && source.collector === 'sitewise-edge';
  if (isNative && browsePath === undefined) {
    context.fault(place('browsePath'), {
      message: `is missing: the SiteWise Edge collector of source ${source.id} finds nodes by their path of browse names`,
      hint: 'Add it beside node, e.g. browsePath: /Packer/State',
    });
  } else if (!isNative && browsePath !== undefined) {
    context.fault(place('browsePath'), {
      message: `has no meaning: source ${source.id} is read by the connector, which goes by node`,
      hint: 'Remove it, or set collector: sitewise-edge at the source',
    });
  }
}

/** OPC 10000-6, 5.3.1.10: `[ns=<index>;|nsu=<uri>;]<i|s|g|b>=<value>`. */
function isNodeId(text: string): boolean {
  return /^(ns=\d{1,5};|nsu=[^;]+;)?(i=\d{1,10}|s=.+|g=[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|b=[A-Za-z0-9+/]+=*)$/s.test(
    text,
  );
}

function checkModbus(context: CheckContext, modbus: ModbusAddress, place: PlaceOf): void {
  const { table, format, bit, registers, address } = modbus;
  const isBitTable = table === 'coil' || table === 'discrete-input';
  const here = place('modbus');
  const written = Array.isArray(here) ? context.written([...here, 'format']) : undefined;
  if (isBitTable && (format === 'bit' ? written !== 'bit' : format !== 'uint16' || written !== undefined)) {
    context.fault(place('modbus', 'format'), {
      message: `has no meaning for table ${table}, whose values are always true or false`,
      got: format,
    });
  }
  if (isBitTable && (bit !== undefined || registers !== undefined)) {
    const key = bit !== undefined ? 'bit' : 'registers';
    context.fault(place('modbus', key), { message: `has no meaning for table ${table}: its address is the bit's own` });
  }
  if (isBitTable) return;
  if (format === 'bit' && bit === undefined) {
    context.fault(here, { message: 'needs bit beside format bit: which of the register, 0 (least significant) to 15' });
  }
  if (format !== 'bit' && bit !== undefined) {
    context.fault(place('modbus', 'bit'), {
      message: 'goes with format bit only',
      got: `format ${format}`,
      hint: 'Set format: bit',
    });
  }
  if (format === 'string' && registers === undefined) {
    context.fault(here, { message: 'needs registers beside format string: its length in registers of two characters' });
  }
  if (format !== 'string' && registers !== undefined) {
    context.fault(place('modbus', 'registers'), {
      message: 'goes with format string only: the other formats have their own length',
      got: `format ${format}`,
    });
  }
  const last = address + registersOf(modbus) - 1;
  if (last > 65535) {
    context.fault(place('modbus', 'address'), {
      message: `is too high: its last register would be ${last} of 65535`,
      got: String(address),
    });
  }
}

/** The format of a register, `coil` or `discrete-input` where there is none. */
function formatOf(modbus: ModbusAddress | undefined): string | undefined {
  if (modbus === undefined) return undefined;
  return modbus.table === 'coil' || modbus.table === 'discrete-input' ? modbus.table : modbus.format;
}

function checkSensor(context: CheckContext, sensor: SensorConfig, place: PlaceOf): void {
  const { type, minimum, maximum, scale } = sensor;
  const isNumber = type === 'DOUBLE' || type === 'INTEGER';
  const format = formatOf(sensor.modbus);
  if (format !== undefined) {
    const fitting = format === 'string' ? ['STRING'] : isBit(format) ? ['BOOLEAN'] : ['DOUBLE', 'INTEGER'];
    if (!fitting.includes(type)) {
      context.fault(place('type'), { message: `does not fit ${format}`, got: type, allowed: fitting.join(', ') });
    }
  }
  for (const key of ['scale', 'offset', 'deadband', 'minimum', 'maximum'] as const) {
    if (isNumber || sensor[key] === undefined) continue;
    context.fault(place(key), { message: 'is for numbers only', got: `type ${type}` });
  }
  if (scale === 0) context.fault(place('scale'), { message: 'must not be 0: every value would be the same', got: '0' });
  if (minimum !== undefined && maximum !== undefined && minimum >= maximum) {
    context.fault(place('minimum'), { message: `must be less than maximum (${maximum})`, got: String(minimum) });
  }
}

function isBit(format: string): boolean {
  return format === 'bit' || format === 'coil' || format === 'discrete-input';
}

/** The same address twice is mostly a copied line that was not changed. */
function warnSharedAddress(
  context: CheckContext,
  signal: Addressed,
  source: SourceConfig,
  name: string,
  place: PlaceOf,
  taken: Map<string, string>,
): void {
  const { node, modbus } = signal;
  if (node === undefined && modbus === undefined) return;
  const address =
    node ??
    `${modbus?.table} ${modbus?.address} ${formatOf(modbus)}${modbus?.bit === undefined ? '' : ` bit ${modbus.bit}`}`;
  const key = `${source.id} ${address}`;
  const other = taken.get(key);
  if (other === undefined) taken.set(key, name);
  else
    context.warning(place(node === undefined ? 'modbus' : 'node'), {
      message: `is the address of ${other} too`,
      got: address,
    });
}
