/**
 * When each group of signals is due: at start + n x interval, whatever the polls take. A poll that takes longer than the
 * interval leaves points of the grid out; polls never overlap, never drift and never make up for what was missed.
 */
export class PollGrid {
  readonly #startMs: number;
  readonly #intervalsMs: readonly number[];
  readonly #dueMs: number[];

  /** @param startMs on a monotonic clock: there everything is due for the first time. */
  constructor(intervalsMs: readonly number[], startMs: number) {
    this.#startMs = startMs;
    this.#intervalsMs = intervalsMs;
    this.#dueMs = intervalsMs.map(() => startMs);
  }

  /** The indexes of the groups that are due at `nowMs`; each moves on to its next point of the grid. */
  due(nowMs: number): ReadonlySet<number> {
    const due = new Set<number>();
    for (const [index, intervalMs] of this.#intervalsMs.entries()) {
      if ((this.#dueMs[index] ?? 0) > nowMs) continue;
      due.add(index);
      const passed = Math.floor((nowMs - this.#startMs) / intervalMs);
      this.#dueMs[index] = this.#startMs + (passed + 1) * intervalMs;
    }
    return due;
  }

  /** When the next group is due; infinite where there is none. */
  get nextMs(): number {
    return Math.min(...this.#dueMs);
  }
}
