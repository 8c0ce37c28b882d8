import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { dataRemovalPolicy } from '../../removal.ts';
import { acknowledgeDataBucket, acknowledgePrefix } from './acknowledgements.ts';

/** What of the foundation data stands on. */
export interface DataFoundation {
  /** Encrypts everything at rest. */
  readonly key: IKey;
  /** Takes access logs. */
  readonly accessLogs: Bucket;
}

/** What a {@link DataBucket} is made for. */
export interface DataBucketProps {
  readonly deployment: Deployment;
  readonly foundation: DataFoundation;
  /** What becomes of objects with time, beside the rules that every bucket has. */
  readonly lifecycleRules: readonly LifecycleRule[];
  /** Whether EventBridge is told of each new object. @default false */
  readonly notifiesEventBridge?: boolean;
  /** Whether requests are counted in CloudWatch (a paid metric), so that an alarm can tell an arrival. @default false */
  readonly countsRequests?: boolean;
}

/** The filter id of a bucket's request metrics, where it has them. */
export const REQUEST_METRICS_FILTER = 'EntireBucket';

/** How long a version that was overwritten or deleted is kept: long enough to notice a mistake. */
const NONCURRENT_RETENTION = Duration.days(30);

/** A bucket for a site's data: encrypted with the site's key, TLS only, private, versioned, logged, retained by default. */
export class DataBucket extends Construct {
  readonly bucket: IBucket;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    const { deployment, foundation, lifecycleRules } = props;
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: foundation.key,
      // One request to KMS for many objects, not one for each.
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      serverAccessLogsBucket: foundation.accessLogs as IBucket,
      serverAccessLogsPrefix: `${scope.node.id}/${id}/`.toLowerCase(),
      lifecycleRules: [
        ...lifecycleRules,
        {
          id: 'housekeeping',
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          noncurrentVersionExpiration: NONCURRENT_RETENTION,
        },
      ],
      ...(props.countsRequests === true && { metrics: [{ id: REQUEST_METRICS_FILTER }] }),
      removalPolicy: dataRemovalPolicy(deployment),
    });
    // The class says that it may lack what the interface demands; it does not.
    this.bucket = bucket as IBucket;
    this.#key = foundation.key;
    if (props.notifiesEventBridge === true) {
      // By the resource itself: CDK's own way adds a function of its own, which is not arm64, nor logged as ours are.
      const resource = bucket.node.defaultChild as CfnBucket;
      resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    }
    acknowledgeDataBucket(this);
  }

  /**
   * Lets someone add objects under a prefix, and nothing else: neither read, nor list, nor delete. The key's grant is part of it; without
   * it, every write to an encrypted bucket fails.
   * @param prefix ends with a slash.
   */
  grantPutObjects(grantee: IGrantable, prefix: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects(`${prefix}*`)] }),
    );
    this.#key.grant(grantee, 'kms:GenerateDataKey');
    acknowledgePrefix(grantee, this.bucket, prefix);
  }

  /** Lets someone read objects under a prefix. @param prefix ends with a slash. */
  grantGetObjects(grantee: IGrantable, prefix: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects(`${prefix}*`)] }),
    );
    this.#key.grant(grantee, 'kms:Decrypt');
    acknowledgePrefix(grantee, this.bucket, prefix);
  }
}
