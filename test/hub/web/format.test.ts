import { describe, expect, test } from '@jest/globals';
import { ago, createFormats, duration } from '../../../hub/web/src/logic/format.ts';

const AT = Date.parse('2026-11-22T09:42:07.400Z');

describe('numbers', () => {
  test('are in the language of the browser', () => {
    expect(createFormats('en-GB', 'Europe/Berlin').percent(0.684)).toBe('68.4\u202f%');
    expect(createFormats('de-DE', 'Europe/Berlin').percent(0.684)).toBe('68,4\u202f%');
    expect(createFormats('de-DE', 'Europe/Berlin').count(14_529)).toBe('14.529');
  });

  test('that do not exist are a dash, never a zero', () => {
    const { percent, percentDigits, count, cycle, measure, fixed } = createFormats('en-GB', 'UTC');
    const missing = [
      percent(null),
      percentDigits(null),
      count(undefined),
      cycle(Number.NaN),
      measure(null),
      fixed(null, 1),
    ];
    expect(missing).toEqual(['–', '–', '–', '–', '–', '–']);
    expect(percent(0)).toBe('0.0\u202f%');
  });

  test('of sensors get about four significant digits', () => {
    const { measure } = createFormats('en-GB', 'UTC');
    expect([0.1234567, 5.5, 58.123, 181.456, 12_345.6].map(measure)).toEqual([
      '0.123',
      '5.50',
      '58.12',
      '181.5',
      '12,346',
    ]);
    expect([measure(true), measure(false), measure('Still water')]).toEqual(['on', 'off', 'Still water']);
  });
});

describe('times', () => {
  test("are the site's, whatever the browser's zone is", () => {
    expect(createFormats('en-GB', 'Europe/Berlin').clockSeconds(AT)).toBe('10:42:07');
    expect(createFormats('en-GB', 'Asia/Kolkata').clock(AT)).toBe('15:12');
    expect(createFormats('en-US', 'America/New_York').clock(AT)).toBe('04:42');
  });

  test('have English words beside numbers in any language', () => {
    expect(createFormats('de-DE', 'Europe/Berlin').dayClock(AT)).toBe('Sun 22 Nov, 10:42');
  });
});

test.each([
  [0.4, '0 s'],
  [59.9, '59 s'],
  [65, '1 min 05 s'],
  [3_700, '1 h 01 min'],
  [200_000, '2 d 7 h'],
  [-3, '0 s'],
])('%d seconds read %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test('ages are rounded down, and a clock that differs a little does no harm', () => {
  expect([ago(-0.4), ago(0.9), ago(2.7), ago(190)]).toEqual(['just now', 'just now', '2 s ago', '3 min ago']);
});
