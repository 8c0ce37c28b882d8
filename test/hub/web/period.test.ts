import { describe, expect, test } from '@jest/globals';
import { isTooLong, resolvePeriod, trendPlan } from '../../../hub/web/src/logic/period.ts';
import { fromLocalInput, toLocalInput } from '../../../hub/web/src/logic/zone.ts';

const SHIFTS = [
  { id: 'early', name: 'Early', start: '06:00', end: '14:00' },
  { id: 'late', name: 'Late', start: '14:00', end: '22:00' },
  { id: 'night', name: 'Night', start: '22:00', end: '06:00' },
];
const BERLIN = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);
const chosen = (window: 'hour' | 'shift' | 'day', now: string, zone = BERLIN, from?: string, shifts = SHIFTS) => {
  const period = resolvePeriod({ window, from }, at(now), zone, shifts);
  const { fromMs, endMs, shift, running } = period;
  return [new Date(fromMs).toISOString(), new Date(endMs).toISOString(), shift?.id, running];
};

describe('the period that an address means', () => {
  test('is the running UTC hour by default', () => {
    expect(chosen('hour', '2026-11-22T09:42:00Z')).toEqual([
      '2026-11-22T09:00:00.000Z',
      '2026-11-22T10:00:00.000Z',
      undefined,
      true,
    ]);
  });

  test('is the last month of a range that is longer than the hub answers for', () => {
    const range = (from: string, to: string) => {
      const { fromMs, endMs } = resolvePeriod(
        { window: 'range', from, to },
        at('2026-11-22T09:42:00Z'),
        BERLIN,
        SHIFTS,
      );
      return [new Date(fromMs).toISOString(), new Date(endMs).toISOString()];
    };
    // October has an hour more than 31 days.
    const october = ['2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'] as const;
    expect(range(...october)).toEqual(october);
    expect(isTooLong(at(october[0]), at(october[1]))).toBe(false);
    expect(range('2026-01-01T00:00:00.000Z', october[1])).toEqual(october);
    expect(isTooLong(at('2026-01-01T00:00:00Z'), at(october[1]))).toBe(true);
  });

  test('is the shift that runs, by the clocks of the site', () => {
    expect(chosen('shift', '2026-11-22T09:42:00Z')).toEqual([
      '2026-11-22T05:00:00.000Z',
      '2026-11-22T13:00:00.000Z',
      'early',
      true,
    ]);
    expect(chosen('shift', '2026-11-22T02:00:00Z')).toEqual([
      '2026-11-21T21:00:00.000Z',
      '2026-11-22T05:00:00.000Z',
      'night',
      true,
    ]);
  });

  test('is the last shift where none runs', () => {
    const oneShift = SHIFTS.slice(0, 1);
    expect(chosen('shift', '2026-11-22T20:00:00Z', BERLIN, undefined, oneShift)).toEqual([
      '2026-11-22T05:00:00.000Z',
      '2026-11-22T13:00:00.000Z',
      'early',
      false,
    ]);
  });

  test('is the local day without shifts', () => {
    expect(chosen('shift', '2026-11-22T23:30:00Z', BERLIN, undefined, [])).toEqual([
      '2026-11-22T23:00:00.000Z',
      '2026-11-23T23:00:00.000Z',
      undefined,
      true,
    ]);
  });

  test('has 25 hours where daylight saving ends, and the night shift nine', () => {
    expect(chosen('day', '2026-10-25T12:00:00Z')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
      undefined,
      true,
    ]);
    expect(chosen('shift', '2026-10-25T03:00:00Z')).toEqual([
      '2026-10-24T20:00:00.000Z',
      '2026-10-25T05:00:00.000Z',
      'night',
      true,
    ]);
  });

  test('is the one that holds `from`, which can not lie in the future', () => {
    expect(chosen('shift', '2026-11-22T09:42:00Z', BERLIN, '2026-11-21T15:00:00Z')).toEqual([
      '2026-11-21T13:00:00.000Z',
      '2026-11-21T21:00:00.000Z',
      'late',
      false,
    ]);
    expect(chosen('hour', '2026-11-22T09:42:00Z', BERLIN, '2027-01-01T00:00:00Z')[3]).toBe(true);
  });
});

test('the trend starts UTC-aligned, also in a zone of half hours', () => {
  const day = resolvePeriod({ window: 'day' }, at('2026-11-22T09:42:00Z'), 'Asia/Kolkata', []);
  const plan = trendPlan(day);
  expect(plan).toMatchObject({ window: '1h', fromMs: at('2026-11-20T18:00:00Z'), toMs: at('2026-11-22T18:30:00Z') });
});

test.each([
  [3, '5m'],
  [24, '15m'],
  [7 * 24, '1h'],
  [60 * 24, '1d'],
])('a range of %d hours is shown in windows of %s', (hours, window) => {
  const from = at('2026-11-01T00:00:00Z');
  const range = {
    window: 'range',
    from: new Date(from).toISOString(),
    to: new Date(from + hours * 3_600_000).toISOString(),
  } as const;
  expect(trendPlan(resolvePeriod(range, from, BERLIN, [])).window).toBe(window);
});

describe('civil time', () => {
  test('that daylight saving skips or repeats still means an instant', () => {
    expect(fromLocalInput('2026-03-29T02:30', BERLIN)).toBe(at('2026-03-29T01:30:00Z'));
    expect(fromLocalInput('2026-10-25T02:30', BERLIN)).toBe(at('2026-10-25T00:30:00Z'));
  });

  test('goes through an input field and back', () => {
    const time = at('2026-07-01T10:15:00Z');
    expect(toLocalInput(time, BERLIN)).toBe('2026-07-01T12:15');
    expect(fromLocalInput('2026-07-01T12:15', BERLIN)).toBe(time);
    expect(fromLocalInput('yesterday', BERLIN)).toBeUndefined();
  });

  test('knows offsets of half hours', () => {
    expect(toLocalInput(at('2026-11-22T00:00:00Z'), 'Asia/Kolkata')).toBe('2026-11-22T05:30');
  });
});
