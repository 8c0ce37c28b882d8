import {
  type GatewayMetric,
  METRIC_DIMENSIONS,
  METRIC_NAMESPACE,
  METRIC_UNITS,
  type SiteMetric,
} from '../../core/metrics.ts';

/** Values of a site's or, with `gatewayId`, a gateway's metrics at one time. */
export interface MetricValues {
  readonly siteId: string;
  readonly gatewayId?: string;
  readonly timeMs: number;
  readonly values: Readonly<Partial<Record<GatewayMetric | SiteMetric, number>>>;
}

/**
 * A line of a function's log that CloudWatch takes as metrics (embedded metric format): no call, no permission, no waiting.
 * It must reach standard output as it is, as a line of its own.
 */
export function metricRecord({ siteId, gatewayId, timeMs, values }: MetricValues): string {
  const names = Object.keys(values) as (GatewayMetric | SiteMetric)[];
  const dimensions = {
    [METRIC_DIMENSIONS.site]: siteId,
    ...(gatewayId !== undefined && { [METRIC_DIMENSIONS.gateway]: gatewayId }),
  };
  return JSON.stringify({
    _aws: {
      Timestamp: timeMs,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: names.map((name) => ({ Name: name, Unit: METRIC_UNITS[name] })),
        },
      ],
    },
    ...dimensions,
    ...values,
  });
}
