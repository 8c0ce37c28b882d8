/**
 * Seeded randomness (mulberry32, public domain): the same seed gives the same plant, and that is all it is for.
 * It is nothing for secrets.
 */
export class Random {
  private state: number;

  /** @param seed any integer; see hashOf for making one from names. */
  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** 0 <= x < 1 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    return mix(this.state) / 4294967296;
  }

  /** low <= x < high */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Waiting time until something that happens on average once in `mean`, in the unit of `mean`. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** One of a non-empty list, the first ones more often than the last: losses follow a Pareto distribution. */
  pickLeaning<T>(list: readonly T[]): T | undefined {
    const skewed = this.next() ** 2;
    return list[Math.floor(skewed * list.length)];
  }
}

function mix(input: number): number {
  let value = Math.imul(input ^ (input >>> 15), input | 1);
  value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
  return (value ^ (value >>> 14)) >>> 0;
}

/** A 32-bit hash (FNV-1a) of names and numbers, to give each machine and day a seed of its own. */
export function hashOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('|')) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}

/**
 * Smooth noise between -1 and 1 that is a function of its arguments alone, so that a sensor can be read at any time
 * without having been read before.
 * @param position runs on, e.g. seconds divided by the time over which the noise changes.
 */
export function noiseAt(seed: number, position: number): number {
  const cell = Math.floor(position);
  const share = position - cell;
  const before = mix((seed ^ Math.imul(cell, 0x9e3779b1)) | 0) / 2147483648 - 1;
  const after = mix((seed ^ Math.imul(cell + 1, 0x9e3779b1)) | 0) / 2147483648 - 1;
  const smooth = share * share * (3 - 2 * share);
  return before + (after - before) * smooth;
}
