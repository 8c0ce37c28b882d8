import { siteSchema } from '../../core/site/schema.ts';
import type { Site } from '../../core/site/site.ts';
import { DEFAULT_LOSS_CATEGORY } from '../../core/telemetry/types.ts';

/**
 * A resolved site without a file: lines with machines by id, e.g. `{ bottling: ['filler', 'capper'] }`.
 * @param counted the machines that make a line's figure; left out: all.
 */
export function smallSite(
  lines: Readonly<Record<string, readonly string[]>>,
  counted: Readonly<Record<string, readonly string[]>> = {},
): Site {
  const file = siteSchema.parse({
    version: 1,
    id: 'demo',
    timeZone: 'Europe/Berlin',
    gateways: [{ id: 'gateway-1' }],
    sources: [{ id: 'plc', protocol: 'opcua', endpointUrl: 'opc.tcp://127.0.0.1:4840' }],
    lines: Object.entries(lines).map(([id, machines]) => ({
      id,
      machines: machines.map((machine) => ({
        id: machine,
        source: 'plc',
        idealCycleSeconds: 2,
        state: { node: 'ns=1;s=State', map: { '1': 'RUNNING' } },
      })),
    })),
  });
  return {
    ...file,
    name: file.id,
    lines: file.lines.map((line) => ({
      ...line,
      path: `${file.id}/${line.id}`,
      name: line.id,
      countedMachineIds: counted[line.id] ?? line.machines.map((machine) => machine.id),
      machines: line.machines.map(({ signals: _csv, stalenessSeconds, ...machine }) => ({
        ...machine,
        path: `${file.id}/${line.id}/${machine.id}`,
        name: machine.id,
        lineId: line.id,
        gatewayId: 'gateway-1',
        stalenessSeconds: stalenessSeconds ?? file.stalenessSeconds,
        categoryOfState: DEFAULT_LOSS_CATEGORY,
      })),
    })),
  };
}
