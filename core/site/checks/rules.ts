import type { Expression, VariableDeclaration } from '../../formula/index.ts';
import { compileExpression, FormulaError, walk } from '../../formula/index.ts';
import { variableName } from '../../path.ts';
import { MACHINE_STATES } from '../../telemetry/types.ts';
import { showValue } from '../fault.ts';
import type { MachineFile, SensorConfig } from '../schema.ts';
import { didYouMean } from '../suggest.ts';
import type { CheckContext } from './context.ts';
import { placedMachines } from './context.ts';

/**
 * What a local rule's formula may name: the machine's `state` and `reason` (text), `product` (as the PLC gives it) and its
 * sensors, each id with `_` for `-`.
 */
export function ruleVariables(
  machine: Pick<MachineFile, 'state' | 'reason' | 'product'>,
  sensors: readonly SensorConfig[],
): Map<string, VariableDeclaration> {
  const variables = new Map<string, VariableDeclaration>();
  const add = (id: string, dataType: VariableDeclaration['dataType']) =>
    variables.set(variableName(id), { dataType, source: 'measurement' });
  if (machine.state !== undefined) add('state', 'STRING');
  if (machine.reason !== undefined) add('reason', 'STRING');
  if (machine.product !== undefined) add('product', 'UNKNOWN');
  for (const { id, type } of sensors) add(id, type);
  return variables;
}

/** Each rule's formula can be evaluated over the machine's signals. */
export function checkRules(context: CheckContext): void {
  for (const { machine, path, lineIndex, machineIndex } of placedMachines(context.site)) {
    if (machine.rules.length === 0) continue;
    const sensors = context.sensorsOf(lineIndex, machineIndex).map(({ sensor }) => sensor);
    const variables = ruleVariables(machine, sensors);
    // A signal that the schema refused is missing here: then an unknown name proves nothing.
    if (['sensors', 'signals', 'state', 'reason', 'product'].some((key) => context.isFaulty([...path, key]))) continue;
    for (const [index, { when }] of machine.rules.entries()) {
      const place = [...path, 'rules', index, 'when'];
      try {
        const { resultType, tree, variables: used } = compileExpression(when, { variables });
        if (resultType === 'STRING') {
          context.fault(place, { message: 'must be a condition, true or false, not a text', got: showValue(when, []) });
        } else if (used.length === 0) {
          context.fault(place, { message: 'uses no signal of the machine', got: showValue(when, []) });
        }
        for (const word of unknownStates(tree)) {
          const hint = didYouMean(word, MACHINE_STATES);
          context.warning(place, {
            message: `compares state with ${JSON.stringify(word)}, which no machine ever has`,
            allowed: MACHINE_STATES.join(', '),
            ...(hint !== undefined && { hint }),
          });
        }
      } catch (error) {
        if (!(error instanceof FormulaError)) throw error;
        for (const { message, offset } of error.faults) {
          const text = message.replace(/\.$/, '');
          context.fault(place, { message: `is not a valid formula: ${text}` }, context.locateInText(place, offset));
        }
      }
    }
  }
}

/** Texts that `state` is compared with though they are no states. */
function unknownStates(tree: Expression): string[] {
  return [...walk(tree)].flatMap((node) => {
    if (node.kind !== 'binary' || !['==', '!=', '='].includes(node.operator)) return [];
    const sides = [node.left, node.right];
    const isState = sides.some((side) => side.kind === 'name' && side.name === 'state');
    return sides.flatMap((side) =>
      isState && side.kind === 'string' && !MACHINE_STATES.some((state) => state === side.value) ? [side.value] : [],
    );
  });
}
