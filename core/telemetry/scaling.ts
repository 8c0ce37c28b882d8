/** How a raw number becomes engineering units: raw x scale + offset. */
export interface Scaling {
  /** @default 1 */
  readonly scale?: number | undefined;
  /** @default 0 */
  readonly offset?: number | undefined;
}

/** Decimals beyond which a sum or a scaled value holds only noise of binary fractions. */
const DECIMALS = 1e9;
/** Above it a double has no nine decimals anyway. */
const ROUNDED_BELOW = 1e6;

/**
 * The number in engineering units. Scaled values are rounded to nine decimals, so that 235 x 0.1 is 23.5.
 * @returns possibly an infinite number: the caller judges it
 */
export function scaled(raw: number, { scale, offset }: Scaling): number {
  if (scale === undefined && offset === undefined) return raw + 0;
  return tidy(raw * (scale ?? 1) + (offset ?? 0));
}

/** The number without the noise of binary fractions, e.g. 0.3 for 0.1 + 0.2; never -0. */
export function tidy(value: number): number {
  return Math.abs(value) < ROUNDED_BELOW ? Math.round(value * DECIMALS) / DECIMALS + 0 : value;
}
