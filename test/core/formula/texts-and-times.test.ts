import { describe, expect, test } from '@jest/globals';
import { value } from './support.ts';

describe("format, as Java's Formatter", () => {
  test.each([
    ['"%d|%5d|%-5d|%05d|%+d"', '42, 42, 42, 42, 42', '42|   42|42   |00042|+42'],
    ['"%,d %(d % d"', '1234567, -5, 7', '1,234,567 (5)  7'],
    ['"%.2f %.0f %8.3f %08.3f"', '2.345, 2.5, 3.14159, -3.14159', '2.35 3    3.142 -003.142'],
    ['"%.2f %.1f %f"', '1.005, 0.25, 0', '1.01 0.3 0.000000'],
    ['"%e %.2E %.0e"', '12345.678, 0.00012, 95', '1.234568e+04 1.20E-04 1e+02'],
    ['"%g %g %.3g"', '0.0001, 123456.7, 1234567', '0.000100000 123457 1.23e+06'],
    ['"%x %X %o %#x"', '255, 255, 8, 255', 'ff FF 10 0xff'],
    ['"%s %S %5s|%-5s|%.2s"', '"a", "b", "c", "d", "efg"', 'a B     c|d    |ef'],
    ['"%b %c %% %n"', '1, "z"', 'true z % \n'],
    ['"%2$s %1$s"', '"a", "b"', 'b a'],
    ['"%s and %s"', '1.5, 2', '1.5 and 2'],
    ['"%.3f"', '1e21', '1000000000000000000000.000'],
  ])('format(%s, %s) is %j', (format, values, expected) => {
    expect(value(`format(${format}, ${values})`)).toBe(expected);
  });

  test('a value that does not fit its conversion is no value', () => {
    expect(value('format("%d", 1.5)')).toBeUndefined();
    expect(value('format("%f", none)')).toBeUndefined();
    expect(value('format("%d", x)', 'text')).toBeUndefined();
  });

  test('formatted strings hold expressions, formats, nested quotes and braces', () => {
    expect(value(`f'{x + 1: ".1f"} of {"it's"} {{{x}}}'`)).toBe("2.0 of it's {1}");
    expect(value(`f"{'a' + "b"}"`)).toBe('ab');
    expect(value(`f''`)).toBe('');
    expect(value(`f'{if(x > 0, "up", "down").upper()}'`)).toBe('UP');
  });
});

describe('JSON paths', () => {
  const json = '{"a":{"b":[{"c":1,"d":"x"},{"c":7}],"e":null,"f":true},"g h":2,"h":[1,2,3]}';
  test.each([
    ['$.a.b[0].c', 1],
    ['$.a.b[-1].c', 7],
    ["$['a']['b'][0]['d']", 'x'],
    ["$['g h']", 2],
    ['$.a.f', 1],
    ['$.a.e', undefined],
    ['$.missing', undefined],
    ['$.h[5]', undefined],
    ['$.a', undefined],
  ])('%s', (path, expected) => {
    expect(value(`jp(x, "${path}")`, json)).toEqual(expected);
  });

  test.each([
    ['$..c', 7],
    ['$.a.b[*].c', 7],
    ['$.h[1:3]', 3],
    ['$.h[0,2]', 3],
    ['$.a.b[?(@.c >= 1)].c', 7],
    ["$.a.b[?(@.c == 7 )]['c']", 7],
  ])('%s finds several, the last by index', (path, expected) => {
    expect(value(`jp(x, "${path}")[-1]`, json)).toEqual(expected);
  });

  test('depth is no trouble', () => {
    expect(value("jp(x, '$..a')[0]", `${'['.repeat(20_000)}{"a":1}${']'.repeat(20_000)}`)).toBe(1);
  });

  test('what is no JSON has no value', () => {
    expect(value("jp(x, '$')", 'no json')).toBeUndefined();
  });
});

describe('dates and times', () => {
  const moment = Date.UTC(2026, 10, 22, 15, 4, 5.9) / 1000 + 0.9;
  test.each([
    [`year(localtime(${moment}, 'UTC'))`, 2026],
    [`mon(localtime(${moment}, 'Z'))`, 11],
    [`mday(localtime(${moment}))`, 22],
    [`wday(localtime(${moment}, 'GMT'))`, 0],
    [`yday(localtime(${moment}, 'UTC'))`, 326],
    [`hour(localtime(${moment}, 'Europe/Berlin'))`, 16],
    [`hour(localtime(${moment}, 'PST'))`, 7],
    [`hour(localtime(${moment}, '+2'))`, 17],
    [`hour(localtime(${moment}, '-5'))`, 10],
    [`hour(localtime(${moment}, 'UTC-01:00'))`, 14],
    [`minute(localtime(${moment}, 'Asia/Kolkata'))`, 34],
    [`sec(localtime(${moment}, 'UTC'))`, 5],
    [`hour(localtime(${moment}, 'SystemV/EST5'))`, 10],
    [`${moment}.localtime('PST').wday().eq(0)`, 1],
    // The zone may come first, as with mktime.
    ["year(localtime('GMT', 1605898608.8113723))", 2020],
    ["hour(localtime('Europe/Berlin', x + 3599))", 2],
    ["mktime('UTC', 2021, 1, 19, 4, 31, 39.00)", 1_611_030_699],
    // Daylight saving in Berlin: skipped, repeated, and summer.
    ["mktime(2026, 3, 29, 2, 30, 0, 'Europe/Berlin')", Date.UTC(2026, 2, 29, 1, 30) / 1000],
    ["mktime(2026, 10, 25, 2, 30, 0, 'Europe/Berlin')", Date.UTC(2026, 9, 25, 0, 30) / 1000],
    ["mktime('Europe/Berlin', 2026, 7, 1)", Date.UTC(2026, 5, 30, 22) / 1000],
    ['mktime(2023, 2, 30)', undefined],
    ['mktime(x + 2300, 1, 1)', undefined],
    ['year(localtime(-1))', undefined],
    ['timestamp()', 1],
    ['timestamp(x)', 1],
    ['now()', 1],
  ])('%s is %j', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });
});
