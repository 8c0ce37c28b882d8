import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { CfnRule, type IRuleTarget } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { DELIVERY_RETRIES, type ErpTargetProps } from './erp-delivery.ts';

/** How often the ERP may fail at a message before it is set aside. */
const MOST_RECEIVES = 5;

/**
 * A queue from which the ERP fetches the site's events, and what it failed at five times. The policy `ErpConsumer` is for the
 * role or user of the ERP: it may fetch and delete, and nothing else.
 */
export function erpQueue(
  scope: Construct,
  { deployment, key, failed }: ErpTargetProps,
): { readonly target: IRuleTarget; readonly deadLetters: readonly Queue[] } {
  const common = {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: key,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  } as const;
  const unread = new Queue(scope, 'Unread', common);
  const queue = new Queue(scope, 'Queue', {
    ...common,
    visibilityTimeout: Duration.minutes(5),
    deadLetterQueue: { queue: unread, maxReceiveCount: MOST_RECEIVES },
  });
  const consumer = new ManagedPolicy(scope, 'Consumer', {
    description: `For the ERP: fetch the events of ${deployment.names.prefix}`,
    statements: [
      new PolicyStatement({
        actions: [
          'sqs:ChangeMessageVisibility',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:GetQueueUrl',
          'sqs:ReceiveMessage',
        ],
        resources: [queue.queueArn],
      }),
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `sqs.${Stack.of(scope).region}.amazonaws.com` } },
      }),
    ],
  });
  new CfnOutput(scope, 'ErpQueueUrl', { description: 'The queue of the ERP', value: queue.queueUrl }).overrideLogicalId(
    'ErpQueueUrl',
  );
  new CfnOutput(scope, 'ErpConsumer', {
    description: 'The policy to attach to the role of the ERP',
    value: consumer.managedPolicyArn,
  }).overrideLogicalId('ErpConsumer');
  return { target: queueTarget(queue, failed), deadLetters: [unread] };
}

/**
 * As CDK's own target, but for the key: that would let EventBridge use it by a change of the Foundation's stack, where the key
 * policy says so already.
 */
function queueTarget(queue: Queue, failed: Queue): IRuleTarget {
  return {
    bind: (rule) => {
      for (const each of [queue, failed]) {
        each.addToResourcePolicy(
          new PolicyStatement({
            sid: 'EventsOfTheSite',
            principals: [new ServicePrincipal('events.amazonaws.com')],
            actions: ['sqs:SendMessage'],
            resources: [each.queueArn],
            conditions: { ArnEquals: { 'aws:SourceArn': CfnRule.arnForRule(rule) } },
          }),
        );
      }
      return {
        arn: queue.queueArn,
        deadLetterConfig: { arn: failed.queueArn },
        retryPolicy: {
          maximumEventAgeInSeconds: DELIVERY_RETRIES.maxEventAge.toSeconds(),
          maximumRetryAttempts: DELIVERY_RETRIES.retryAttempts,
        },
        targetResource: queue,
      };
    },
  };
}
