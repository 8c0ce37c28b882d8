import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** How long access logs are kept: long enough to look into an incident that was found late. */
const ACCESS_LOG_RETENTION = Duration.days(400);

/** What the foundation is made for. */
export interface FoundationStackProps extends StackProps {
  readonly siteId: string;
}

/** What everything else of a site stands on: its encryption key and the bucket for access logs. Both are retained. */
export class FoundationStack extends Stack {
  /** Encrypts the site's data at rest; rotated each year. */
  readonly key: Key;
  /** Takes the access logs of the site's other buckets. */
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: FoundationStackProps) {
    super(scope, id, props);
    this.key = new Key(this, 'Key', {
      alias: `plantbridge/${props.siteId}`,
      description: `Data of the Plantbridge site ${props.siteId}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      // S3 writes access logs to buckets with S3-managed keys only, not to those with a key of KMS.
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        { expiration: ACCESS_LOG_RETENTION, noncurrentVersionExpiration: Duration.days(30) },
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
