import { Validations } from 'aws-cdk-lib';
import type { DataBucket } from './data-bucket.ts';
import type { LakeDelivery } from './delivery.ts';

/** Findings of cdk-nag that a {@link DataBucket} accepts, and why. */
export function acknowledgeDataBucket(bucket: DataBucket): void {
  Validations.of(bucket).acknowledge({
    id: 'NIST.800.53.R5-S3BucketReplicationEnabled',
    reason:
      'Data stays in the Region that the site file names; a copy elsewhere would be a decision on residency and doubles the cost. S3 itself keeps three Availability Zones.',
  });
}

/** Findings of cdk-nag that a {@link LakeDelivery} accepts, and why. */
export function acknowledgeLakeDelivery(_delivery: LakeDelivery): void {}
