import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { NetworkConfig } from '../../core/site/schema.ts';
import type { Deployment } from '../deployment.ts';

/** What the private way of gateways to AWS is made for. */
export interface PrivateNetworkStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly endpoints: NonNullable<NetworkConfig['privateEndpoints']>;
}

/** VPC interface endpoints at the end of a Direct Connect or VPN connection, for plants without internet. */
export class PrivateNetworkStack extends Stack {
  constructor(scope: Construct, id: string, props: PrivateNetworkStackProps) {
    super(scope, id, props);
  }
}
