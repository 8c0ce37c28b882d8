/**
 * What the deployment hands to `lambda/bulk-import`, and how the backlog's bucket is laid out. Unlike those of the live way, states of a backlog are in
 * its batches alone: the rule for states takes each as it happens.
 */

/** Names of its environment variables. */
export const BULK_IMPORT_ENVIRONMENT = {
  /** Name of the bucket with the backlog. */
  backlogBucket: 'BACKLOG_BUCKET',
  /** ARN of the role by which SiteWise reads files and writes its error reports. */
  jobRole: 'BULK_IMPORT_ROLE_ARN',
  /** Name of the Firehose stream into the lake. */
  deliveryStream: 'LAKE_DELIVERY_STREAM',
} as const;

/** Prefixes in the backlog's bucket. */
export const BACKLOG_PREFIX = {
  /** Batches as the gateways sent them: `batches/<gateway>/<yyyy-MM-dd>/<arrival, ms>-<uuid>.json`. */
  batches: 'batches/',
  /** Files in the form that SiteWise imports. */
  imports: 'imports/',
  /** What SiteWise says of rows that it refused. */
  errorReports: 'error-reports/',
} as const;
