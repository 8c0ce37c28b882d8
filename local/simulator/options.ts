/** The options of the simulator process, given as JSON in its only argument, the secret in its environment. */
export interface SimulatorOptions {
  readonly siteFile: string;
  readonly dataFolder: string;
  /** Seed of the simulation. */
  readonly seed: number;
  /** When the plant's life began, ms since 1970. */
  readonly startMs: number;
  /** Port of the control endpoint on loopback; 0 picks a free one. */
  readonly controlPort: number;
  /** What a caller of the control endpoint must know; see control.ts. */
  readonly controlSecret: string;
}
