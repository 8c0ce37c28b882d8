/** One figure of a benchmark, as `npm run bench -- --json` prints it. */
export interface BenchFigure {
  /** The benchmark's name, e.g. `reaction`. */
  readonly bench: string;
  /** What was measured, e.g. `p99`. */
  readonly figure: string;
  readonly value: number;
  /** The unit, e.g. `ms`, `1/s`, `MB`. */
  readonly unit: string;
  /** The bound as text, e.g. `< 5`, or an empty string where the figure has none. */
  readonly target: string;
  /** Whether the bound holds; true where there is none. */
  readonly holds: boolean;
}

/** A benchmark that `npm run bench -- <name>` can run alone. */
export interface Bench {
  readonly name: string;
  /** What is measured and how, in one or two sentences: printed beside the figures. */
  readonly method: string;
  run(): Promise<BenchFigure[]>;
}
