import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AssetModels } from '../constructs/sitewise/asset-models.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What the asset models are made for. */
export interface ModelsStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
}

/** The site's asset models in AWS IoT SiteWise, from assets/asset-models. */
export class ModelsStack extends Stack {
  constructor(scope: Construct, id: string, props: ModelsStackProps) {
    super(scope, id, props);
    new AssetModels(this, 'AssetModels', { deployment: props.deployment });
  }
}
