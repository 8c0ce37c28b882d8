import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type GatewayMetric, METRIC_DIMENSIONS, METRIC_NAMESPACE, type SiteMetric } from '../../../core/metrics.ts';
import type { Watched, WatchedService } from './watched.ts';

/** An API that is watched. */
type WatchedApi = Required<Watched>['apis'][number];

/** The metrics of what is watched, for alarms and dashboards alike. */

/** Metrics that one metric math alarm may read. */
const METRICS_AN_ALARM = 10;

/** A metric that Plantbridge's own functions write for a site. */
export function siteMetric(siteId: string, metricName: SiteMetric, period: Duration): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { [METRIC_DIMENSIONS.site]: siteId },
    statistic: Stats.MAXIMUM,
    period,
  });
}

/** A metric that Plantbridge's own functions write for a gateway. */
export function gatewayMetric(siteId: string, gatewayId: string, metricName: GatewayMetric, period: Duration): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { [METRIC_DIMENSIONS.site]: siteId, [METRIC_DIMENSIONS.gateway]: gatewayId },
    statistic: Stats.MAXIMUM,
    period,
  });
}

/** Metrics of an IoT rule that carry its name alone. */
export type RuleMetric = 'RuleMessageThrottled' | 'RuleNotFound' | 'ParseError' | 'TopicMatch';

/** A metric of an IoT rule. */
export function ruleMetric(ruleName: string, metricName: RuleMetric, period: Duration): Metric {
  return new Metric({
    namespace: 'AWS/IoT',
    metricName,
    dimensionsMap: { RuleName: ruleName },
    statistic: Stats.SUM,
    period,
  });
}

/**
 * Actions of an IoT rule that failed. Its metrics have the action's type as a second dimension, whose values AWS documents nowhere: so they are
 * asked for by the rule's name alone, with all types summed up.
 */
export function ruleActionMetric(
  ruleName: string,
  metricName: 'Failure' | 'ErrorActionFailure',
  period: Duration,
): IMetric {
  return new MathExpression({
    expression: `SELECT SUM(${metricName}) FROM SCHEMA("AWS/IoT", ActionType, RuleName) WHERE RuleName = '${ruleName}'`,
    label: `${ruleName} ${metricName}`,
    period,
  });
}

/** Messages that lie in a queue. */
export function queueMetric(queue: IQueue, period: Duration): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period });
}

/** A metric of a Firehose stream. */
export function deliveryMetric(
  deliveryStream: string,
  metricName: 'DeliveryToS3.DataFreshness' | 'DeliveryToS3.Records' | 'FailedConversion.Records',
  period: Duration,
): Metric {
  return new Metric({
    namespace: 'AWS/Firehose',
    metricName,
    dimensionsMap: { DeliveryStreamName: deliveryStream },
    statistic: metricName === 'DeliveryToS3.DataFreshness' ? Stats.MAXIMUM : Stats.SUM,
    period,
  });
}

/** A metric of an API over all its stages. */
export function apiMetric(
  api: WatchedApi,
  metricName: '5XXError' | '4XXError' | 'Count' | 'Latency',
  period: Duration,
): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: api.restApiName },
    statistic: metricName === 'Latency' ? 'p99' : Stats.SUM,
    period,
  });
}

/** Refused requests as a share of all, 0 to 1; none where there were so few that one would be many. */
export function apiRefusalShare(api: WatchedApi, period: Duration): IMetric {
  return new MathExpression({
    expression: 'IF(requests >= 20, refused / requests, 0)',
    usingMetrics: { requests: apiMetric(api, 'Count', period), refused: apiMetric(api, '4XXError', period) },
    label: 'Refused share of requests',
    period,
  });
}

/** A metric of an Outpost. */
export function outpostMetric(
  outpostId: string,
  metricName: 'ConnectedStatus' | 'CapacityExceptions' | 'InstanceTypeCapacityAvailability',
  period: Duration,
  instanceType?: string,
): Metric {
  return new Metric({
    namespace: 'AWS/Outposts',
    metricName,
    dimensionsMap: { OutpostId: outpostId, ...(instanceType !== undefined && { InstanceType: instanceType }) },
    statistic: metricName === 'CapacityExceptions' ? Stats.SUM : Stats.AVERAGE,
    period,
  });
}

/** Free bytes on the disk of an RDS instance. */
export function databaseFreeBytes(instanceIdentifier: string, period: Duration): Metric {
  return new Metric({
    namespace: 'AWS/RDS',
    metricName: 'FreeStorageSpace',
    dimensionsMap: { DBInstanceIdentifier: instanceIdentifier },
    statistic: Stats.MINIMUM,
    period,
  });
}

/**
 * Running less desired tasks of a service, by Container Insights: 0 is as it should be.
 * @param number Tells services apart that stand in one graph. @default 1
 */
export function missingTasks({ clusterName, serviceName }: WatchedService, period: Duration, number = 1): IMetric {
  const metric = (metricName: string) =>
    new Metric({
      namespace: 'ECS/ContainerInsights',
      metricName,
      dimensionsMap: { ClusterName: clusterName, ServiceName: serviceName },
      statistic: Stats.AVERAGE,
      period,
    });
  return new MathExpression({
    expression: `running${number} - desired${number}`,
    usingMetrics: {
      [`running${number}`]: metric('RunningTaskCount'),
      [`desired${number}`]: metric('DesiredTaskCount'),
    },
    label: 'Running less desired tasks',
    period,
  });
}

/**
 * The worst of several metrics, as few series as alarms can take: one for ten. So a hundred functions make ten alarms, not a hundred; which
 * one it is, the dashboard shows.
 */
export function worstOf(metrics: readonly IMetric[], label: string, period: Duration): IMetric[] {
  const groups = Array.from({ length: Math.ceil(metrics.length / METRICS_AN_ALARM) }, (_, index) =>
    metrics.slice(index * METRICS_AN_ALARM, (index + 1) * METRICS_AN_ALARM),
  );
  return groups.map((group) => {
    const [only] = group;
    if (only !== undefined && group.length === 1) return only;
    const usingMetrics = Object.fromEntries(group.map((metric, index) => [`m${index}`, metric]));
    return new MathExpression({ expression: 'MAX(METRICS())', usingMetrics, label, period });
  });
}
