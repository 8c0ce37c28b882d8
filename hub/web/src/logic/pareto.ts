import type { Loss } from '../../../api/contract.ts';

export const LOSS_UNITS = ['minutes', 'parts'] as const;
export type LossUnit = (typeof LOSS_UNITS)[number];

/** One bar of the Pareto. */
export interface ParetoRow {
  readonly loss: Loss;
  readonly amount: number;
  /** Of all losses, 0..1. */
  readonly share: number;
  /** Of all losses, this and those above it, 0..1. */
  readonly cumulative: number;
  /** Length of the bar: relative to the largest loss, 0..1. */
  readonly length: number;
}

export interface Pareto {
  readonly rows: readonly ParetoRow[];
  /** Sum of all, the ones that are not shown included. */
  readonly total: number;
  /** Losses beyond `limit`, summed up; null if there are none. */
  readonly rest: { readonly count: number; readonly amount: number } | null;
  /** Losses that can't be said in this unit: no ideal cycle is known. */
  readonly unknown: readonly Loss[];
}

/** Losses by size, with what they add up to. */
export function paretoOf(losses: readonly Loss[], unit: LossUnit, limit: number): Pareto {
  const known = losses
    .map((loss) => ({ loss, amount: loss[unit] }))
    .filter((each): each is { loss: Loss; amount: number } => each.amount !== null && each.amount > 0)
    .sort((a, b) => b.amount - a.amount);
  const total = known.reduce((sum, each) => sum + each.amount, 0);
  const largest = known[0]?.amount ?? 0;
  let sum = 0;
  const rows = known.slice(0, limit).map(({ loss, amount }) => {
    sum += amount;
    return { loss, amount, share: amount / total, cumulative: sum / total, length: amount / largest };
  });
  const left = known.slice(limit);
  return {
    rows,
    total,
    rest: left.length === 0 ? null : { count: left.length, amount: total - sum },
    unknown: losses.filter((loss) => loss[unit] === null),
  };
}
