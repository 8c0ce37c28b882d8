/** The options of the process that makes the first day's history, given as JSON in its only argument. */
export interface HistoryOptions {
  readonly siteFile: string;
  readonly dataFolder: string;
  readonly brokerUrl: string;
  /** Seed of the simulation, the same as the simulator's. */
  readonly seed: number;
  /** When the plant's life and the history begin, ms since 1970: a full minute. */
  readonly startMs: number;
  /** Up to when the history reaches, ms since 1970: a full minute. */
  readonly endMs: number;
}
