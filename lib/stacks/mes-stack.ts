import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What the MES API is made for. */
export interface MesStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
}

/** The cloud's MES API and the way of events to the ERP. */
export class MesStack extends Stack {
  readonly watched: Watched = {};

  constructor(scope: Construct, id: string, props: MesStackProps) {
    super(scope, id, props);
  }
}
