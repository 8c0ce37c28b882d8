import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from '../../deployment.ts';
import { acknowledgeBusDeadLetters } from './acknowledgements.ts';

/** What a {@link SiteEventBus} is made of. */
export interface SiteEventBusProps {
  readonly deployment: Deployment;
  readonly key: IKey;
}

/**
 * The site's events: order progress, OEE per shift, machine faults, quality alarms (core/mes/events.ts). Encrypted with the
 * site's key. It has no resource policy, so no other account puts events on it.
 *
 * It has no archive: the hub sends each event until it is taken, rules try for a day and then keep what failed in their queue,
 * and whoever wants the past asks the lake. A second store of the same would only be one more to protect.
 */
export class SiteEventBus extends Construct {
  readonly bus: EventBus;
  /** Events that could not be encrypted or decrypted. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { deployment, key }: SiteEventBusProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      // What fails for want of the site's key lands here, so it must not need that key.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.bus = new EventBus(this, 'Bus', {
      description: `Events of the Plantbridge site ${deployment.site.id}`,
      kmsKey: key,
      deadLetterQueue: this.deadLetters,
    });
    this.deadLetters.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DeadLettersOfTheBus',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.bus.eventBusArn } },
      }),
    );
    acknowledgeBusDeadLetters(this.deadLetters);
  }
}
