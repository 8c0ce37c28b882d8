import { Stack, type StackProps } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AccessLogBucket } from '../constructs/foundation/access-log-bucket.ts';
import { AlarmTopic } from '../constructs/foundation/alarm-topic.ts';
import { ApiGatewayLogging } from '../constructs/foundation/api-gateway-logging.ts';
import { PhaseGuard } from '../constructs/foundation/phase-guard.ts';
import { SiteEventBus } from '../constructs/foundation/site-event-bus.ts';
import { SiteKey } from '../constructs/foundation/site-key.ts';
import { SitewiseSettings } from '../constructs/foundation/sitewise-settings.ts';
import type { Watched } from '../constructs/observability/watched.ts';
import type { Deployment } from '../deployment.ts';

/** What the foundation is made for. */
export interface FoundationStackProps extends StackProps {
  readonly deployment: Deployment;
}

/**
 * What everything else of a site stands on: its key, the bucket for access logs, the alarm topic and the event bus. It also
 * guards the site's phase, so each other stack must be deployed after it.
 */
export class FoundationStack extends Stack {
  /** Encrypts the site's data at rest; rotated each year. */
  readonly key: Key;
  /** Takes the access logs of the site's other buckets. */
  readonly accessLogs: Bucket;
  /** Where alarms go. */
  readonly alarmTopic: Topic;
  /** The site's events: order progress, OEE per shift, machine faults, quality alarms. */
  readonly eventBus: EventBus;
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: FoundationStackProps) {
    super(scope, id, props);
    const { deployment } = props;
    const siteKey = new SiteKey(this, 'SiteKey', { deployment });
    const { key } = siteKey;
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { deployment });
    const alarms = new AlarmTopic(this, 'Alarms', { deployment, key });
    const events = new SiteEventBus(this, 'Events', { deployment, key });
    const { aws } = deployment.site;
    const settings = aws?.sitewise.manageAccountSettings ? new SitewiseSettings(this, 'Sitewise', { key }) : undefined;
    const logging = aws?.apiGateway.manageAccountSettings ? new ApiGatewayLogging(this, 'ApiGateway') : undefined;
    const guard = new PhaseGuard(this, 'PhaseGuard', { deployment, key });
    for (const before of [siteKey, accessLogs, alarms, events, settings, logging])
      if (before !== undefined) guard.phase.node.addDependency(before);
    this.key = key;
    this.accessLogs = accessLogs.bucket;
    this.alarmTopic = alarms.topic;
    this.eventBus = events.bus;
    this.watched = {
      functions: [guard.function, ...(settings === undefined ? [] : [settings.function])],
      deadLetterQueues: [events.deadLetters],
    };
  }
}
