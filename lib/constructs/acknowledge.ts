import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { wildcardResource } from '../checks/finding-ids.ts';

/** Accepts cdk-nag's finding that a role of one purpose has an inline policy: a managed one would be shared with nobody, and live on without it. */
export function acknowledgeOwnPolicy(at: IConstruct): void {
  Validations.of(at).acknowledge({
    id: 'NIST.800.53.R5-IAMNoInlinePolicy',
    reason: 'The policy belongs to this one role, is made and removed with it, and nobody else may attach it.',
  });
}

/** Accepts cdk-nag's findings that a permission is for resources with a `*` in them, each by itself. */
export function acknowledgeResources(at: IConstruct, resources: readonly string[], reason: string): void {
  for (const resource of resources) Validations.of(at).acknowledge({ id: wildcardResource(at, resource), reason });
}
