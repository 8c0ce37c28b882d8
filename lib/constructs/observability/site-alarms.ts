import type { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { GATEWAY_METRICS, SITE_METRICS, type SiteMetric } from '../../../core/metrics.ts';
import type { Deployment } from '../../deployment.ts';
import { ALARM_KINDS, type AlarmKindId } from './alarm-catalogue.ts';
import { deployedOutpostId } from './outpost.ts';
import { SiteAlarm } from './site-alarm.ts';
import { machinesWithTicks } from './watch-list.ts';
import type { Watched } from './watched.ts';
import * as metrics from './watched-metrics.ts';

/** What {@link SiteAlarms} are made for. */
export interface SiteAlarmsProps {
  readonly deployment: Deployment;
  readonly watched: Required<Watched>;
  readonly topic: ITopic;
}

/** Bytes of a gigabyte of `databaseStorageGigabytes`. */
const GIGABYTE = 1024 ** 3;

/**
 * All alarms of a site: for things that there are, and few. A gateway, a rule, an API, a database and a service have alarms of their own, since
 * somebody goes to just that one; functions, queues and streams share theirs by tens.
 */
export class SiteAlarms extends Construct {
  readonly alarms: SiteAlarm[] = [];
  readonly #props: SiteAlarmsProps;

  constructor(scope: Construct, id: string, props: SiteAlarmsProps) {
    super(scope, id);
    this.#props = props;
    this.#ofArrival();
    this.#ofFunctions();
    this.#ofRules();
    this.#ofDelivery();
    this.#ofApis();
    this.#ofOutpost();
  }

  #ofArrival(): void {
    const { deployment, watched } = this.#props;
    const { site } = deployment;
    const ofSite = (kind: AlarmKindId, metric: SiteMetric) =>
      this.#add(kind, metrics.siteMetric(site.id, metric, ALARM_KINDS[kind].period));
    const machines = machinesWithTicks(deployment);
    const withTicks = new Set(machines.map(({ gatewayId }) => gatewayId));
    for (const { gatewayId } of watched.gateways.filter((gateway) => withTicks.has(gateway.gatewayId))) {
      const { period } = ALARM_KINDS['gateway-silent'];
      const name = site.gateways.find(({ id }) => id === gatewayId)?.name;
      const metric = metrics.gatewayMetric(site.id, gatewayId, GATEWAY_METRICS.silent, period);
      this.#add('gateway-silent', metric, gatewayId, name);
    }
    if (machines.length > 0) {
      ofSite('data-stale', SITE_METRICS.staleMachines);
      ofSite('oee-data-gap', SITE_METRICS.dataGapMachines);
      if (machines.some(({ countsParts }) => countsParts)) ofSite('oee-performance-high', SITE_METRICS.fastMachines);
    }
    ofSite('unmodeled-streams', SITE_METRICS.unmodeledStreams);
    if (watched.deadLetterBuckets.length > 0) ofSite('dead-letter-bucket', SITE_METRICS.deadLetterObjects);
    if (watched.siteWiseWriters.length > 0) ofSite('sitewise-throttles', SITE_METRICS.throttledValues);
  }

  #ofFunctions(): void {
    const { functions, streamConsumers, streams, deadLetterQueues } = this.#props.watched;
    this.#addWorst('function-errors', functions, (each, period) => [each.metricErrors({ period })]);
    this.#addWorst('function-throttles', functions, (each, period) => [each.metricThrottles({ period })]);
    this.#addWorst('iterator-age', streamConsumers, (each, period) => [
      each.metric('IteratorAge', { statistic: 'Maximum', period }),
    ]);
    this.#addWorst('stream-throttles', streams, (each, period) => [
      each.metricWriteProvisionedThroughputExceeded({ statistic: 'Sum', period }),
      each.metricReadProvisionedThroughputExceeded({ statistic: 'Sum', period }),
    ]);
    this.#addWorst('dead-letter-queue', deadLetterQueues, (each, period) => [metrics.queueMetric(each, period)]);
  }

  #ofRules(): void {
    const { topicRules } = this.#props.watched;
    const failures = { 'rule-failures': 'Failure', 'rule-error-action-failures': 'ErrorActionFailure' } as const;
    for (const rule of topicRules) {
      for (const kind of ['rule-failures', 'rule-error-action-failures'] as const)
        this.#add(kind, metrics.ruleActionMetric(rule, failures[kind], ALARM_KINDS[kind].period), rule);
    }
    this.#addWorst('rule-throttles', topicRules, (each, period) => [
      metrics.ruleMetric(each, 'RuleMessageThrottled', period),
    ]);
    this.#addWorst('rule-not-found', topicRules, (each, period) => [metrics.ruleMetric(each, 'RuleNotFound', period)]);
  }

  #ofDelivery(): void {
    const { deliveryStreams } = this.#props.watched;
    this.#addWorst('delivery-late', deliveryStreams, (each, period) => [
      metrics.deliveryMetric(each, 'DeliveryToS3.DataFreshness', period),
    ]);
    this.#addWorst('lake-conversion-failures', deliveryStreams, (each, period) => [
      metrics.deliveryMetric(each, 'FailedConversion.Records', period),
    ]);
  }

  #ofApis(): void {
    for (const [index, api] of this.#props.watched.apis.entries()) {
      const about = index === 0 ? undefined : String(index + 1);
      this.#add('api-errors', metrics.apiMetric(api, '5XXError', ALARM_KINDS['api-errors'].period), about);
      this.#add('api-refusals', metrics.apiRefusalShare(api, ALARM_KINDS['api-refusals'].period), about);
    }
  }

  #ofOutpost(): void {
    const { deployment, watched } = this.#props;
    const { outpost } = deployment.site;
    const outpostId = deployedOutpostId(deployment);
    if (outpost === undefined || outpostId === undefined) return;
    const disconnected = ALARM_KINDS['outpost-disconnected'].period;
    const capacity = ALARM_KINDS['outpost-capacity'].period;
    this.#add('outpost-disconnected', metrics.outpostMetric(outpostId, 'ConnectedStatus', disconnected));
    this.#add(
      'outpost-capacity',
      metrics.outpostMetric(outpostId, 'CapacityExceptions', capacity, outpost.instanceType),
    );
    for (const [index, database] of watched.databases.entries()) {
      const { period, threshold } = ALARM_KINDS['database-storage'];
      const bytes = threshold * outpost.databaseStorageGigabytes * GIGABYTE;
      const about = index === 0 ? undefined : String(index + 1);
      this.#add('database-storage', metrics.databaseFreeBytes(database, period), about, undefined, bytes);
    }
    for (const [index, service] of watched.services.entries()) {
      const about = index === 0 ? undefined : String(index + 1);
      this.#add('hub-tasks', metrics.missingTasks(service, ALARM_KINDS['hub-tasks'].period), about);
    }
  }

  #addWorst<Thing>(
    kind: AlarmKindId,
    things: readonly Thing[],
    metricsOf: (thing: Thing, period: Duration) => IMetric[],
  ): void {
    const { period } = ALARM_KINDS[kind];
    const all = things.flatMap((thing) => metricsOf(thing, period));
    for (const [index, metric] of metrics.worstOf(all, kind, period).entries())
      this.#add(kind, metric, index === 0 ? undefined : String(index + 1));
  }

  #add(kind: AlarmKindId, metric: IMetric, about?: string, aboutName?: string, threshold?: number): void {
    const { deployment, topic } = this.#props;
    const id = about === undefined ? kind : `${kind}-${about}`;
    this.alarms.push(
      new SiteAlarm(this, id, {
        kind,
        metric,
        names: deployment.names,
        topic,
        ...(about !== undefined && { about }),
        ...(aboutName !== undefined && { aboutName }),
        ...(threshold !== undefined && { threshold }),
      }),
    );
  }
}
