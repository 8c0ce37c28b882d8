import { describe, expect, test } from '@jest/globals';
import { parseWindow, windowOf, windowsBetween } from '../../../core/formula/index.ts';

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 19);
const holding = (interval: string, moment: string, offset?: string) => {
  const { startMs, endMs } = windowOf(parseWindow(interval, offset), Date.parse(`${moment}Z`));
  return `${iso(startMs)} ${iso(endMs)}`;
};

describe('tumbling windows', () => {
  test.each([
    ['1m', '2026-01-01T00:00:01', '2026-01-01T00:00:00 2026-01-01T00:01:00'],
    ['1m', '2026-01-01T00:01:00', '2026-01-01T00:00:00 2026-01-01T00:01:00'],
    ['15m', '2026-01-01T00:15:00.001', '2026-01-01T00:15:00 2026-01-01T00:30:00'],
    ['1h', '2026-01-01T07:59:59', '2026-01-01T07:00:00 2026-01-01T08:00:00'],
    ['8h', '2026-01-01T08:00:00', '2026-01-01T00:00:00 2026-01-01T08:00:00'],
    ['1d', '2026-01-01T00:00:00', '2025-12-31T00:00:00 2026-01-01T00:00:00'],
    // 2026-11-23 is a Monday: weeks end on Sunday at midnight.
    ['1w', '2026-11-18T12:00:00', '2026-11-16T00:00:00 2026-11-23T00:00:00'],
    ['7d', '2026-11-18T12:00:00', '2026-11-16T00:00:00 2026-11-23T00:00:00'],
    ['1m', '1969-12-31T23:59:30', '1969-12-31T23:59:00 1970-01-01T00:00:00'],
  ])('%s: %s lies in %s, the start exclusive and the end inclusive', (interval, moment, window) => {
    expect(holding(interval, moment)).toBe(window);
  });

  test.each([
    ['1d', '18h', '2026-01-01T18:00:00 2026-01-02T18:00:00'],
    ['1d', 'PT18H', '2026-01-01T18:00:00 2026-01-02T18:00:00'],
    ['5m', '00:03:00', '2026-01-01T19:58:00 2026-01-01T20:03:00'],
    ['12h', '2021-07-23T18:30:30-08', '2026-01-01T14:30:30 2026-01-02T02:30:30'],
    ['12h', '2021-07-24T02:30:30Z', '2026-01-01T14:30:30 2026-01-02T02:30:30'],
  ])('%s with the offset %s', (interval, offset, window) => {
    expect(holding(interval, '2026-01-01T20:00:00', offset)).toBe(window);
  });

  test.each(['', '1', 'm', '0m', '30s', '1y', '1.5h', '8d', '-1m', '1M'])("'%s' is refused", (interval) => {
    expect(() => parseWindow(interval)).toThrow(/^The window/);
  });

  test('a refusal says what is allowed', () => {
    expect(() => parseWindow('30s')).toThrow(
      "The window '30s' must be a whole number and a unit: m (minutes), h (hours), d (days) or w (weeks), from 1m to 1w, such as 15m.",
    );
  });

  test.each(['', 'x', '25', 'P', '2026-01-01', '2026-01-01T00:00:00'])("the offset '%s' is refused", (offset) => {
    expect(() => parseWindow('1h', offset)).toThrow(/offset .* must be a duration/);
  });

  test('windows between two moments include those of both', () => {
    const ends = [...windowsBetween(parseWindow('1m'), 60_000, 180_001)].map(({ endMs }) => endMs);
    expect(ends).toEqual([60_000, 120_000, 180_000, 240_000]);
  });
});
