import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { BulkImport } from '../constructs/ingest/bulk-import.ts';
import type { IngestRule } from '../constructs/ingest/ingest-rule.ts';
import { IngestRules } from '../constructs/ingest/ingest-rules.ts';
import { LiveStream } from '../constructs/ingest/live-stream.ts';
import { Normalizer } from '../constructs/ingest/normalizer.ts';
import type { DataBucket } from '../constructs/lake/data-bucket.ts';
import { Lake } from '../constructs/lake/lake.ts';
import { RAW_TABLE, SAMPLES_VIEW } from '../constructs/lake/layout.ts';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What the ways of values into the cloud are made for. */
export interface IngestStackProps extends StackProps {
  readonly deployment: Deployment;
  readonly foundation: FoundationStack;
}

/** IoT rules, stream, normalization, lake and bulk import of a site. */
export class IngestStack extends Stack {
  /** Live batches of gateways. */
  readonly stream: IStream;
  readonly lake: Lake;
  /** What could not be stored. */
  readonly deadLetters: DataBucket;
  readonly rules: readonly IngestRule[];
  readonly bulkImport: BulkImport;
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: IngestStackProps) {
    super(scope, id, props);
    const { deployment, foundation } = props;
    const { key } = foundation;
    this.lake = new Lake(this, 'Lake', { deployment, foundation });
    const { deadLetters, delivery } = this.lake;
    this.deadLetters = deadLetters;
    this.stream = new LiveStream(this, 'Live', { deployment, key }).stream;
    this.bulkImport = new BulkImport(this, 'BulkImport', { deployment, foundation, delivery });
    const { backlog } = this.bulkImport;
    const ways = { deployment, key, stream: this.stream, delivery, deadLetters };
    const normalizer = new Normalizer(this, 'Normalizer', ways);
    this.rules = new IngestRules(this, 'Rules', { ...ways, backlog }).rules;
    this.watched = {
      functions: [normalizer.function, this.bulkImport.function],
      streamConsumers: [normalizer.function],
      siteWiseWriters: [normalizer.function],
      streams: [this.stream],
      deadLetterQueues: [this.bulkImport.deadLetterQueue],
      deadLetterBuckets: [deadLetters.bucket],
      deliveryStreams: [delivery.stream.deliveryStreamName],
      topicRules: this.rules.map(({ ruleName }) => ruleName),
      lakes: [
        {
          database: deployment.names.database,
          table: RAW_TABLE,
          view: SAMPLES_VIEW,
          workGroup: deployment.names.prefix,
          bucket: this.lake.samples.bucket,
          resultBucket: this.lake.queries.results.bucket,
        },
      ],
    };
  }
}
