import { compileExpression } from '../../../core/formula/index.ts';
import { variableName } from '../../../core/path.ts';
import { ruleVariables } from '../../../core/site/checks/rules.ts';
import type { Machine } from '../../../core/site/site.ts';

/**
 * Ids of the signals that the machine's rules look at. SiteWise tells of each of their values (a paid MQTT message), so that the
 * cloud can follow what the hub decides; of all others it keeps silent.
 */
export function notifiedSignals(machine: Machine): ReadonlySet<string> {
  const variables = ruleVariables(machine, machine.sensors);
  const used = new Set(machine.rules.flatMap(({ when }) => compileExpression(when, { variables }).variables));
  const signals = ['state', 'reason', 'product', ...machine.sensors.map(({ id }) => id)];
  return new Set(signals.filter((id) => used.has(variableName(id))));
}
