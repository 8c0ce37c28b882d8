import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type DataWatchEvent, ENVIRONMENT, NO_BUCKETS, WATCH_LIST_FILE } from '../../../lambda/data-watch/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { SiteFunction } from '../functions/site-function.ts';
import { acknowledgeDataWatch } from './acknowledgements.ts';
import { watchListOf } from './watch-list.ts';
import type { Watched } from './watched.ts';

/** What the {@link DataWatch} is made for. */
export interface DataWatchProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  /** Buckets in which nothing should ever lie. */
  readonly deadLetterBuckets: Required<Watched>['deadLetterBuckets'];
}

/** Minute of the hour at which the hour before is judged: late ticks have come by then. */
const OEE_QUALITY_MINUTE = '10';

/**
 * Looks where data should arrive: each minute whether ticks of all machines are in AWS IoT SiteWise, each hour whether its OEE can be trusted. It
 * sees what no metric of AWS tells: which gateway is silent, and data streams that no asset has.
 */
export class DataWatch extends Construct {
  /** To be watched like anything else. */
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: DataWatchProps) {
    super(scope, id);
    const { deployment, key, deadLetterBuckets } = props;
    const { function: handler } = new SiteFunction(this, 'Watch', {
      name: 'data-watch',
      description: `Looks whether data of ${deployment.site.id} arrives, and whether its OEE can be trusted`,
      key,
      files: { [WATCH_LIST_FILE]: JSON.stringify(watchListOf(deployment)) },
      environment: {
        [ENVIRONMENT.deadLetterBuckets]: deadLetterBuckets.map(({ bucketName }) => bucketName).join(',') || NO_BUCKETS,
      },
      timeout: Duration.minutes(2),
    });
    const { partition, region, account } = Stack.of(this);
    // SiteWise makes the ids of assets and time series; the function asks by alias.
    const assets = ['asset/*', 'time-series/*'].map(
      (each) => `arn:${partition}:iotsitewise:${region}:${account}:${each}`,
    );
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['iotsitewise:BatchGetAssetPropertyValue', 'iotsitewise:BatchGetAssetPropertyAggregates'],
        resources: assets,
      }),
    );
    // A list over all time series has no resource of its own.
    handler.addToRolePolicy(new PolicyStatement({ actions: ['iotsitewise:ListTimeSeries'], resources: ['*'] }));
    if (deadLetterBuckets.length > 0) {
      // To count them needs neither reading them nor their key.
      handler.addToRolePolicy(
        new PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: deadLetterBuckets.map(({ bucketArn }) => bucketArn),
        }),
      );
    }
    const failures = new Queue(this, 'Failures', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      // The next check makes up for a failed one: a failure is worth an alarm, and nothing to keep.
      retentionPeriod: Duration.hours(1),
    });
    handler.configureAsyncInvoke({
      retryAttempts: 1,
      maxEventAge: Duration.minutes(10),
      onFailure: new SqsDestination(failures),
    });
    const each = (name: string, schedule: Schedule, event: DataWatchEvent, description: string) => {
      const target = new LambdaFunction(handler, {
        event: RuleTargetInput.fromObject(event),
        deadLetterQueue: failures,
        retryAttempts: 1,
        maxEventAge: Duration.minutes(10),
      });
      new Rule(this, name, { schedule, description, targets: [target] });
    };
    each('EachMinute', Schedule.rate(Duration.minutes(1)), { check: 'arrival' }, 'Does data arrive?');
    each(
      'EachHour',
      Schedule.cron({ minute: OEE_QUALITY_MINUTE }),
      { check: 'oee-quality' },
      'Can the OEE of the last hour be trusted?',
    );
    this.watched = { functions: [handler], deadLetterQueues: [failures] };
    acknowledgeDataWatch(this, assets);
  }
}
