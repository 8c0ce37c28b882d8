import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FactoryAsset } from '../constructs/sitewise/factory-asset.ts';
import type { Deployment } from '../deployment.ts';

/** What the root asset is made for. */
export interface FactoryStackProps extends StackProps {
  readonly deployment: Deployment;
}

/** The root asset of a site, with its lines below it. */
export class FactoryStack extends Stack {
  constructor(scope: Construct, id: string, props: FactoryStackProps) {
    super(scope, id, props);
    new FactoryAsset(this, 'Factory', { deployment: props.deployment });
  }
}
