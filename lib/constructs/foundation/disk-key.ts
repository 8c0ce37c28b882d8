import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * Lets EC2 Auto Scaling launch instances whose disks are encrypted with a customer-managed key: its service-linked role has no
 * rights in KMS of its own. The role is named by condition, not as principal, since KMS refuses a policy with a principal
 * that does not exist, and in a new account it comes into being with the first group.
 */
export function letAutoScalingUse(key: IKey, scope: Construct): void {
  const { account, partition } = Stack.of(scope);
  const role = `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const thisRoleAlone = {
    StringEquals: { 'kms:CallerAccount': account },
    ArnEquals: { 'aws:PrincipalArn': role },
  };
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: thisRoleAlone,
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { ...thisRoleAlone, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  );
}
