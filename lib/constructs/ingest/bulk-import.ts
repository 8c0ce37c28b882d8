import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRule, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BACKLOG_PREFIX, BULK_IMPORT_ENVIRONMENT } from '../../../lambda/bulk-import/contract.ts';
import type { Deployment } from '../../deployment.ts';
import { acknowledgeOwnPolicy } from '../acknowledge.ts';
import { SiteFunction } from '../functions/site-function.ts';
import { DataBucket, type DataFoundation } from '../lake/data-bucket.ts';
import type { LakeDelivery } from '../lake/delivery.ts';
import { acknowledgeBulkImport } from './acknowledgements.ts';

/** What a {@link BulkImport} is made for. */
export interface BulkImportProps {
  readonly deployment: Deployment;
  readonly foundation: DataFoundation;
  readonly delivery: LakeDelivery;
}

const TIMEOUT = Duration.minutes(5);
const MAX_RECEIVE_COUNT = 5;

/**
 * The backlog's way: batches that gateways kept through an outage, as objects, from which `lambda/bulk-import` makes import jobs of SiteWise and rows
 * of the lake. With `residency: aggregates` it is the same way, for ticks alone.
 */
export class BulkImport extends Construct {
  readonly backlog: DataBucket;
  readonly function: IFunction;
  /** Objects that could not be imported; the objects themselves stay. */
  readonly deadLetterQueue: Queue;
  /** By which SiteWise reads files and writes error reports. */
  readonly jobRole: Role;

  constructor(scope: Construct, id: string, props: BulkImportProps) {
    super(scope, id);
    const { deployment, foundation, delivery } = props;
    const { key } = foundation;
    this.backlog = new DataBucket(this, 'Backlog', {
      deployment,
      foundation,
      // Kept for good: as long as nothing imports them, these objects are the only place where their values are.
      lifecycleRules: [],
      notifiesEventBridge: true,
    });
    this.jobRole = this.#jobRole();
    const common = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetters', common);
    const queue = new Queue(this, 'Queue', {
      ...common,
      // Six times the function's timeout, as Lambda advises.
      visibilityTimeout: Duration.minutes(TIMEOUT.toMinutes() * 6),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    const handler = new SiteFunction(this, 'Import', {
      name: 'bulk-import',
      description: 'Batches of a backlog to import jobs of SiteWise and to the lake',
      key,
      environment: {
        [BULK_IMPORT_ENVIRONMENT.backlogBucket]: this.backlog.bucket.bucketName,
        [BULK_IMPORT_ENVIRONMENT.jobRole]: this.jobRole.roleArn,
        [BULK_IMPORT_ENVIRONMENT.deliveryStream]: delivery.stream.deliveryStreamName,
      },
      timeout: TIMEOUT,
    }).function;
    this.backlog.grantGetObjects(handler, BACKLOG_PREFIX.batches);
    this.backlog.grantPutObjects(handler, BACKLOG_PREFIX.imports);
    delivery.grantPut(handler, 'firehose:PutRecordBatch');
    handler.addToRolePolicy(
      // A job has no ARN before it exists.
      new PolicyStatement({ actions: ['iotsitewise:CreateBulkImportJob'], resources: ['*'] }),
    );
    handler.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.jobRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'iotsitewise.amazonaws.com' } },
      }),
    );
    // Many objects of one outage become few jobs.
    handler.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(30),
        reportBatchItemFailures: true,
        maxConcurrency: 2,
      }),
    );
    this.function = handler;
    new Rule(this, 'Arrivals', {
      description: 'Batches of a backlog that arrived',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [this.backlog.bucket.bucketName] },
          object: { key: [{ prefix: BACKLOG_PREFIX.batches }] },
        },
      },
      targets: [queueTarget(queue, this.deadLetterQueue)],
    });
    acknowledgeBulkImport(this);
  }

  #jobRole(): Role {
    const role = new Role(this, 'JobRole', {
      description: 'SiteWise reads files of a bulk import, and writes what it refused',
      assumedBy: new ServicePrincipal('iotsitewise.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.backlog.grantGetObjects(role, BACKLOG_PREFIX.imports);
    this.backlog.grantPutObjects(role, BACKLOG_PREFIX.errorReports);
    role.addToPolicy(
      new PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [this.backlog.bucket.bucketArn] }),
    );
    acknowledgeOwnPolicy(role);
    return role;
  }
}

/** As CDK's own target, but for the key: that would change the Foundation's stack, where the key's policy lets EventBridge use it already. */
function queueTarget(queue: Queue, failed: Queue): IRuleTarget {
  return {
    bind(rule) {
      for (const each of [queue, failed]) {
        each.addToResourcePolicy(
          new PolicyStatement({
            principals: [new ServicePrincipal('events.amazonaws.com')],
            actions: ['sqs:SendMessage'],
            resources: [each.queueArn],
            conditions: { ArnEquals: { 'aws:SourceArn': CfnRule.arnForRule(rule) } },
          }),
        );
      }
      return { arn: queue.queueArn, deadLetterConfig: { arn: failed.queueArn }, targetResource: queue };
    },
  };
}
