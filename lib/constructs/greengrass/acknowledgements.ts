import { Validations } from 'aws-cdk-lib';
import type { Policy } from 'aws-cdk-lib/aws-iam';

const INLINE_REASON =
  'The policy is of one role and of one gateway, and goes with it: as a managed policy it could be given to others, which nobody should.';

/** Findings of cdk-nag that the policy for a gateway's artifacts accepts, and why. */
export function acknowledgeArtifacts(policy: Policy): void {
  Validations.of(policy).acknowledge({ id: 'NIST.800.53.R5-IAMNoInlinePolicy', reason: INLINE_REASON });
}

/** Findings of cdk-nag that the policy for SiteWise's publisher accepts, and why. */
export function acknowledgeSitewiseGateway(policy: Policy, targets: readonly string[]): void {
  Validations.of(policy).acknowledge(
    { id: 'NIST.800.53.R5-IAMNoInlinePolicy', reason: INLINE_REASON },
    ...targets.map((target) => ({
      id: `AwsSolutions-IAM5[Resource::${target}]`,
      reason:
        'Values are put by alias, while IAM knows assets and streams by ids that SiteWise makes; the action has no condition on aliases.',
    })),
  );
}
