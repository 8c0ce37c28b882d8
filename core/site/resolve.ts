import { formatPath } from '../path.ts';
import { DEFAULT_LOSS_CATEGORY } from '../telemetry/types.ts';
import type { LineFile, MachineFile, SensorConfig, SiteFile } from './schema.ts';
import { countsParts, type Line, type Machine, type Site } from './site.ts';

/**
 * Fills in what a checked site file leaves to defaults: names, paths, gateways, categories, counted machines.
 * @param sensorsOf All sensors of a machine, those of its CSV file included.
 */
export function resolveSite(
  file: SiteFile,
  sensorsOf: (lineIndex: number, machineIndex: number) => readonly SensorConfig[],
): Site {
  const lines = file.lines.map((line, lineIndex) =>
    resolveLine(
      file,
      line,
      line.machines.map((machine, machineIndex) =>
        resolveMachine(file, line, machine, [...sensorsOf(lineIndex, machineIndex)]),
      ),
    ),
  );
  const { lines: _, ...rest } = file;
  return { ...rest, name: file.name ?? file.id, lines };
}

function resolveLine(file: SiteFile, line: LineFile, machines: readonly Machine[]): Line {
  return {
    id: line.id,
    oee: line.oee,
    path: formatPath({ site: file.id, line: line.id }),
    name: line.name ?? line.id,
    machines,
    countedMachineIds: line.oee.counted ?? machines.filter(countsParts).map(({ id }) => id),
  };
}

function resolveMachine(file: SiteFile, line: LineFile, machine: MachineFile, sensors: SensorConfig[]): Machine {
  const source = file.sources.find(({ id }) => id === machine.source);
  const { signals: _, ...rest } = machine;
  return {
    ...rest,
    sensors,
    path: formatPath({ site: file.id, line: line.id, machine: machine.id }),
    name: machine.name ?? machine.id,
    lineId: line.id,
    gatewayId: source?.gateway ?? file.gateways[0]?.id ?? '',
    stalenessSeconds: machine.stalenessSeconds ?? file.stalenessSeconds,
    categoryOfState: { ...DEFAULT_LOSS_CATEGORY, ...machine.lossCategories },
  };
}
