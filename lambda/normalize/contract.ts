import type { DataType } from '../../core/telemetry/types.ts';

/** What the deployment hands to `lambda/normalize`, and how it names what it leaves behind. */

/** Names of its environment variables. */
export const NORMALIZE_ENVIRONMENT = {
  /** Name of the Firehose stream into the lake. */
  deliveryStream: 'LAKE_DELIVERY_STREAM',
  /** Name of the bucket for what cannot be stored. */
  deadLetterBucket: 'DEAD_LETTER_BUCKET',
  /** Path of the file that says what goes to SiteWise, a {@link SiteWiseSelection} as JSON. */
  siteWiseSelection: 'SITEWISE_SELECTION_FILE',
  /** The site's id, for its metrics. */
  siteId: 'SITE_ID',
  /** `full` or `aggregates`, see the site file's `residency`. */
  residency: 'RESIDENCY',
} as const;

/** The selection lies beside the function's program: thousands of paths are more than an environment (4 KB) takes. */
export const SELECTION_FILE = 'sitewise-selection.json';

/** Keys of what the function writes to the dead-letter bucket begin with this. */
export const NORMALIZE_DEAD_LETTER_PREFIX = 'normalize/';

/** Which signals go to AWS IoT SiteWise, and which gateway reads which machine. Everything of these machines goes to the lake. */
export interface SiteWiseSelection {
  /** Asset model id -> signal id -> the property's data type. */
  readonly signalsOfModel: Readonly<Record<string, Readonly<Record<string, DataType>>>>;
  /** Machine path `<site>/<line>/<machine>` -> what is known of it; values of others are not stored. */
  readonly machines: Readonly<Record<string, SelectedMachine>>;
}

/** A machine that a connector reads. */
export interface SelectedMachine {
  readonly model: string;
  /** The gateway that reads it, by its IoT thing: nobody else's values of it are stored. */
  readonly gateway: string;
  /** Its sensors that are marked `sitewise: true`, with their data types. */
  readonly sensors?: Readonly<Record<string, DataType>>;
}

/** A row of the lake: one value at one time. The table's columns are named as the fields are. */
export interface LakeRow {
  /** `<site>/<line>/<machine>/<signal>` */
  readonly path: string;
  /** Event time, ms since 1970. */
  readonly ts: number;
  /** The event's day in UTC, `2026-03-29`: the partition. */
  readonly dt: string;
  readonly quality: string;
  /** A number, or 1 and 0 for true and false. */
  readonly value_double: number | null;
  readonly value_string: string | null;
  /** When the cloud got it, ms since 1970; of two rows with the same path and time the newest counts. */
  readonly ingested_at: number;
}

/** Something that could not be stored, and why: one JSON object in the dead-letter bucket. */
export interface DeadLetter {
  readonly reason: string;
  /** When it was given up, ms since 1970. */
  readonly atMs: number;
  /** The gateway that sent it (its IoT thing). */
  readonly gateway: string;
  /** Sequence number in the Kinesis stream. */
  readonly sequenceNumber: string;
  /** The message as it came, base64; where it could not be read at all. */
  readonly payloadBase64?: string;
  /** Single values of a message that was stored otherwise. */
  readonly values?: readonly DeadValue[];
}

/** A value that was refused. */
export interface DeadValue {
  readonly path: string;
  /** Event time, ms since 1970. */
  readonly ts: number;
  readonly reason: string;
  readonly quality?: string;
  /** Left out where the value may not leave its site. */
  readonly value?: number | string | boolean | null;
}
