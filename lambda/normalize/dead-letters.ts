import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type DeadLetter, NORMALIZE_DEAD_LETTER_PREFIX } from './contract.ts';
import { utcDay } from './rows.ts';

/** The bucket for what cannot be stored: nothing is dropped in silence. */
export class DeadLetters {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Keeps a letter. Its key is its record's, so that a record that comes again overwrites its own letter. @throws the request's error. */
  async put(letter: DeadLetter): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: deadLetterKey(letter),
        Body: JSON.stringify(letter),
        ContentType: 'application/json',
      }),
    );
  }
}

/** `normalize/2026-03-29/<gateway>/<sequence number>.json` */
export function deadLetterKey({ atMs, gateway, sequenceNumber }: DeadLetter): string {
  return `${NORMALIZE_DEAD_LETTER_PREFIX}${utcDay(atMs)}/${gateway}/${sequenceNumber}.json`;
}
