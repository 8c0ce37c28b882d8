/** What the construct and the function `data-watch` agree on. */

/** Names of environment variables. */
export const ENVIRONMENT = {
  /** Names of the dead-letter buckets, separated by commas; empty where there is none: `-`. */
  deadLetterBuckets: 'DEAD_LETTER_BUCKETS',
} as const;

/** Stands in {@link ENVIRONMENT}.deadLetterBuckets for "none": an empty variable is taken for a forgotten one. */
export const NO_BUCKETS = '-';

/** The file beside the program that says what is watched, see {@link WatchList}. */
export const WATCH_LIST_FILE = 'watch-list.json';

/** What is watched: from the site file, at synthesis. */
export interface WatchList {
  readonly siteId: string;
  /** Machines that write ticks. */
  readonly machines: readonly WatchedMachine[];
  /** Share of unknown time in an hour from which a machine has a data gap, 0 to 1. */
  readonly dataGapShare: number;
}

/** A machine that writes ticks. */
export interface WatchedMachine {
  /** `<site>/<line>/<machine>` */
  readonly path: string;
  readonly gatewayId: string;
  /** Whether its ticks have parts, so that it has a performance. */
  readonly countsParts: boolean;
}

/** The function's input: which of its two checks to do. */
export interface DataWatchEvent {
  /** `arrival`: do ticks arrive, is anything in the wrong place; `oee-quality`: can the last full hour's OEE be trusted. */
  readonly check: 'arrival' | 'oee-quality';
}

/**
 * Age from which a machine's newest tick is too old, seconds. Ticks come each minute, some seconds late; what a gateway sends again after
 * a short interruption is still in time.
 */
export const STALE_AFTER_SECONDS = 300;

/**
 * How far above 1 the performance of an hour may be: a part that was begun in the hour before counts as a whole, which with long
 * cycles is some per cent.
 */
export const PERFORMANCE_TOLERANCE = 0.05;
