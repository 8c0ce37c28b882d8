import { Stack, Validations } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { DataBucket } from './data-bucket.ts';

/** Findings of cdk-nag that a {@link DataBucket} accepts, and why. */
export function acknowledgeDataBucket(bucket: DataBucket): void {
  Validations.of(bucket).acknowledge({
    id: 'NIST.800.53.R5-S3BucketReplicationEnabled',
    reason:
      'Data stays in the Region that the site file names; a copy elsewhere would be a decision on residency and doubles the cost. S3 itself keeps three Availability Zones.',
  });
}

/** What someone may do with the objects under a prefix: which there are is known later. @param prefix ends with a slash. */
export function acknowledgePrefix(grantee: IGrantable, bucket: IBucket, prefix: string): void {
  const at = grantee.grantPrincipal;
  if (!Construct.isConstruct(at)) return;
  const resource = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnBucket);
  Validations.of(at).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${resource}.Arn>/${prefix}*]`,
    reason: `Objects under ${prefix} of this one bucket; their names are made when they are written.`,
  });
}
