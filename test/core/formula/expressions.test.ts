import { describe, expect, test } from '@jest/globals';
import { compileExpression, parse, print } from '../../../core/formula/index.ts';
import { declare, value } from './support.ts';

describe("the guide's examples", () => {
  test.each([
    ['1 + 2 + " is three"', '3 is three'],
    ['"Hello!"[1]', 'e'],
    ['"Hello!"[-2]', 'o'],
    ['"Hello!"[1:4]', 'ell'],
    ['"Hello!"[:2]', 'He'],
    ['"Hello!"[3:]', 'lo!'],
    ['"Hello!"[:-4]', 'He'],
    ['"Hello!"[::2]', 'Hlo'],
    ['"Hello!"[::-1]', '!olleH'],
    ['"Hello!"[none:none:none]', 'Hello!'],
    [`'{"temp": 52}'`, '{"temp": 52}'],
    [`"{""temp"": ""high""}"`, '{"temp": "high"}'],
    [`jp('{"status":"active","value":15}', '$.value')`, 15],
    [`jp('{"measurement":{"reading":25,"confidence":0.95}}', '$.measurement.reading')`, 25],
    [`jp('[2,8,23]', '$[2]')`, 23],
    [`jp('{"values":[3,6,7]}', '$.values[1]')`, 6],
    [`jp('111', '$')`, 111],
    [`jp(jp('{"measurement":{"reading":25,"confidence":"0.95"}}', '$.measurement.confidence'), '$')`, 0.95],
    [`jp('{"values":[3,6,7]}', '$.values')`, undefined],
    ['join("-", "aa", "bb", "cc")', 'aa-bb-cc'],
    ['format(100+1: "d")', '101'],
    ['format("The result is %d", 100+1)', 'The result is 101'],
    [`f'abc{1+2: "f"}d'`, 'abc3.000000d'],
    [`join('', "abc", format(1+2: "f"), 'd')`, 'abc3.000000d'],
    ['if(0, 10, 20)', 20],
    ['if(5, 10, 20)', 10],
    ['if(gt(x, 300), x, none)', undefined],
    ['x / 0', undefined],
    ['log(0)', undefined],
    ['sqrt(-1)', undefined],
    ['"hello" + " world"', 'hello world'],
    ['mktime(2020, 2, 29)', Date.UTC(2020, 1, 29) / 1000],
    ["mktime('UTC+3', 2021, 12, 31, 22)", Date.UTC(2021, 11, 31, 19) / 1000],
    ["mktime(2022, 10, 13, 2, 55, 13.68, 'PST')", Date.UTC(2022, 9, 13, 9, 55, 13, 680) / 1000],
  ])('%# %j', (expression, expected) => {
    expect(value(String(expression))).toEqual(expected);
  });

  test('a multivariate transform of strings and numbers', () => {
    const text = 'if(eq(Part_Number, "BLT123") and (Bad_Count / (Good_Count + Bad_Count) > 0.1), "Caution", "Normal")';
    const variables = declare('Good_Count Bad_Count', { Part_Number: { dataType: 'STRING' } });
    const { evaluate } = compileExpression(text, { variables });
    const counts = (part: string, good: number, bad: number) =>
      new Map<string, string | number>([
        ['Part_Number', part],
        ['Good_Count', good],
        ['Bad_Count', bad],
      ]);
    expect(evaluate(counts('BLT123', 8, 2))).toBe('Caution');
    expect(evaluate(counts('BLT123', 90, 2))).toBe('Normal');
    expect(evaluate(counts('NUT9', 8, 2))).toBe('Normal');
  });

  test('method calls chain', () => {
    const text = "x.jp('$.status').lower().contains('fail')";
    expect(value(text, '{"status":"FAILED"}')).toBe(1);
    expect(value(text, '{"status":"ok"}')).toBe(0);
  });
});

describe('operators', () => {
  test.each([
    // Precedence and direction.
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['(-2) ^ 2', 4],
    ['2 ^ -1', 0.5],
    ['2 * 3 ^ 2', 18],
    ['8 / 4 / 2', 1],
    ['10 - 4 - 3', 3],
    ['2 * 7 % 4', 2],
    ['--2', 2],
    ['+x', 1],
    ['-23.1', -23.1],
    ['.9 + 7.89e3 + 3.5E-1', 7891.25],
    ['1 + 1 == 2', 1],
    ['not 1 == 2', 1],
    ['!1 == 0', 1],
    ['1 or 0 and 0', 1],
    ['not 0 and 0', 0],
    // The remainder has the sign of the left operand.
    ['-7 % 3', -1],
    ['7 % -3', 1],
    ['5.5 % 2', 1.5],
    ['5 % 0', undefined],
    // Truth.
    ['5 and 3', 1],
    ['5 and 0', 0],
    ['0 or 7', 1],
    ["'' or 0", 0],
    ["not ''", 1],
    ['not none', 1],
    [`!jp('[]', '$')`, 1],
    [`!jp('[0]', '$')`, 0],
    ['TRUE + True', 2],
    ['false', 0],
    // Comparisons: tolerant where they include equality, exact otherwise.
    ['1 == 1 + 1e-10', 1],
    ['1 == 1 + 1e-8', 0],
    ['1 >= 1 + 1e-10', 1],
    ['1 + 1e-10 <= 1', 1],
    ['1 + 1e-10 > 1', 1],
    ['1 != 1 + 1e-10', 1],
    ['neq(1, 1)', 0],
    ['1e12 == 1e12 + 1', 1],
    ['0 == 1e-300', 0],
    ["'abc' < 'abd'", 1],
    ["'B' < 'a'", 1],
    ["'a' == 'a'", 1],
    ["'1' == 1", undefined],
    ["neq('a', 1)", undefined],
    // No value goes on, and what has no value is no number.
    ['none + 1', undefined],
    ["'a' + none", undefined],
    ['1 / (x / 0)', undefined],
    ['isnan(x / 0)', 1],
    ['isnan(1)', 0],
    ['if(sqrt(-1), 1, 2)', 1],
    ['10 ^ 308 * 10', undefined],
    ["'a' + 0.5 + 1", 'a0.51'],
    ['0 * -1', 0],
    // Strings.
    ["'abc'[3]", undefined],
    ["'abc'[0.5 * 2]", 'b'],
    ["'abc'[5:]", ''],
    ["'abc'[-100:2]", 'ab'],
    ["'abcdef'[4:1:-2]", 'ec'],
    ["'abcdef'[-2::-1]", 'edcba'],
    ["len('abc' + 5)", 4],
    ["find('abcabc', 'c')", 2],
    ["find('abc', 'z')", -1],
    ["contains('abc', 'bc')", 1],
    ["upper('aBc') + lower('DeF')", 'ABCdef'],
    ["'it''s'", "it's"],
    // Constants.
    ['pi', Math.PI],
    ['E', Math.E],
  ])('%s is %j', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  test('a variable goes before a constant of the same name', () => {
    const { evaluate } = compileExpression('e * 2', { variables: declare('e') });
    expect(evaluate(new Map([['e', 5]]))).toBe(10);
  });

  test('a string of more than 1,024 characters is no value', () => {
    expect(value('x + x', 'a'.repeat(512))).toHaveLength(1024);
    expect(value('x + x', 'a'.repeat(513))).toBeUndefined();
    expect(value("f'{x}{x}'", 'a'.repeat(513))).toBeUndefined();
  });
});

describe('conditions', () => {
  test.each([
    ['if(x > 2, 1).elif(x > 0, 2).elif(x > -2, 3, 4)', 3, 1],
    ['if(x > 2, 1).elif(x > 0, 2).elif(x > -2, 3, 4)', 1, 2],
    ['if(x > 2, 1).elif(x > 0, 2).elif(x > -2, 3, 4)', 0, 3],
    ['if(x > 2, 1).elif(x > 0, 2).elif(x > -2, 3, 4)', -5, 4],
    ["if(x == 1, 'one').elif(x == 2, 'two', 'many')", 2, 'two'],
    ['if(x, 7)', 1, 7],
    ['if(x, 7)', 0, undefined],
    ['if(x > "a", 1, 2)', 5, 2],
    ['IF(x, 1, 2)', 0, 2],
  ])('%s with x = %j is %j', (expression, x, expected) => {
    expect(value(expression, x)).toEqual(expected);
  });
});

describe('mathematics', () => {
  test.each([
    ['abs(-3)', 3],
    ['acos(1)', 0],
    ['asin(1)', Math.PI / 2],
    ['atan(1)', Math.PI / 4],
    ['cbrt(-27)', -3],
    ['ceil(1.2)', 2],
    ['cos(0)', 1],
    ['cosh(0)', 1],
    ['cot(1)', 1 / Math.tan(1)],
    ['cot(0)', undefined],
    ['exp(1)', Math.E],
    ['expm1(1e-10)', 1.00000000005e-10],
    ['floor(-1.2)', -2],
    ['log(e)', 1],
    ['log10(1000)', 3],
    ['log1p(1e-10)', 9.9999999995e-11],
    ['log2(8)', 3],
    ['pow(2, 10)', 1024],
    ['pow(-8, 1 / 3)', undefined],
    ['signum(-2.5) + signum(0) * 10 + signum(7) * 100', 99],
    ['sin(pi / 2)', 1],
    ['sinh(0)', 0],
    ['sqrt(16)', 4],
    ['tan(0)', 0],
    ['tanh(0)', 0],
    ['acos(2)', undefined],
    ['1.abs() + SQRT(4) + x.Exp()', 3 + Math.E],
  ])('%s is %j', (expression, expected) => {
    const actual = value(expression);
    if (typeof expected === 'number') expect(actual).toBeCloseTo(expected, 14);
    else expect(actual).toBeUndefined();
  });
});

describe('printing', () => {
  test.each([
    ['((1))+2*(3)', '1 + 2 * 3'],
    ['(1+2)*3', '(1 + 2) * 3'],
    ['1-(2-3)', '1 - (2 - 3)'],
    ['(2^3)^2', '(2 ^ 3) ^ 2'],
    ['2^(3^2)', '2 ^ 3 ^ 2'],
    ['(-2)^2', '(-2) ^ 2'],
    ['not (a and b)', 'not (a and b)'],
    ['(not a)==b', '(not a) == b'],
    ['(a+b).abs()', '(a + b).abs()'],
    ['s[:2].upper()[::-1]', 's[:2].upper()[::-1]'],
    [`f"it's {x: '.2f'} {{"`, `f'it''s {x: '.2f'} {{'`],
    ['FORMAT(x:"d")', "format(x: 'd')"],
  ])('%s as %s', (text, printed) => {
    expect(print(parse(text))).toBe(printed);
  });
});
