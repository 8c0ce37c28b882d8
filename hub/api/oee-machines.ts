import type { Line, Machine } from '../../core/site/site.ts';
import type { Located } from './parameters.ts';

/** The machines that make a path's figures: the machine itself, or the counted ones of the line or of all lines. */
export function figureMachines(located: Located): Machine[] {
  if (located.level === 'site') return located.site.lines.flatMap(countedOf);
  if (located.level === 'line') return countedOf(located.line);
  return located.machine.state === undefined ? [] : [located.machine];
}

function countedOf(line: Line): Machine[] {
  return line.machines.filter(({ id, state }) => state !== undefined && line.countedMachineIds.includes(id));
}
