import type { Historian } from '../historian/historian.ts';
import type { PoisonBatch } from '../historian/poison.ts';

/** The part of the historian that ingest needs. */
export interface IngestStore extends Pick<Historian, 'commit' | 'cursors'> {
  /** Stores why a batch can never be stored, and moves the cursor past it, in one transaction. */
  setAside(gateway: string, poison: PoisonBatch): Promise<void>;
}
