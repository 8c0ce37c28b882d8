/** Runs asynchronous work one after the other, in the order it was asked for. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when everything asked for earlier has ended, however it ended. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
