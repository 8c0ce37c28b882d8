import { Duration } from 'aws-cdk-lib';
import { type EventBus, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { eventSource, SITE_EVENT_TYPES } from '../../../core/mes/events.ts';
import type { Deployment } from '../../deployment.ts';
import { acknowledgeDeadLetters } from './acknowledgements.ts';
import { erpEndpoint } from './erp-endpoint.ts';
import { erpQueue } from './erp-queue.ts';

/** How long EventBridge tries to deliver an event, and how often: the most that it offers. */
export const DELIVERY_RETRIES = { maxEventAge: Duration.hours(24), retryAttempts: 185 } as const;

/** What an {@link ErpDelivery} is made of. */
export interface ErpDeliveryProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  /** The site's events. */
  readonly eventBus: EventBus;
  /** Where they are sent. */
  readonly erp: NonNullable<Deployment['site']['mes']['erp']>;
}

/** What an ERP target is made with. */
export interface ErpTargetProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  /** Where an event goes that could not be delivered. */
  readonly failed: Queue;
}

/**
 * Sends the site's events to the ERP, at least once: for a day, and then into a queue, from which they can be sent again. Each
 * event carries an id, by which the ERP knows what it has already.
 */
export class ErpDelivery extends Construct {
  /** Queues in which nothing should ever lie. */
  readonly deadLetterQueues: readonly Queue[];

  constructor(scope: Construct, id: string, { deployment, key, eventBus, erp }: ErpDeliveryProps) {
    super(scope, id);
    const failed = new Queue(this, 'Failed', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledgeDeadLetters(failed);
    const props: ErpTargetProps = { deployment, key, failed };
    const targets: { readonly target: IRuleTarget; readonly deadLetters: readonly Queue[] } =
      erp.target === 'queue' ? erpQueue(this, props) : { target: erpEndpoint(this, props, erp), deadLetters: [] };
    new Rule(this, 'Rule', {
      description: `Events of ${deployment.site.id} for the ERP`,
      eventBus,
      // By name: an event that is added later is sent only when somebody decided so.
      eventPattern: { source: [eventSource(deployment.site.id)], detailType: [...SITE_EVENT_TYPES] },
      targets: [targets.target],
    });
    this.deadLetterQueues = [failed, ...targets.deadLetters];
  }
}
