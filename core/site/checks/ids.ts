import { RESERVED_SIGNALS } from '../../telemetry/types.ts';
import { showValue } from '../fault.ts';
import type { CheckContext, Place } from './context.ts';
import { placedMachines } from './context.ts';

/** Ids are unique among their siblings, and no sensor has an id with a fixed meaning. */
export function checkIds(context: CheckContext): void {
  const { site } = context;
  unique(
    context,
    'shifts',
    site.shifts.map(({ id }, index) => [id, ['shifts', index, 'id']]),
  );
  unique(
    context,
    'gateways',
    site.gateways.map(({ id }, index) => [id, ['gateways', index, 'id']]),
  );
  unique(
    context,
    'sources',
    site.sources.map(({ id }, index) => [id, ['sources', index, 'id']]),
  );
  unique(
    context,
    'lines',
    site.lines.map(({ id }, index) => [id, ['lines', index, 'id']]),
  );
  for (const [index, line] of site.lines.entries()) {
    const path = ['lines', index, 'machines'];
    unique(
      context,
      `machines of line ${line.id}`,
      line.machines.map(({ id }, machine) => [id, [...path, machine, 'id']]),
    );
  }
  for (const { machine, path, lineIndex, machineIndex } of placedMachines(site)) {
    const sensors = context.sensorsOf(lineIndex, machineIndex);
    unique(
      context,
      `sensors of machine ${machine.id}`,
      sensors.map(({ sensor, place }) => [sensor.id, place('id')]),
    );
    unique(
      context,
      `rules of machine ${machine.id}`,
      machine.rules.map(({ id }, index) => [id, [...path, 'rules', index, 'id']]),
    );
    unique(
      context,
      `products of machine ${machine.id}`,
      machine.products.map(({ code }, index) => [String(code), [...path, 'products', index, 'code']]),
    );
    for (const { sensor, place } of sensors) {
      if (!RESERVED_SIGNALS.includes(sensor.id) && !sensor.id.startsWith('mes-')) continue;
      context.fault(place('id'), {
        message: 'is a name with a fixed meaning, which no sensor may have',
        got: showValue(sensor.id, []),
        hint: 'Choose another id',
      });
    }
  }
}

function unique(context: CheckContext, among: string, ids: readonly (readonly [string, Place])[]): void {
  const first = new Map<string, Place>();
  for (const [id, place] of ids) {
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, place);
      continue;
    }
    const { file, line } = context.locate(earlier);
    context.fault(place, {
      message: `must be unique among the ${among}`,
      got: `${showValue(id, [])}, which stands at ${file}:${line} already`,
    });
  }
}
