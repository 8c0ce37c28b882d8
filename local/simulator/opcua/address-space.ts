import { coerceLocalizedText, DataType } from 'node-opcua-client';
import type { OPCUAServer } from 'node-opcua-server';
import type { Site } from '../../../core/site/site.ts';
import type { SourceConfig } from '../../../core/site/source-schema.ts';
import type { PlcView } from '../model/plant.ts';
import { type RawSignal, type RawType, type RawValue, rawSignalsOf } from '../raw-signal.ts';

const DATA_TYPES: Readonly<Record<RawType, DataType>> = {
  Boolean: DataType.Boolean,
  Int32: DataType.Int32,
  UInt32: DataType.UInt32,
  Double: DataType.Double,
  String: DataType.String,
};

type AddressSpace = NonNullable<OPCUAServer['engine']['addressSpace']>;
type Variable = ReturnType<ReturnType<AddressSpace['getOwnNamespace']>['addVariable']>;

/** A node of the address space and what it shows. */
export interface ShownSignal {
  readonly machinePath: string;
  readonly signal: RawSignal;
  /** Gives the clients a new value, if it is one. */
  show(view: PlcView): void;
}

/**
 * Builds the PLC's address space: Objects / line / machine / signals, by the names of the site file, with exactly the
 * node ids that it names, and units as EUInformation (OPC 10000-8, 5.6.3).
 */
export function buildAddressSpace(server: OPCUAServer, site: Site, source: SourceConfig): ShownSignal[] {
  const addressSpace = server.engine.addressSpace;
  if (addressSpace === null) throw new Error('The OPC UA server has no address space yet');
  const own = addressSpace.getOwnNamespace();
  const shown: ShownSignal[] = [];
  const used = new Set<string>();
  for (const line of site.lines) {
    const machines = line.machines.filter((machine) => machine.source === source.id);
    if (machines.length === 0) continue;
    const lineFolder = own.addFolder(addressSpace.rootFolder.objects, { browseName: line.name });
    for (const machine of machines) {
      const machineObject = own.addObject({ organizedBy: lineFolder, browseName: machine.name });
      for (const signal of rawSignalsOf(machine)) {
        if (signal.node === undefined) continue;
        const nodeId = localNodeId(signal.node);
        if (used.has(nodeId)) continue;
        used.add(nodeId);
        const namespace = addressSpace.getNamespace(Number(/^ns=(\d+);/.exec(nodeId)?.[1] ?? 1)) as typeof own;
        const dataType = DATA_TYPES[signal.type];
        const common = { componentOf: machineObject, browseName: signal.name, nodeId, dataType };
        const variable =
          signal.type === 'Double'
            ? namespace.addAnalogDataItem({
                ...common,
                engineeringUnitsRange: signal.range ?? { low: -1e9, high: 1e9 },
                ...(signal.unit !== undefined && { engineeringUnits: unitOf(signal.unit) }),
              })
            : namespace.addVariable(common);
        shown.push({ machinePath: machine.path, signal, show: shower(variable, dataType, signal) });
      }
    }
  }
  return shown;

  function localNodeId(text: string): string {
    const byUri = /^nsu=(.+?);([isgb]=.*)$/s.exec(text);
    const index = byUri?.[1] === undefined ? undefined : addressSpace?.registerNamespace(byUri[1]).index;
    const local = index === undefined ? text : `ns=${index};${byUri?.[2] ?? ''}`;
    const wanted = Number(/^ns=(\d+);/.exec(local)?.[1] ?? 0);
    if (wanted === 0) throw new Error(`${text}: namespace 0 belongs to the OPC UA standard; use ns=1 or higher`);
    // Namespaces are numbered in the order of their registration.
    for (let next = addressSpace?.getNamespaceArray().length ?? 0; next <= wanted; next += 1) {
      addressSpace?.registerNamespace(`urn:plantbridge:simulated:${source.id}:${next}`);
    }
    return local;
  }
}

function shower(variable: Variable, dataType: DataType, signal: RawSignal): (view: PlcView) => void {
  let last: RawValue | undefined;
  return (view) => {
    const value = signal.read(view);
    if (value === last) return;
    last = value;
    variable.setValueFromSource({ dataType, value });
  };
}

function unitOf(unit: string) {
  const text = coerceLocalizedText(unit);
  return {
    namespaceUri: 'http://www.opcfoundation.org/UA/units/un/cefact',
    unitId: -1,
    displayName: text,
    description: text,
  };
}
