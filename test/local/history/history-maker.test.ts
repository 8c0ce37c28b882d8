import { describe, expect, test } from '@jest/globals';
import { DEFAULT_LOSS_CATEGORY, type Sample, TICK_SIGNALS } from '../../../core/telemetry/types.ts';
import { HistoryMaker } from '../../../local/history/history-maker.ts';
import { tinySite } from '../tiny-site.ts';

const START = Date.parse('2026-11-20T12:00:00Z');
const MINUTES = 40;
const END = START + MINUTES * 60_000;

function history(sliceMs: number): Sample[] {
  const maker = new HistoryMaker(tinySite(), 3, START, END);
  const samples: Sample[] = [];
  while (maker.nowMs < END) for (const slice of maker.advanceTo(maker.nowMs + sliceMs)) samples.push(...slice);
  return samples;
}

const byKey = (samples: Sample[]) =>
  new Map(samples.map((sample): [string, Sample] => [`${sample.path} ${sample.timeMs}`, sample]));

describe('the first day of history', () => {
  const samples = history(600_000);

  test('is the same again from the same seed and start, however it is cut into slices', () => {
    expect(byKey(history(60_000))).toEqual(byKey(samples));
  });

  test('gives each path and time once, and nothing outside of its time', () => {
    expect(byKey(samples).size).toBe(samples.length);
    for (const { timeMs } of samples) {
      expect(timeMs).toBeGreaterThanOrEqual(START);
      expect(timeMs).toBeLessThanOrEqual(END);
    }
  });

  test('has all ticks of every minute, and each minute has 60 seconds', () => {
    for (const machine of ['press', 'oven']) {
      for (let minute = 1; minute <= MINUTES; minute += 1) {
        const tick = Object.fromEntries(
          TICK_SIGNALS.map((signal) => [
            signal,
            samples.find(
              ({ path, timeMs }) => path === `tiny/line-1/${machine}/${signal}` && timeMs === START + minute * 60_000,
            )?.value,
          ]),
        );
        const of = (signal: string) => Number(tick[signal]);
        expect(of('run-s') + of('down-s') + of('planned-s') + of('unknown-s')).toBeCloseTo(60, 6);
        expect(of('produced')).toBeGreaterThanOrEqual(of('rejected'));
      }
    }
  }, 20_000);

  test("ends with an unknown state: what comes next is the live gateway's to say", () => {
    const states = samples.filter(({ path }) => path === 'tiny/line-1/press/state');
    expect(states.at(-1)?.value).toBe('UNKNOWN');
    expect(states.length).toBeGreaterThan(5);
    for (const { value } of states) expect(Object.keys(DEFAULT_LOSS_CATEGORY)).toContain(value);
  });

  test('has sensors each ten seconds at most', () => {
    const times = samples.filter(({ path }) => path.endsWith('/press/vibration')).map(({ timeMs }) => timeMs);
    expect(times.length).toBeGreaterThan(MINUTES * 2);
    for (const [index, time] of times.entries()) {
      if (index > 0) expect(time - times[index - 1]!).toBeGreaterThanOrEqual(10_000);
    }
  });
});
