import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What the ways of values into the cloud are made for. */
export interface IngestStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
}

/** IoT rules, stream, normalization, lake and bulk import of a site. */
export class IngestStack extends Stack {
  readonly watched: Watched = {};

  constructor(scope: Construct, id: string, props: IngestStackProps) {
    super(scope, id, props);
  }
}
