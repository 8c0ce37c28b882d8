import type { BatchMessage } from '../../core/telemetry/message.ts';
import type { PoisonBatch } from '../historian/poison.ts';
import type { Incoming } from './gateway-stream.ts';

/** How much of a refused message is kept for a person to look at. */
const MAX_CONTENT = 100_000;

export function valuesOf(batch: BatchMessage): number {
  let values = 0;
  for (const { signals } of batch.machines) for (const { t } of Object.values(signals)) values += t.length;
  return values;
}

/** A message that failed validation, if its place in the order can be read at all. */
export function poisonOf(payload: Buffer, reason: string): Incoming | undefined {
  let message: unknown;
  try {
    message = JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null || !('outbox' in message) || !('sequence' in message)) {
    return undefined;
  }
  const { outbox, sequence } = message;
  if (typeof outbox !== 'string' || outbox === '' || !Number.isSafeInteger(sequence) || Number(sequence) < 1) {
    return undefined;
  }
  return unreadablePoison(outbox, Number(sequence), reason, payload);
}

/** A message at a known place that cannot be used. */
export function unreadablePoison(outbox: string, sequence: number, reason: string, payload: Buffer): Incoming {
  const poison: PoisonBatch = { outbox, sequence, reason, content: payload.subarray(0, MAX_CONTENT).toString() };
  return { sequence, values: 0, poison };
}
