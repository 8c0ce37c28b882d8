import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { type Sleep, untilDone } from './retry.ts';

/** Limits of PutRecordBatch: 500 records and 4 MiB a request. */
const RECORDS_A_REQUEST = 500;
const BYTES_A_REQUEST = 4 * 1024 * 1024;

/** Writes to the lake's Firehose stream. */
export class Lake {
  readonly #client: FirehoseClient;
  readonly #deliveryStream: string;
  readonly #sleep: Sleep;

  constructor(client: FirehoseClient, deliveryStream: string, sleep: Sleep) {
    this.#client = client;
    this.#deliveryStream = deliveryStream;
    this.#sleep = sleep;
  }

  /**
   * Stores records, again those that Firehose refused: a request may succeed in part.
   * @throws Error where some are still refused, or the request failed; then some may be stored twice, and the lake's view shows them once.
   */
  async put(records: readonly Buffer[]): Promise<void> {
    for (const request of requestsOf(records)) {
      await untilDone(request, (left) => this.#attempt(left), { what: 'records for the lake', sleep: this.#sleep });
    }
  }

  async #attempt(records: readonly Buffer[]): Promise<readonly Buffer[]> {
    const { FailedPutCount, RequestResponses } = await this.#client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: this.#deliveryStream,
        Records: records.map((Data) => ({ Data })),
      }),
    );
    if (FailedPutCount === 0) return [];
    return records.filter((_, index) => RequestResponses?.[index]?.ErrorCode !== undefined);
  }
}

function requestsOf(records: readonly Buffer[]): Buffer[][] {
  const requests: Buffer[][] = [];
  let bytes = 0;
  for (const record of records) {
    const last = requests.at(-1);
    if (last === undefined || last.length === RECORDS_A_REQUEST || bytes + record.length > BYTES_A_REQUEST) {
      requests.push([record]);
      bytes = record.length;
    } else {
      last.push(record);
      bytes += record.length;
    }
  }
  return requests;
}
