import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { BACKLOG_PREFIX } from '../../../lambda/bulk-import/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { RAW_RULE_KINDS, RULE_KINDS, type RuleKind } from '../../names.ts';
import type { DataBucket } from '../lake/data-bucket.ts';
import type { LakeDelivery } from '../lake/delivery.ts';
import {
  IngestRule,
  kinesisAction,
  lakeAction,
  putObjectAction,
  type RuleAction,
  siteWiseStateAction,
} from './ingest-rule.ts';

/** Where the {@link IngestRules} lead to. */
export interface IngestRulesProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  readonly stream: IStream;
  readonly backlog: DataBucket;
  readonly delivery: LakeDelivery;
  readonly deadLetters: DataBucket;
}

/**
 * The rules of a site, one for each way of a value into the cloud. With `residency: aggregates` those that carry raw values do not exist: what
 * is published to them is refused, whoever publishes it.
 */
export class IngestRules extends Construct {
  readonly rules: readonly IngestRule[];

  constructor(scope: Construct, id: string, props: IngestRulesProps) {
    super(scope, id);
    const { deployment, deadLetters } = props;
    const kinds = deployment.keepsRawValues ? RULE_KINDS.filter((kind) => !RAW_RULE_KINDS.includes(kind)) : RULE_KINDS;
    this.rules = kinds.map(
      (kind) =>
        new IngestRule(this, kind, {
          names: deployment.names,
          kind,
          deadLetters,
          description: DESCRIPTIONS[kind],
          ...(kind === 'state' && { select: STATE_ROW }),
          actions: (roleArn) => this.#actions(kind, roleArn, props),
        }),
    );
  }

  #actions(kind: RuleKind, roleArn: string, { stream, key, backlog, delivery }: IngestRulesProps): RuleAction[] {
    switch (kind) {
      case 'live-raw':
      case 'live-aggregates':
        return [kinesisAction(stream, key, roleArn)];
      case 'backlog-raw':
      case 'backlog-aggregates':
        return [putObjectAction(backlog, BACKLOG_PREFIX.batches, BACKLOG_KEY, roleArn)];
      case 'state':
        return [siteWiseStateAction(this, roleArn), lakeAction(delivery, roleArn)];
    }
  }
}

const DESCRIPTIONS: Readonly<Record<RuleKind, string>> = {
  'live-raw': 'Batches with raw values, to the stream',
  'live-aggregates': 'Batches with ticks, to the stream',
  'backlog-raw': 'Batches with raw values older than 10 minutes, for bulk import',
  'backlog-aggregates': 'Batches with ticks older than 10 minutes, for bulk import',
  state: 'States of machines, to SiteWise and the lake',
};

/** By gateway and time of arrival; the batch knows the times of its values. */
const BACKLOG_KEY = `${BACKLOG_PREFIX.batches}\${topic(1)}/\${parse_time("yyyy-MM-dd", timestamp())}/\${timestamp()}-\${newuuid()}.json`;

/**
 * The message, and beside it the columns of the lake's row (`LakeRow`), so that a state reaches the lake without a function. Firehose ignores the
 * fields that the table does not have. Only `ingested_at` is the time of arrival.
 */
const STATE_ROW = [
  '*',
  "concat(topic(2), '/', topic(3), '/', topic(4), '/', topic(5)) AS path",
  't AS ts',
  'parse_time("yyyy-MM-dd", t) AS dt',
  'q AS quality',
  'v AS value_string',
  'timestamp() AS ingested_at',
].join(', ');
