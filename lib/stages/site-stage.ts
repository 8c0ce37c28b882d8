import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Site } from '../../core/site/site.ts';
import { FoundationStack } from '../stacks/foundation-stack.ts';

/** The Region where the site file names none. */
export const DEFAULT_REGION = 'eu-central-1';

/** All stacks of one site: the one place where they are wired together, for deployments and tests alike. */
export class SiteStage extends Stage {
  readonly foundation: FoundationStack;

  /** @param scope The app; the stage is named `plantbridge-<site>`, which its stacks' names begin with. */
  constructor(scope: Construct, site: Site) {
    const account = site.aws?.account;
    super(scope, `plantbridge-${site.id}`, {
      env: { region: site.aws?.region ?? DEFAULT_REGION, ...(account !== undefined && { account }) },
    });
    this.foundation = new FoundationStack(this, 'Foundation', {
      siteId: site.id,
      description: `Plantbridge ${site.name}: encryption key and access logs`,
      terminationProtection: true,
    });
    Tags.of(this).add('plantbridge:site', site.id);
    Tags.of(this).add('plantbridge:phase', site.phase);
  }
}
