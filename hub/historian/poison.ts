import type { Queries } from './database.ts';

/** A batch that fails validation or that the database refuses, and always would. */
export interface PoisonBatch {
  readonly outbox: string;
  readonly sequence: number;
  /** A sentence for the person who looks into it. */
  readonly reason: string;
  /** The message as it came, as far as it is text. */
  readonly content: string;
}

/** PostgreSQL's text cannot hold NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u2400');
}

export async function setAside(queries: Queries, gateway: string, poison: PoisonBatch, nowMs: number): Promise<void> {
  await queries.query(
    `INSERT INTO poison_batch (set_aside_ms, gateway, outbox, sequence, reason, content) VALUES ($1, $2, $3, $4, $5, $6)`,
    [nowMs, gateway, poison.outbox, poison.sequence, storable(poison.reason), storable(poison.content)],
  );
}
