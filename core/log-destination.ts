/** Where a logger's lines go. */
export interface LogDestination {
  write(line: string): void;
}

/**
 * A destination that loses lines where they can't be written. pino's own ends the process on a full disk, and may wait for ever while it ends
 * (sonic-boom 4.2, flushSync); but a log is there for the factory, not the factory for its log.
 * @param write writes a line, e.g. `(line) => writeSync(1, line)`; may throw.
 */
export function forgivingDestination(write: (line: string) => void): LogDestination {
  return {
    write: (line) => {
      try {
        write(line);
      } catch {
        // A full disk is reported by those who need the disk.
      }
    },
  };
}
