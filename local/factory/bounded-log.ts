import { copyFileSync, rmSync, statSync, truncateSync } from 'node:fs';

/** What one process' log may take, twice: the log itself and the one before it. */
export const MAX_LOG_BYTES = 5 * 1024 * 1024;

/**
 * Keeps a log within bounds while its process goes on writing to it: what has come together becomes `<log>.1`, and the file itself begins
 * anew. (It is emptied, not renamed: the process holds it open, and appends.) What is written in between the two steps is lost.
 * @param maxBytes @default {@link MAX_LOG_BYTES}
 */
export function boundLog(file: string, maxBytes = MAX_LOG_BYTES): void {
  const before = `${file}.1`;
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= maxBytes) return;
    try {
      copyFileSync(file, before);
    } catch {
      // A full disk: half a copy helps nobody, its room does.
      rmSync(before, { force: true });
    }
    truncateSync(file);
  } catch {
    // Tried again at the next look: a log must not end the factory.
  }
}
