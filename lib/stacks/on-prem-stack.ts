import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { OutpostConfig } from '../../core/site/schema.ts';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What the part of a site on its Outpost is made for. */
export interface OnPremStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
  readonly outpost: OutpostConfig;
}

/** The hub on the Outpost in the factory: network, cluster, historian, load balancer, storage. */
export class OnPremStack extends Stack {
  readonly watched: Watched = {};

  constructor(scope: Construct, id: string, props: OnPremStackProps) {
    super(scope, id, props);
  }
}
