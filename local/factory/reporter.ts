/** What whoever started the factory gets to hear while it starts and runs; a terminal, or a test. */
export interface FactoryReporter {
  /** A part of the factory begins to start. */
  starting(name: string): void;
  /** It is up. */
  ready(name: string, info: Readonly<Record<string, string>>, seconds: number): void;
  /** Something long goes on, 0..1. */
  progress(label: string, done: number): void;
  /** Anything else worth one line: a restart, a finished history, old data moved aside. */
  notice(text: string): void;
}

/** A process of the running factory. */
export interface ProcessSummary {
  readonly name: string;
  readonly pid: number | undefined;
  readonly info: Readonly<Record<string, string>>;
}
