import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';

export function acknowledgeNetwork(_scope: Construct): void {}
export function acknowledgeInstances(_scope: Construct): void {}
export function acknowledgeHubService(_scope: Construct): void {}
export function acknowledgeManagedHistorian(_scope: Construct, _deployment: Deployment): void {}
export function acknowledgeContainerHistorian(_scope: Construct): void {}
export function acknowledgeLoadBalancer(_scope: Construct): void {}
void Validations;
