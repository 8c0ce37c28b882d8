import { Validations } from 'aws-cdk-lib';
import type { Policy, Role } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** Findings of cdk-nag that the bucket for access logs accepts, and why. */
export function acknowledgeAccessLogBucket(bucket: Bucket): void {
  const noLogs = 'It holds the logs of the other buckets: a log of its own would log the writing of logs, without end.';
  const managedKeys =
    'S3 and load balancers deliver access logs only to buckets that are encrypted with S3-managed keys.';
  Validations.of(bucket).acknowledge(
    { id: 'AwsSolutions-S1', reason: noLogs },
    { id: 'NIST.800.53.R5-S3BucketLoggingEnabled', reason: noLogs },
    { id: 'Plantbridge-AccessLogs', reason: noLogs },
    { id: 'NIST.800.53.R5-S3DefaultEncryptionKMS', reason: managedKeys },
    { id: 'Plantbridge-Encryption', reason: managedKeys },
    {
      id: 'NIST.800.53.R5-S3BucketReplicationEnabled',
      reason:
        "Logs of a site stay in its Region, where they may have to stay; S3 keeps them in three Availability Zones, and they are no site's only record of anything.",
    },
  );
}

/** Findings of cdk-nag that the dead letters of the event bus accept, and why. */
export function acknowledgeBusDeadLetters(queue: Queue): void {
  Validations.of(queue).acknowledge(
    {
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of the event bus, which is no queue and so no redrive policy that names it.',
    },
    {
      id: 'Plantbridge-Encryption',
      reason: "What fails for want of the site's key lands here, so it is encrypted by SQS and does not need that key.",
    },
  );
}

/** Findings of cdk-nag that the right to set an account's SiteWise settings accepts, and why. */
export function acknowledgeSitewiseSettings(policy: Policy): void {
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'The storage and logging of SiteWise are settings of the account: AWS has no resource to name for them.',
  });
}

/** Findings of cdk-nag that the role by which API Gateway logs accepts, and why. */
export function acknowledgeApiGatewayLogging(role: Role): void {
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason:
      "The role is the account's, not the site's: API Gateway writes logs of APIs that the site knows nothing of by it, and AWS's own policy says what that takes.",
  });
}
