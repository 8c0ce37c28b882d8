import type { Deployment } from '../../deployment.ts';
import { RAW_RULE_KINDS, RULE_KINDS } from '../../names.ts';

/** The IoT rules that a gateway may publish to. */
export interface GatewayRules {
  /** Those that take batches, at `$aws/rules/<rule>/<thing>`. */
  readonly batchRules: readonly string[];
  /** Those that take single states, at `$aws/rules/<rule>/<thing>/...`. */
  readonly stateRules: readonly string[];
}

/** The rules of a site by name; none that takes raw values where these stay in the factory. */
export function gatewayRules(deployment: Deployment): GatewayRules {
  const kinds = RULE_KINDS.filter((kind) => !(deployment.keepsRawValues && RAW_RULE_KINDS.includes(kind)));
  const namesOf = (areStates: boolean) =>
    kinds.filter((kind) => (kind === 'state') === areStates).map((kind) => deployment.names.rule(kind));
  return { batchRules: namesOf(false), stateRules: namesOf(true) };
}
