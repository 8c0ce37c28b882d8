import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import { dataRemovalPolicy } from '../removal.ts';

/** How long access logs are kept: long enough to look into an incident that was found late. */
const ACCESS_LOG_RETENTION = Duration.days(400);

/** What the foundation is made for. */
export interface FoundationStackProps extends StackProps {
  readonly deployment: Deployment;
}

/** What everything else of a site stands on: its key, the bucket for access logs, the alarm topic and the event bus. */
export class FoundationStack extends Stack {
  /** Encrypts the site's data at rest; rotated each year. */
  readonly key: Key;
  /** Takes the access logs of the site's other buckets. */
  readonly accessLogs: Bucket;
  /** Where alarms go. */
  readonly alarmTopic: Topic;
  /** The site's events: order progress, OEE per shift, machine faults, quality alarms. */
  readonly eventBus: EventBus;
  readonly watched: Watched = {};

  constructor(scope: Construct, id: string, props: FoundationStackProps) {
    super(scope, id, props);
    const { deployment } = props;
    const removalPolicy = dataRemovalPolicy(deployment);
    this.key = new Key(this, 'Key', {
      alias: `plantbridge/${deployment.site.id}`,
      description: `Data of the Plantbridge site ${deployment.site.id}`,
      enableKeyRotation: true,
      removalPolicy,
    });
    // CloudWatch Logs encrypts with the key on its own account, for the log groups of this account and Region alone.
    this.key.grantEncryptDecrypt(
      new ServicePrincipal(`logs.${this.region}.amazonaws.com`, {
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:*`,
          },
        },
      }),
    );
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
      removalPolicy,
    });
    this.alarmTopic = new Topic(this, 'Alarms', { masterKey: this.key, enforceSSL: true });
    // CloudWatch publishes as itself: an alarm to an encrypted topic without both of these is silently lost.
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': this.account },
        ArnLike: {
          'aws:SourceArn': `arn:${this.partition}:cloudwatch:${this.region}:${this.account}:alarm:${deployment.names.prefix}-*`,
        },
      },
    });
    this.alarmTopic.grantPublish(alarms);
    this.key.grant(alarms, 'kms:Decrypt', 'kms:GenerateDataKey*');
    this.eventBus = new EventBus(this, 'Events', { kmsKey: this.key });
  }
}
