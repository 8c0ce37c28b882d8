import {
  type BatchPutAssetPropertyErrorEntry,
  BatchPutAssetPropertyValueCommand,
  type IoTSiteWiseClient,
  type PutAssetPropertyValueEntry,
} from '@aws-sdk/client-iotsitewise';
import type { DeadValue } from './contract.ts';
import { type Sleep, untilDone } from './retry.ts';
import { ENTRIES_A_REQUEST } from './sitewise-entries.ts';

/** Errors of an entry that pass by themselves; all others stay what they are, however often one asks. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'ConflictingOperationException',
  'InternalFailureException',
  'LimitExceededException',
  'ServiceUnavailableException',
  'ThrottlingException',
]);

/** Writes values to AWS IoT SiteWise. */
export class SiteWise {
  readonly #client: IoTSiteWiseClient;
  readonly #sleep: Sleep;
  readonly #onThrottled: (values: number) => void;

  /** @param onThrottled told how many values were refused for the moment, since the account's quota was used up. @default nobody is */
  constructor(client: IoTSiteWiseClient, sleep: Sleep, onThrottled: (values: number) => void = () => undefined) {
    this.#client = client;
    this.#sleep = sleep;
    this.#onThrottled = onThrottled;
  }

  /**
   * Puts entries, ten a request; what was put twice overwrites itself (same path, time and quality).
   * @returns the values that SiteWise refuses for good, e.g. those older than 7 days.
   * @throws Error where errors that should pass do not, or a request as a whole failed.
   */
  async put(entries: readonly PutAssetPropertyValueEntry[]): Promise<DeadValue[]> {
    const refused: DeadValue[] = [];
    for (let index = 0; index < entries.length; index += ENTRIES_A_REQUEST) {
      await untilDone(
        entries.slice(index, index + ENTRIES_A_REQUEST),
        async (left) => {
          const { errorEntries } = await this.#client.send(
            new BatchPutAssetPropertyValueCommand({ entries: [...left] }),
          );
          return left.filter((entry) => {
            const failed = errorEntries?.find(({ entryId }) => entryId === entry.entryId);
            if (failed === undefined) return false;
            if (failed.errors?.some(({ errorCode }) => errorCode === 'ThrottlingException') === true)
              this.#onThrottled(entry.propertyValues?.length ?? 0);
            refused.push(...refusedValues(entry, failed));
            return hasPassingError(failed);
          });
        },
        { what: 'entries for SiteWise', sleep: this.#sleep },
      );
    }
    return refused;
  }
}

function hasPassingError({ errors }: BatchPutAssetPropertyErrorEntry): boolean {
  return errors?.some(({ errorCode }) => PASSING_ERRORS.has(errorCode ?? '')) ?? false;
}

/** The values that an entry's lasting errors are about: those with the named times, or all where an error names none. */
function refusedValues(entry: PutAssetPropertyValueEntry, failed: BatchPutAssetPropertyErrorEntry): DeadValue[] {
  // An entry that is sent again as a whole names its lasting errors again: they count once, at its last attempt.
  if (hasPassingError(failed)) return [];
  return (entry.propertyValues ?? []).flatMap(({ timestamp, quality, value }) => {
    const ts = Number(timestamp?.timeInSeconds) * 1000 + (timestamp?.offsetInNanos ?? 0) / 1_000_000;
    const error = failed.errors?.find(
      ({ timestamps }) =>
        timestamps === undefined ||
        timestamps.length === 0 ||
        timestamps.some(
          (at) =>
            at.timeInSeconds === timestamp?.timeInSeconds &&
            (at.offsetInNanos ?? 0) === (timestamp?.offsetInNanos ?? 0),
        ),
    );
    if (error === undefined) return [];
    return [
      {
        path: (entry.propertyAlias ?? '').slice(1),
        ts,
        reason: `${error.errorCode}: ${error.errorMessage}`,
        ...(quality !== undefined && { quality }),
        value: value?.doubleValue ?? value?.integerValue ?? value?.stringValue ?? value?.booleanValue ?? null,
      },
    ];
  });
}
