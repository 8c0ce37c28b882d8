import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { PHASE_GUARD_TYPE, type PhaseGuardProperties } from '../../../lambda/phase-guard/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { SiteFunction } from '../functions/site-function.ts';

/** What a {@link PhaseGuard} is made of. */
export interface PhaseGuardProps {
  readonly deployment: Deployment;
  readonly key: IKey;
}

/**
 * Keeps a site from going back to an earlier phase by mistake. Synthesis does not know what is deployed, so CloudFormation
 * asks: an update to an earlier phase fails, names the flag and is rolled back, before any other stack of the site.
 *
 * In its stack {@link phase} must come last (`node.addDependency` on all others): if another resource failed after it, CloudFormation
 * would roll a step up back, which looks like a step down.
 */
export class PhaseGuard extends Construct {
  readonly function: IFunction;
  /** What CloudFormation updates: let it depend on everything else in its stack. */
  readonly phase: CustomResource;

  constructor(scope: Construct, id: string, { deployment, key }: PhaseGuardProps) {
    super(scope, id);
    const guard = new SiteFunction(this, 'Guard', {
      name: 'phase-guard',
      description: 'Refuses to take the site back to an earlier phase of its roadmap unless the deployment says so',
      key,
    });
    this.function = guard.function;
    const properties: PhaseGuardProperties = {
      SiteId: deployment.site.id,
      Phase: deployment.site.phase,
      PhaseDownAllowed: String(deployment.phaseDownAllowed),
    };
    this.phase = new CustomResource(this, 'Phase', {
      resourceType: PHASE_GUARD_TYPE,
      serviceToken: guard.function.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { ...properties },
    });
  }
}
