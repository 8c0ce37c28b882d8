import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What alarms and dashboards are made of. */
export interface ObservabilityStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
  /** What the other stacks hand over to be watched. */
  readonly watched: readonly Watched[];
}

/** Alarms, the CloudWatch dashboard and, where wanted, a Grafana workspace. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
  }
}
