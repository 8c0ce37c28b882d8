/** The conveyor or rack between two stages of a line: it couples them, so that one's stop starves or blocks the other. */
export class Buffer {
  /** In parts of the stage before it. */
  readonly capacity: number;
  /** How many parts the stage behind it takes for one of its own, e.g. 12 bottles a case. */
  readonly taken: number;
  level: number;

  constructor(capacity: number, taken: number) {
    this.taken = taken;
    this.capacity = Math.max(capacity, 4 * taken, 4);
    this.level = Math.floor(this.capacity / 2);
  }

  get full(): boolean {
    return this.level + 1 > this.capacity;
  }

  get empty(): boolean {
    return this.level < this.taken;
  }

  /** Enough room that a blocked machine starts again, with some hysteresis as conveyors' light barriers have it. */
  get roomAgain(): boolean {
    return this.level <= this.capacity * 0.8 - 1;
  }

  /** Enough parts that a starved machine starts again. */
  get partsAgain(): boolean {
    return this.level >= Math.max(this.taken, this.capacity * 0.2);
  }
}
