/** Something that is done again and again. */
export interface Repeating {
  /** Ends after the turn that runs. */
  stop(): Promise<void>;
}

/** Does `work` each `intervalMs`, but never twice at a time: a turn that takes longer leaves out the next. */
export function every(intervalMs: number, work: () => Promise<void>, onError: (error: unknown) => void): Repeating {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
  }, intervalMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
