import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stateTimes } from '../../../core/oee/state-times.ts';
import { machinesOf } from '../../../core/site/site.ts';
import { StateDays } from '../../../hub/api/state-days.ts';
import { readStateSpans } from '../../../hub/api/state-spans.ts';
import { ApiFixture, NOW } from '../../support/api-fixture.ts';

const HOUR = 3_600_000;
const FILLER = 'demo/bottling/filler';
const STATES = ['RUNNING', 'IDLE', 'FAULT', 'UNKNOWN', 'PLANNED_STOP'] as const;
const REASONS = ['', 'Jam', 'Outfeed full'] as const;

const change = fc.record({
  hour: fc.integer({ min: 0, max: 240 }),
  minute: fc.constantFrom(0, 0, 17, 59),
  state: fc.constantFrom(...STATES),
  reason: fc.constantFrom(...REASONS),
});
const samplesOf = ({
  hour,
  minute,
  state,
  reason,
}: {
  hour: number;
  minute: number;
  state: string;
  reason: string;
}) => {
  const timeMs = NOW - 240 * HOUR + hour * HOUR + minute * 60_000;
  return [
    { path: `${FILLER}/state`, timeMs, value: state, quality: 'GOOD' as const },
    { path: `${FILLER}/reason`, timeMs, value: reason, quality: 'GOOD' as const },
  ];
};
const round = (times: ReturnType<typeof stateTimes>) =>
  times
    .filter(({ seconds }) => seconds > 0)
    .map((time) => ({ ...time, seconds: Math.round(time.seconds * 1000) }))
    .sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));

test('remembered days give the same sums as the spans themselves, also after late changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 30 }),
      fc.array(change, { maxLength: 3 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 239 }), fc.integer({ min: 1, max: 240 })), {
        minLength: 3,
        maxLength: 6,
      }),
      async (first, late, ranges) => {
        const api = new ApiFixture();
        const filler = machinesOf(api.site)[0]!;
        const source = { historian: api.historian, now: () => NOW, confirmedAtMs: () => undefined };
        const check = async () => {
          for (const [start, length] of ranges) {
            const fromMs = NOW - 240 * HOUR + start * HOUR - (start % 2) * 1234;
            // On full days too, where nothing is read around them.
            const aligned = start % 3 === 0 ? Math.ceil(fromMs / (24 * HOUR)) * 24 * HOUR : fromMs;
            const range = { fromMs: aligned, toMs: aligned + length * HOUR };
            const expected = stateTimes(await readStateSpans(source, filler, range));
            expect(round(await api.stateDays.times(filler, range))).toEqual(round(expected));
          }
        };
        await api.commit(first.flatMap(samplesOf));
        await check();
        for (const each of late) await api.commit(samplesOf(each));
        await check();
      },
    ),
    { numRuns: 60 },
  );
});

test('a month is read once, and a late state has its days read again', async () => {
  const api = new ApiFixture();
  const filler = machinesOf(api.site)[0]!;
  const days = new StateDays({ historian: api.historian, now: () => NOW, confirmedAtMs: () => undefined });
  const toMs = Math.floor(NOW / (24 * HOUR)) * 24 * HOUR;
  for (let hour = 0; hour <= 240; hour += 1) {
    await api.commit(samplesOf({ hour, minute: 0, state: hour % 2 === 0 ? 'FAULT' : 'RUNNING', reason: '' }));
  }
  await days.warm([filler], new AbortController().signal);
  const reads = async () => {
    const before = api.historian.calls.signalsOf ?? 0;
    await days.times(filler, { fromMs: toMs - 9 * 24 * HOUR, toMs });
    return (api.historian.calls.signalsOf ?? 0) - before;
  };
  expect(await reads()).toBe(0);
  const batch = { version: 1, outbox: 'o', sequence: 1 } as const;
  const machines = [
    { version: 1, machine: FILLER, base: toMs - 30 * HOUR, signals: { state: { t: [0], v: ['IDLE'] } } },
  ];
  days.committed([{ ...batch, machines } as unknown as Parameters<StateDays['committed']>[0][number]]);
  expect(await reads()).toBe(1);
  expect(await reads()).toBe(0);
});
