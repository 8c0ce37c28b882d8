import type { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Cluster, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';

/*
 * CDK's classes declare optional members of their interfaces as `T | undefined`, which exactOptionalPropertyTypes tells apart from
 * a member that may be missing. They are what they claim to be: here, and only here, they are taken for it.
 */

export function asVpc(vpc: Vpc): IVpc {
  return vpc as IVpc;
}

export function asCluster(cluster: Cluster): ICluster {
  return cluster as ICluster;
}

export function asSecret(secret: Secret): ISecret {
  return secret as ISecret;
}
