/**
 * The metrics that Plantbridge's own functions write to Amazon CloudWatch: who writes them and who makes alarms of them agree here.
 * Each has the dimension `Site`; those of {@link GATEWAY_METRICS} have `Gateway` too.
 */
export const METRIC_NAMESPACE = 'Plantbridge';

/** Names of dimensions: a site's id, a gateway's id. */
export const METRIC_DIMENSIONS = { site: 'Site', gateway: 'Gateway' } as const;

/** Written for each gateway whose machines write ticks. */
export const GATEWAY_METRICS = {
  /** 1 where no tick of any of the gateway's machines is recent, else 0. */
  silent: 'GatewaySilent',
  /** Age of the gateway's newest tick in AWS IoT SiteWise, seconds; not written where there is none. */
  tickAge: 'GatewayTickAge',
} as const;

/** Written for the site as a whole. */
export const SITE_METRICS = {
  /** Machines whose newest tick is too old, or that have none. */
  staleMachines: 'StaleMachines',
  /** Machines of whose last full hour too much is unknown. */
  dataGapMachines: 'DataGapMachines',
  /** Machines whose last full hour has a performance above 1: their ideal cycle is wrong. */
  fastMachines: 'FastMachines',
  /** Data streams of the site in AWS IoT SiteWise that belong to no asset: a mistyped alias makes one, silently and charged. */
  unmodeledStreams: 'UnmodeledStreams',
  /** Objects in the dead-letter buckets, 1,000 a bucket at most. */
  deadLetterObjects: 'DeadLetterObjects',
  /** Values that AWS IoT SiteWise refused for the moment, since the account's quota was used up; written by whoever writes values to it. */
  throttledValues: 'ThrottledValues',
} as const;

export type GatewayMetric = (typeof GATEWAY_METRICS)[keyof typeof GATEWAY_METRICS];
export type SiteMetric = (typeof SITE_METRICS)[keyof typeof SITE_METRICS];

/** CloudWatch's unit of each metric. */
export const METRIC_UNITS: Readonly<Record<GatewayMetric | SiteMetric, 'Count' | 'Seconds'>> = {
  GatewaySilent: 'Count',
  GatewayTickAge: 'Seconds',
  StaleMachines: 'Count',
  DataGapMachines: 'Count',
  FastMachines: 'Count',
  UnmodeledStreams: 'Count',
  DeadLetterObjects: 'Count',
  ThrottledValues: 'Count',
};
