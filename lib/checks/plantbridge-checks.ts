import { readFileSync } from 'node:fs';
import {
  CfnElement,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type JsonObject, objectOf } from './json.ts';
import type { CheckedResource, CheckedStack, CheckRule, LocatedFault } from './rule.ts';
import { RULES } from './rules/rules.ts';

/**
 * What must hold for a template of ours and neither CloudFormation's types nor cdk-nag look at: limits and traps of AWS IoT,
 * SiteWise and Greengrass, and what the whole project promises of encryption, failures and exposure. A finding is
 * acknowledged like one of cdk-nag: `Validations.of(construct).acknowledge({id: 'Plantbridge-...', reason})`.
 */
export class PlantbridgeChecks implements IPolicyValidationPlugin {
  readonly name = 'Plantbridge';
  readonly ruleIds: string[];
  readonly #rules: readonly CheckRule[];

  /** @param rules @default all of lib/checks/rules */
  constructor(rules: readonly CheckRule[] = RULES) {
    this.#rules = rules;
    this.ruleIds = rules.map(({ id }) => id);
  }

  validate({ stackTemplates, appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    const stacks = stackTemplates.map(({ stackConstructPath, templatePath, accountId, region }) =>
      checkedStack(
        stackConstructPath,
        readFileSync(templatePath, 'utf8'),
        `aws://${accountId ?? '?'}/${region ?? '?'}`,
      ),
    );
    const constructs = constructsByLogicalId(appConstruct);
    const violations: PolicyViolation[] = [];
    for (const { id, faults } of this.#rules)
      for (const fault of faults(stacks)) {
        const { path } = fault.stack;
        const construct = constructs.get(`${path} ${fault.resource?.logicalId ?? ''}`);
        if (construct !== undefined && isAcknowledged(construct, id)) continue;
        violations.push({
          ruleName: id,
          description: faultText(fault),
          severity: 'error',
          violatingResources: [
            {
              constructPath: construct?.node.path ?? path,
              locations: fault.at === '' ? [] : [`Properties.${fault.at}`],
            },
          ],
        });
      }
    return { success: violations.length === 0, violations };
  }
}

/** A fault as one sentence: what of which resource, what must hold, what was got. */
export function faultText({ at, text, resource }: LocatedFault): string {
  return [resource?.type, at, text].filter((part) => part !== undefined && part !== '').join(' ');
}

/** A template as the rules see it. */
export function checkedStack(path: string, text: string, environment: string): CheckedStack {
  const resources: CheckedResource[] = [];
  const stack: CheckedStack = { path, environment, sizeBytes: Buffer.byteLength(text), resources };
  const template = JSON.parse(text) as JsonObject;
  for (const [logicalId, resource] of Object.entries(objectOf(template.Resources))) {
    const { Type, Properties } = objectOf(resource);
    resources.push({ stack, logicalId, type: String(Type), properties: objectOf(Properties) });
  }
  return stack;
}

/** The constructs of all resources by stack and logical id; a stack itself by its path alone. */
function constructsByLogicalId(root: IConstruct): Map<string, IConstruct> {
  const found = new Map<string, IConstruct>();
  const visit = (construct: IConstruct): void => {
    if (Stack.isStack(construct)) found.set(`${construct.node.path} `, construct);
    else if (CfnElement.isCfnElement(construct)) {
      const { stack } = construct;
      found.set(`${stack.node.path} ${stack.resolve(construct.logicalId)}`, construct);
    }
    for (const child of construct.node.children) visit(child);
  };
  visit(root);
  return found;
}

/** Whether a construct or one above it acknowledges a rule; a bare id stands in the metadata as one of annotations, as with cdk-nag. */
function isAcknowledged(construct: IConstruct, rule: string): boolean {
  return construct.node.scopes.some((scope) =>
    scope.node.metadata.some(
      ({ type, data }) =>
        type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY &&
        Object.keys(objectOf(data)).some((id) => id.replace(/^[^:]*::/, '') === rule),
    ),
  );
}
