import { checkedStack, faultText } from '../../lib/checks/plantbridge-checks.ts';
import type { CheckedStack } from '../../lib/checks/rule.ts';
import { RULES } from '../../lib/checks/rules/rules.ts';

/** Resources of a template by logical id. */
export type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/** A stack with these resources, in one account and Region. */
export function stackOf(resources: Resources, path = 'site/Stack'): CheckedStack {
  return checkedStack(path, JSON.stringify({ Resources: resources }), 'aws://123456789012/eu-central-1');
}

/** What a rule of ours finds in stacks, as its sentences. */
export function foundBy(rule: string, ...stacks: readonly (Resources | CheckedStack)[]): string[] {
  const found = RULES.find(({ id }) => id === rule);
  if (found === undefined) throw new Error(`There is no rule ${rule}.`);
  const checked = stacks.map((each) => (isStack(each) ? each : stackOf(each)));
  return [...found.faults(checked)].map(faultText);
}

function isStack(value: Resources | CheckedStack): value is CheckedStack {
  return Array.isArray((value as CheckedStack).resources);
}
