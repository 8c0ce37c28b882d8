import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { GatewayConfig } from '../../core/site/schema.ts';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What a gateway's cloud side is made for. */
export interface GatewayStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
  readonly gateway: GatewayConfig;
}

/** One gateway: its enrolment, its rights, and what runs on it. */
export class GatewayStack extends Stack {
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    super(scope, id, props);
    const { deployment, gateway } = props;
    this.watched = { gateways: [{ gatewayId: gateway.id, thingName: deployment.names.gateway(gateway.id) }] };
  }
}
