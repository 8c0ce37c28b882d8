import { describe, expect, test } from '@jest/globals';
import { NO_TOTALS } from '../../../core/oee/figures.ts';
import { type Loss, lossesOf, mergeLosses } from '../../../core/oee/losses.ts';
import { type StateTime, stateTimes } from '../../../core/oee/state-times.ts';
import { DEFAULT_LOSS_CATEGORY, type MachineState } from '../../../core/telemetry/types.ts';

/** Times in states that follow each other, in minutes. */
function times(...list: [minutes: number, state: MachineState, reason?: string][]): StateTime[] {
  let fromMs = 0;
  const spans = list.map(([minutes, state, reason]) => {
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
  return stateTimes(spans);
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
      times: times(
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
      'Changeover | 9 min | 270 parts | 1 x',
      'Jam | 7 min | 210 parts | 2 x',
      'Reduced speed | 6 min | 180 parts | 0 x',
      'Idle | 2 min | 60 parts | 1 x',
      'Rejected parts | 1.5 min | 45 parts | 0 x',
    ]);
    // All of the time that was planned and not good: 54 min busy - 28.5 min good.
    expect(losses.reduce((sum, { minutes }) => sum + minutes, 0)).toBeCloseTo(54 - 28.5);
  });

  test("values a lost minute by the machine's ideal cycle where nothing was made, and not at all without one", () => {
    const facts = { times: times([5, 'FAULT']), totals: { ...NO_TOTALS, downSeconds: 300, busySeconds: 300 } };
    expect(show(lossesOf({ ...facts, idealCycleSeconds: 60 }))).toEqual(['Fault | 5 min | 5 parts | 1 x']);
    expect(show(lossesOf(facts))).toEqual(['Fault | 5 min | - parts | 1 x']);
  });

  test('has no negative speed loss, and no loss in planned or unknown time', () => {
    expect(
      lossesOf({
        times: times([5, 'RUNNING'], [5, 'UNKNOWN'], [5, 'PLANNED_STOP']),
        totals: { ...NO_TOTALS, runSeconds: 300, busySeconds: 300, idealSeconds: 330, goodSeconds: 330, produced: 165 },
      }),
    ).toEqual([]);
    expect(lossesOf({ times: [], totals: undefined })).toEqual([]);
  });

  test('knows no speed loss where nobody counts parts or knows their ideal cycle', () => {
    const totals = { ...NO_TOTALS, runSeconds: 300, busySeconds: 300 };
    const facts = { times: times([5, 'RUNNING']), idealCycleSeconds: 2 };
    expect(lossesOf({ ...facts, totals: { ...totals, partsKnown: false } })).toEqual([]);
    expect(lossesOf({ ...facts, totals: { ...totals, produced: 7 } })).toEqual([]);
    expect(show(lossesOf({ ...facts, totals }))).toEqual(['Reduced speed | 5 min | 150 parts | 0 x']);
  });

  test('adds up over the machines of a line', () => {
    const filler = lossesOf({
      times: times([5, 'FAULT', 'Jam'], [1, 'IDLE']),
      totals: undefined,
      idealCycleSeconds: 2,
    });
    const packer = lossesOf({
      times: times([7, 'FAULT', 'Jam'], [2, 'IDLE']),
      totals: undefined,
      idealCycleSeconds: 4,
    });
    expect(show(mergeLosses([filler, packer]))).toEqual([
      'Jam | 12 min | 255 parts | 2 x',
      'Idle | 3 min | 60 parts | 2 x',
    ]);
  });
});
