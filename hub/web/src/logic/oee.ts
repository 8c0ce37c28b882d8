import type { OeeFigure } from '../../../api/contract.ts';

/** OEE of the best plants there are, as usually quoted for discrete manufacturing. */
export const WORLD_CLASS_OEE = 0.85;
/** What is typical in Germany. */
export const TYPICAL_OEE = { from: 0.55, to: 0.65 } as const;

/** Why a figure does not exist, in a sentence. undefined if it does. */
export function whyMissing(
  factor: 'oee' | 'availability' | 'performance' | 'quality',
  figure: OeeFigure | null,
): string | undefined {
  if (figure === null) return 'No data in this period.';
  if (figure[factor] !== null) return undefined;
  if (figure.busySeconds === 0) {
    if (figure.plannedSeconds > 0) return 'Only planned stops in this period: nothing to measure.';
    return figure.unknownSeconds > 0 ? 'Nobody confirmed the machine in this period.' : 'No data in this period.';
  }
  if (!figure.partsKnown) return 'No parts counter: only availability is known.';
  if (!figure.partsKnown && factor !== 'availability') return 'No parts counter: only availability is known.';
  if (factor === 'performance')
    return figure.runSeconds === 0 ? 'Did not run in this period.' : 'No ideal cycle is known.';
  if (factor === 'quality') return figure.produced === 0 ? 'No parts in this period.' : 'No ideal cycle is known.';
  return 'No ideal cycle is known.';
}

/** Seconds a part really took while running; null without parts. */
export function actualCycleSeconds(figure: OeeFigure): number | null {
  return figure.produced > 0 && figure.runSeconds > 0 ? figure.runSeconds / figure.produced : null;
}

/** Ideal seconds of a part, weighed over the products made; null without parts. */
export function idealCycleSeconds(figure: OeeFigure): number | null {
  return figure.produced > 0 && figure.idealSeconds > 0 ? figure.idealSeconds / figure.produced : null;
}
