import { Duration, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { dataRemovalPolicy } from '../../removal.ts';
import { acknowledgeAccessLogBucket } from './acknowledgements.ts';

/** How long access logs are kept: long enough to look into an incident that was found late. */
export const ACCESS_LOG_RETENTION = Duration.days(400);

/** Where in the bucket the logs of the hub's load balancer on the Outpost are. */
export const HUB_LOG_PREFIX = 'hub-load-balancer';

/** What an {@link AccessLogBucket} is made of. */
export interface AccessLogBucketProps {
  readonly deployment: Deployment;
}

/**
 * Takes the access logs of the site's other buckets and of the hub's load balancer. A bucket that logs to it is allowed by its own
 * construct (`serverAccessLogsBucket`).
 */
export class AccessLogBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { deployment }: AccessLogBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      // S3 and load balancers deliver access logs to buckets with S3-managed keys only, not to those with a key of KMS.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        { expiration: ACCESS_LOG_RETENTION, noncurrentVersionExpiration: Duration.days(30) },
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: dataRemovalPolicy(deployment),
    });
    // CDK allows S3 to write the logs of buckets of other stacks, and can't say which: at least they are of this account.
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogsOfThisAccountOnly',
        effect: Effect.DENY,
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { StringNotEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    // From the first phase on, so that rollout does not change the policy.
    if (deployment.site.outpost !== undefined) this.#letDeliver();
    acknowledgeAccessLogBucket(this.bucket);
  }

  /** In an Outpost's zone another service of AWS delivers the logs of load balancers than in a Region's. */
  #letDeliver(): void {
    const { account } = Stack.of(this);
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logdelivery.elb.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${HUB_LOG_PREFIX}/AWSLogs/${account}/*`)],
        conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
  }
}
