import { describe, expect, test } from '@jest/globals';
import { NO_TOTALS } from '../../../core/oee/figures.ts';
import { type Loss, lossesOf, mergeLosses } from '../../../core/oee/losses.ts';
import type { StateSpan } from '../../../core/oee/states.ts';
import { DEFAULT_LOSS_CATEGORY, type MachineState } from '../../../core/telemetry/types.ts';

/** Spans that follow each other, in minutes. */
function spans(...list: [minutes: number, state: MachineState, reason?: string][]): StateSpan[] {
  let fromMs = 0;
  return list.map(([minutes, state, reason]) => {
    const span = {
      fromMs,
      toMs: fromMs + minutes * 60_000,
      state,
      category: DEFAULT_LOSS_CATEGORY[state],
      reason: reason ?? null,
    };
    fromMs = span.toMs;
    return span;
  });
}
const show = (losses: readonly Loss[]) =>
  losses.map(
    ({ label, minutes, parts, occurrences }) =>
      `${label} | ${minutes} min | ${parts === null ? '-' : parts} parts | ${occurrences} x`,
  );

describe('the Pareto of losses', () => {
  test('of an hour, by hand', () => {
    // 36 min run at 2 s a part: 1080 parts possible, 900 made (30 min ideal), 45 of them rejected (1.5 min).
    const losses = lossesOf({
      spans: spans(
        [10, 'RUNNING'],
        [4, 'FAULT', 'Jam'],
        [16, 'RUNNING'],
        [9, 'CHANGEOVER'],
        [10, 'RUNNING'],
        [3, 'FAULT', 'Jam'],
        [2, 'IDLE'],
        [6, 'PLANNED_STOP'],
      ),
      totals: {
        ...NO_TOTALS,
        runSeconds: 2160,
        downSeconds: 1080,
        busySeconds: 3240,
        idealSeconds: 1800,
        goodSeconds: 1710,
        produced: 900,
        rejected: 45,
      },
    });
    expect(show(losses)).toEqual([
      'CHANGEOVER | 9 min | 270 parts | 1 x',
      'FAULT: Jam | 7 min | 210 parts | 2 x',
      'Reduced speed | 6 min | 180 parts | 0 x',
      'IDLE | 2 min | 60 parts | 1 x',
      'Rejected parts | 1.5 min | 45 parts | 0 x',
    ]);
    // All of the time that was planned and not good: 54 min busy - 28.5 min good.
    expect(losses.reduce((sum, { minutes }) => sum + minutes, 0)).toBeCloseTo(54 - 28.5);
  });

  test("values a lost minute by the machine's ideal cycle where nothing was made, and not at all without one", () => {
    const facts = { spans: spans([5, 'FAULT']), totals: { ...NO_TOTALS, downSeconds: 300, busySeconds: 300 } };
    expect(show(lossesOf({ ...facts, idealCycleSeconds: 60 }))).toEqual(['FAULT | 5 min | 5 parts | 1 x']);
    expect(show(lossesOf(facts))).toEqual(['FAULT | 5 min | - parts | 1 x']);
  });

  test('has no negative speed loss, and no loss in planned or unknown time', () => {
    expect(
      lossesOf({
        spans: spans([5, 'RUNNING'], [5, 'UNKNOWN'], [5, 'PLANNED_STOP']),
        totals: { ...NO_TOTALS, runSeconds: 300, busySeconds: 300, idealSeconds: 330, goodSeconds: 330, produced: 165 },
      }),
    ).toEqual([]);
    expect(lossesOf({ spans: [], totals: undefined })).toEqual([]);
  });

  test('knows no speed loss where nobody counts parts or knows their ideal cycle', () => {
    const totals = { ...NO_TOTALS, runSeconds: 300, busySeconds: 300 };
    const facts = { spans: spans([5, 'RUNNING']), idealCycleSeconds: 2 };
    expect(lossesOf({ ...facts, totals: { ...totals, partsKnown: false } })).toEqual([]);
    expect(lossesOf({ ...facts, totals: { ...totals, produced: 7 } })).toEqual([]);
    expect(show(lossesOf({ ...facts, totals }))).toEqual(['Reduced speed | 5 min | 150 parts | 0 x']);
  });

  test('adds up over the machines of a line', () => {
    const filler = lossesOf({
      spans: spans([5, 'FAULT', 'Jam'], [1, 'IDLE']),
      totals: undefined,
      idealCycleSeconds: 2,
    });
    const packer = lossesOf({
      spans: spans([7, 'FAULT', 'Jam'], [2, 'IDLE']),
      totals: undefined,
      idealCycleSeconds: 4,
    });
    expect(show(mergeLosses([filler, packer]))).toEqual([
      'FAULT: Jam | 12 min | 255 parts | 2 x',
      'IDLE | 3 min | 60 parts | 2 x',
    ]);
  });
});
