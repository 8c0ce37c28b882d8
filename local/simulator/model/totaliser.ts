/** A PLC's part counter: counts up, starts again at 0 at its modulus, and is reset now and then by people or programs. */
export class Totaliser {
  private readonly modulus: number;
  private readonly partsPerCount: number;
  private parts: number;

  /**
   * @param modulus counts, Infinity where it never rolls over.
   * @param partsPerCount the site file's `scale`.
   * @param startCount what it shows at first.
   */
  constructor(modulus: number, partsPerCount: number, startCount: number) {
    this.modulus = modulus;
    this.partsPerCount = partsPerCount;
    this.parts = startCount * partsPerCount;
  }

  /** One more part. */
  add(): void {
    this.parts += 1;
    const rollover = this.modulus * this.partsPerCount;
    if (this.parts >= rollover) this.parts -= rollover;
  }

  reset(): void {
    this.parts = 0;
  }

  /** What the PLC shows, 0 <= count < modulus. */
  get count(): number {
    return Math.floor(this.parts / this.partsPerCount);
  }
}
