import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * Where people read what an alarm means and what to do: a heading for each kind of alarm. A fork puts the address here under which its people
 * read the file, e.g. `https://git.plant.example/plantbridge/blob/main/docs/runbook.md`.
 */
export const RUNBOOK = 'docs/runbook.md';

/** A kind of alarm: what it says, and when. What it watches is in site-alarms.ts. */
export interface AlarmKind {
  /** What is wrong when it is in alarm, in the words of whoever gets the e-mail. */
  readonly description: string;
  readonly threshold: number;
  readonly comparison: 'above' | 'below';
  /** Length of one datapoint. */
  readonly period: Duration;
  /** So many of the last datapoints make an alarm. */
  readonly datapoints: { readonly bad: number; readonly of: number };
  /** What it means that CloudWatch has no datapoint: chosen for each kind, with the reason beside it. */
  readonly missing: TreatMissingData;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
const HOUR = Duration.hours(1);
const ONCE = { bad: 1, of: 1 } as const;

// Metrics of AWS that are only written when something happens: no datapoint is good news.
const NOTHING_HAPPENED = TreatMissingData.NOT_BREACHING;
// Metrics whose writer has an alarm of its own: its silence says nothing about this one.
const NOT_KNOWN = TreatMissingData.IGNORE;
// Metrics that are always written: that they are missing is the fault.
const MUST_BE_THERE = TreatMissingData.BREACHING;

/** All kinds of alarms by id; the id is the anchor of the runbook's heading. */
export const ALARM_KINDS = {
  'gateway-silent': {
    description: 'No minute tick of any machine of this gateway has arrived in the cloud for five minutes.',
    threshold: 0,
    comparison: 'above',
    period: MINUTE,
    datapoints: { bad: 2, of: 3 },
    // The data watch writes it; where that fails, `data-stale` and `function-errors` say so, once.
    missing: NOT_KNOWN,
  },
  'data-stale': {
    description: 'The newest data of some machines is older than five minutes, or nobody looks any more.',
    threshold: 0,
    comparison: 'above',
    period: MINUTE,
    datapoints: { bad: 5, of: 5 },
    // Written each minute by the data watch: that it is missing means that nobody looks.
    missing: MUST_BE_THERE,
  },
  'unmodeled-streams': {
    description: 'Values arrive in AWS IoT SiteWise under names that no asset has: they are charged, and in no figure.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 3, of: 3 },
    missing: NOT_KNOWN,
  },
  'oee-data-gap': {
    description: 'Too much of the last hour of some machines is unknown: their OEE says little.',
    threshold: 0,
    comparison: 'above',
    period: HOUR,
    datapoints: ONCE,
    // Written once an hour by the data watch; between two hours nothing is known yet.
    missing: NOT_KNOWN,
  },
  'oee-performance-high': {
    description:
      'Some machines made parts faster than their ideal cycle allows: the ideal cycle is wrong, and so is their OEE.',
    threshold: 0,
    comparison: 'above',
    period: HOUR,
    datapoints: ONCE,
    missing: NOT_KNOWN,
  },
  'dead-letter-bucket': {
    description: 'Values or messages that could not be stored lie in a dead-letter bucket, each with its reason.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: ONCE,
    missing: NOT_KNOWN,
  },
  'dead-letter-queue': {
    description: 'Messages that could not be delivered or processed lie in a dead-letter queue.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: ONCE,
    // SQS stops writing metrics of a queue that nobody used for six hours: it is empty.
    missing: NOTHING_HAPPENED,
  },
  'iterator-age': {
    description: 'Values wait for more than five minutes in the stream before they are processed.',
    threshold: Duration.minutes(5).toMilliseconds(),
    comparison: 'above',
    period: MINUTE,
    datapoints: { bad: 5, of: 5 },
    missing: NOTHING_HAPPENED,
  },
  'stream-throttles': {
    description: 'The stream takes or hands out fewer records than it is asked to.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 3, of: 3 },
    missing: NOTHING_HAPPENED,
  },
  'function-errors': {
    description: 'A function has failed again and again for a quarter of an hour.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 3, of: 3 },
    missing: NOTHING_HAPPENED,
  },
  'function-throttles': {
    description: "A function could not be started: the account's concurrency is used up.",
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 3, of: 3 },
    missing: NOTHING_HAPPENED,
  },
  'delivery-late': {
    description: 'Rows have been waiting for the lake for more than half an hour.',
    threshold: Duration.minutes(30).toSeconds(),
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 3, of: 3 },
    missing: NOTHING_HAPPENED,
  },
  'lake-conversion-failures': {
    description: "Rows do not fit the lake's table and lie aside, as they came.",
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: ONCE,
    missing: NOTHING_HAPPENED,
  },
  'rule-failures': {
    description: 'An IoT rule could not hand messages on; its error action keeps them.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 2, of: 3 },
    missing: NOTHING_HAPPENED,
  },
  'rule-error-action-failures': {
    description: 'An IoT rule could neither hand messages on nor keep them: data is lost.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: ONCE,
    missing: NOTHING_HAPPENED,
  },
  'rule-throttles': {
    description: 'The rules engine discards messages: more come than the account may send.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: ONCE,
    missing: NOTHING_HAPPENED,
  },
  'rule-not-found': {
    description: 'A gateway sends to an IoT rule that is not there: what it sends is discarded.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: ONCE,
    missing: NOTHING_HAPPENED,
  },
  'sitewise-throttles': {
    description: "AWS IoT SiteWise takes fewer values than come: the account's quota is used up.",
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 3, of: 3 },
    missing: NOTHING_HAPPENED,
  },
  'api-errors': {
    description: 'The MES API answers requests with an error of its own (5xx).',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 2, of: 3 },
    missing: NOTHING_HAPPENED,
  },
  'api-refusals': {
    description: 'The MES API refuses more than a fifth of the requests (4xx), throttled ones (429) among them.',
    threshold: 0.2,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: { bad: 3, of: 3 },
    missing: NOTHING_HAPPENED,
  },
  'outpost-disconnected': {
    description:
      'The Outpost has no full connection to its Region: the factory runs on, but cannot be changed or seen from here.',
    threshold: 1,
    comparison: 'below',
    period: MINUTE,
    datapoints: { bad: 3, of: 5 },
    // Written each minute: an Outpost of which nothing is heard is not connected.
    missing: MUST_BE_THERE,
  },
  'outpost-capacity': {
    description: 'The Outpost had no room for an instance that was asked for.',
    threshold: 0,
    comparison: 'above',
    period: FIVE_MINUTES,
    datapoints: ONCE,
    missing: NOTHING_HAPPENED,
  },
  'database-storage': {
    description: "The historian's disk is almost full.",
    // Of databaseStorageGigabytes in the site file.
    threshold: 0.1,
    comparison: 'below',
    period: FIVE_MINUTES,
    datapoints: { bad: 3, of: 3 },
    // With the service link down nothing is heard; the disk is as full as it was.
    missing: NOT_KNOWN,
  },
  'hub-tasks': {
    description: 'A service of the hub on the Outpost runs fewer tasks than it should.',
    threshold: 0,
    comparison: 'below',
    period: MINUTE,
    datapoints: { bad: 5, of: 5 },
    missing: NOT_KNOWN,
  },
} as const satisfies Readonly<Record<string, AlarmKind>>;

export type AlarmKindId = keyof typeof ALARM_KINDS;

/** The ids of all kinds, in the runbook's order. */
export const ALARM_KIND_IDS = Object.keys(ALARM_KINDS) as AlarmKindId[];

/** Where the runbook explains a kind. */
export function runbookLink(kind: AlarmKindId): string {
  return `${RUNBOOK}#${kind}`;
}

/** CloudWatch's operator of a kind. */
export function operatorOf({ comparison }: AlarmKind): ComparisonOperator {
  return comparison === 'above' ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD;
}
