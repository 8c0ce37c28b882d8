import { Duration } from 'aws-cdk-lib';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { LakeCatalog } from './catalog.ts';
import { DataBucket, type DataFoundation } from './data-bucket.ts';
import { LakeDelivery } from './delivery.ts';
import { LAKE_PREFIX } from './layout.ts';
import { LakeQueries } from './queries.ts';

/** What a {@link Lake} is made for. */
export interface LakeProps {
  readonly deployment: Deployment;
  readonly foundation: DataFoundation;
}

/** When rows cost less to keep than to read: after a quarter, and after a year. Glacier Instant Retrieval is still read by Athena at once. */
const INFREQUENT_AFTER = Duration.days(90);
const ARCHIVE_AFTER = Duration.days(365);
/** Rows that Firehose could not store, and dead letters: long enough to find them late and to bring them in again. */
const DEAD_LETTER_RETENTION = Duration.days(400);

/** The site's lake: every value as a row of Parquet by event day, its table, queries, and the bucket for what could not be stored. */
export class Lake extends Construct {
  /** Rows as Parquet. */
  readonly samples: DataBucket;
  /** What could not be stored, with its reason. */
  readonly deadLetters: DataBucket;
  readonly catalog: LakeCatalog;
  /** The way in. */
  readonly delivery: LakeDelivery;
  readonly queries: LakeQueries;

  constructor(scope: Construct, id: string, props: LakeProps) {
    super(scope, id);
    const { deployment, foundation } = props;
    this.samples = new DataBucket(this, 'Samples', {
      deployment,
      foundation,
      lifecycleRules: [
        {
          id: 'samples',
          prefix: LAKE_PREFIX.samples,
          transitions: [
            { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: INFREQUENT_AFTER },
            { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: ARCHIVE_AFTER },
          ],
        },
        { id: 'failed', prefix: LAKE_PREFIX.failed, expiration: DEAD_LETTER_RETENTION },
      ],
    });
    this.deadLetters = new DataBucket(this, 'DeadLetters', {
      deployment,
      foundation,
      lifecycleRules: [{ id: 'dead-letters', expiration: DEAD_LETTER_RETENTION }],
      countsRequests: true,
    });
    this.catalog = new LakeCatalog(this, 'Catalog', { deployment, bucket: this.samples.bucket });
    this.delivery = new LakeDelivery(this, 'Delivery', {
      bucket: this.samples.bucket,
      catalog: this.catalog,
      key: foundation.key,
    });
    this.queries = new LakeQueries(this, 'Queries', { deployment, foundation, catalog: this.catalog });
  }
}
