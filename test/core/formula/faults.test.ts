import { describe, expect, test } from '@jest/globals';
import { check, compileMetric, describeFaults, FormulaError, type FormulaKind } from '../../../core/formula/index.ts';
import { declare } from './support.ts';

const variables = declare('x y temperature', {
  state: { dataType: 'STRING' },
  kids: { source: 'metric', fromChildren: true },
  oee: { source: 'metric' },
  k: { source: 'attribute' },
});

/** Each fault as `line:column+length message`. */
function faults(text: string, kind: FormulaKind = 'metric'): string[] {
  return check(text, { kind, variables }).map(
    ({ line, column, length, message }) => `${line}:${column}+${length} ${message}`,
  );
}

describe('syntax faults', () => {
  test.each([
    ['', '1:1+0 The expression is empty.'],
    ['sum(', '1:5+0 Expected a number, a string, a variable, a function or'],
    ['sum(x', "1:6+0 Expected ',' or ')' here, but the expression ends."],
    ['sum(x))', "1:7+1 Expected an operator or the end of the expression here, but got ')'."],
    ['(x', "1:3+0 Expected ')' here"],
    ['x y', "1:3+1 Expected an operator or the end of the expression here, but got 'y'."],
    ['x +', '1:4+0 Expected a number'],
    ['x\n  + * y', "2:5+1 Expected a number, a string, a variable, a function or '(' here, but got '*'."],
    ['x = 1', "1:3+1 '=' is not an operator here. Write '=='"],
    ['x && y', "1:3+2 '&&' is not an operator here. Write 'and'."],
    ['x || y', "1:3+2 '||' is not an operator here. Write 'or'."],
    ['x ** 2', "1:3+2 '**' is not an operator here. Write '^'"],
    ['x <> 2', "1:3+2 '<>' is not an operator here. Write '!='."],
    ['x ? 1 : 2', "1:3+1 '?' is not an operator here. Write if("],
    ['x # y', "1:3+1 The character '#' is not allowed here."],
    ["'abc", '1:1+4 This string is never closed'],
    ["f'abc", '1:1+2 This formatted string is never closed'],
    ["f'{x'", '1:5+1 This string is never closed'],
    ["f'a}'", "1:4+1 A single '}'"],
    ["f'{x:.2f}'", '1:6+2 Expected the format in quotes'],
    ['state[1', "1:8+0 Expected ':' or ']' here"],
    ['state[1:2:3:4]', "1:12+1 Expected ']' here, but got ':'."],
    ['x.abs', "1:6+0 Expected '(' behind the function's name 'abs'"],
    ['x.5', '1:2+2 Expected an operator'],
    ['2 * not x', "1:5+3 'not' can't stand behind another operator"],
    ['1e999', '1:1+5 This number is too large'],
    [`sum(x) + ${'1 + '.repeat(300)}1`, '1:1025+186 The expression has 1210 characters; at most 1024 are allowed.'],
  ])('%j', (text, fault) => {
    const found = faults(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(fault);
  });

  test('deep nesting is no trouble', () => {
    expect(faults(`${'('.repeat(500)}1${')'.repeat(500)}`)).toEqual([]);
    expect(faults('-'.repeat(1000))).toHaveLength(1);
  });
});

describe('faults in names, types and functions of metrics', () => {
  test.each([
    ['avg(temprature)', "1:5+10 There is no variable 'temprature'. Did you mean 'temperature'? Declared are 'x', 'y',"],
    ['sum(X)', "1:5+1 There is no variable 'X'. Did you mean 'x'?"],
    ['stdv(x)', "1:1+4 There is no function 'stdv'. Did you mean 'stdev'? In metrics there are abs,"],
    ['1 + median(x)', "1:5+6 There is no function 'median'."],
    ['sum', "1:1+3 'sum' is a function: write sum(x0, ..., xn)."],
    [
      'pretrigger(x)',
      "1:1+10 'pretrigger' is a temporal function: it can only be used in transforms, and this is a metric.",
    ],
    ['sum()', "1:1+3 'sum' takes at least 1 argument, got 0"],
    ['sqrt(1, 2)', "1:1+4 'sqrt' takes 1 argument, got 2: write sqrt(x)."],
    ['pow(2)', "1:1+3 'pow' takes 2 arguments, got 1"],
    ['if(1)', "1:1+2 'if' takes 2 to 3 arguments, got 1"],
    ["sqrt('a')", "1:6+3 'sqrt' takes a number here, this is a string."],
    ['avg(state)', "1:5+5 'avg' takes a number here, this is a string."],
    ['len(5)', "1:5+1 'len' takes a string here, this is a number."],
    ["2 * 'a'", "1:5+3 '*' takes numbers, this is a string"],
    ['-last(state)', "1:2+11 the sign '-' takes numbers"],
    ['5[0]', '1:1+1 Only a string can be indexed'],
    ["'abc'[0.5]", '1:7+3 An index must be a whole number.'],
    ["'abc'[::0]", '1:9+1 The step of a slice must not be 0.'],
    ['min(x/y)', "1:5+3 Each argument of 'min' can hold only one variable, this one holds 'x' and 'y'."],
    ['sum(x, x/y)', '1:8+3 Each argument'],
    ['first(sum(x))', "1:7+3 'first' can't hold 'sum': an aggregation function gives one value a window"],
    ['first(latest(x))', "1:7+6 'first' can't hold 'latest': a temporal function"],
    ['latest(5)', "1:8+1 'latest' needs a variable in its argument."],
    ['latest(kids)', "1:8+4 'latest' takes properties of the own asset only; 'kids' comes from child assets."],
    ['statetime(oee)', "1:11+3 'statetime' takes no metrics"],
    ['kids + 1', "1:1+4 'kids' comes from child assets, so it has one value for each: aggregate it"],
    ["timeWeightedAvg(x, 'spline')", "1:20+8 The second argument of 'TimeWeightedAvg' must be 'locf' or 'linear'."],
    ["timeWeightedStDev(x, 's')", "1:22+3 The second argument of 'TimeWeightedStDev' must be 'f' or 'p'."],
    ['elif(1, 2, 3)', "1:1+4 'elif' can only follow an if"],
    ['if(1, 2, 3).elif(4, 5, 6)', '1:10+1 An if that is followed by elif takes only a condition and a result'],
    ["jp(last(state), lower('$'))", "1:17+10 The JSON path of 'jp' must be a string in quotes"],
    ["jp(last(state), 'value')", "1:18+5 Wrong JSON path: a JSON path starts with '$'"],
    ["jp(last(state), '$.a[')", "1:21+1 Wrong JSON path: '[' is no part"],
    ['format("%d and %d", 1)', "1:8+11 '%d' asks for value 2, but only 1 are given."],
    ['format("%q", 1)', "1:8+4 '%q' is no format"],
    ['format(1: "y")', "1:11+3 '%y' is no format"],
    ['format(1, "d")', '1:8+1 The format comes first'],
    ["f'{1: '5'}'", "1:7+3 '%5' is no complete format"],
    ['localtime(1)', '1:1+12 localtime gives no number or text of its own'],
    ['localtime(1) + 1', '1:1+12 localtime can only stand in year'],
    ['year(5)', "1:6+1 'year' takes localtime(unix_time, 'time_zone')"],
    ["year(localtime(1, 'Mars/Base'))", "1:19+11 There is no time zone 'Mars/Base'. Allowed are 'Z'"],
    ["year(localtime('Mars/Base', 1))", "1:16+11 There is no time zone 'Mars/Base'."],
    ["year(localtime('GMT'))", "1:16+5 'localtime' takes a Unix time in seconds here, this is a string"],
    ['year(localtime(1, 2))', '1:19+1 The time zone must be a string in quotes.'],
    ['mktime(2020, 13, 1)', '1:14+2 The month must be a whole number from 1 to 12, got 13.'],
    ['mktime(1969, 1, 1)', '1:8+4 The year must be a whole number from 1970 to 2250, got 1969.'],
    ["mktime(2020, 'UTC', 1)", '1:14+5 The month must be a number; a time zone is the first or the last argument.'],
    ["mktime(2020, 1, 'UTC')", "1:1+6 'mktime' needs at least year, month and day_of_month."],
    ['timestamp(x)', "1:11+1 'timestamp' takes an argument only in transforms"],
    [
      Array.from({ length: 11 }, () => 'abs(1)').join('+'),
      '1:71+3 The expression calls 11 functions; at most 10 are allowed.',
    ],
  ])('%j', (text, fault) => {
    const found = faults(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(fault);
  });

  test('of transforms and conditions', () => {
    expect(faults('avg(x)', 'transform')).toEqual([
      "1:1+3 'avg' is an aggregation function: it can only be used in metrics, and this is a transform.",
    ]);
    expect(faults('latest(x) > 1', 'condition')[0]).toContain(
      "'latest' is a temporal function: it can only be used in metrics",
    );
    expect(faults('kids', 'transform')[0]).toContain('only a metric can use it');
    expect(faults('pretrigger(x + 1)', 'transform')[0]).toContain("'pretrigger' takes a variable");
    expect(faults('timestamp(x + 1)', 'transform')[0]).toContain(
      "'timestamp' takes nothing, a variable or pretrigger(x).",
    );
    const onlyAttributes = declare('', { k: { source: 'attribute' } });
    expect(check('k', { kind: 'transform', variables: onlyAttributes })[0]?.message).toContain(
      'needs at least one variable that is not an attribute',
    );
  });

  test('more than ten variables', () => {
    const names = Array.from({ length: 11 }, (_, index) => `v${index}`);
    const [fault] = check(names.join('+'), { kind: 'metric', variables: declare(names.join(' ')) });
    expect(fault).toMatchObject({
      column: 31,
      length: 3,
      message: 'The expression uses 11 variables; at most 10 are allowed.',
    });
  });

  test('all at once, in the order of the text', () => {
    expect(faults("foo(x) + sqrt('a') + bar").map((fault) => fault.split(' ')[0])).toEqual([
      '1:1+3',
      '1:15+3',
      '1:22+3',
    ]);
  });

  test('what the guide allows is no fault', () => {
    for (const text of [
      'avg(x*(x-1))',
      'sum(x/2 )/avg(y^2 )',
      'sum(avg(x^2 )/2)',
      'sum(x/2, y*2)',
      'max(latest(x), latest(y))',
      'latest( x*9/5 + 32 )',
      'sum(kids) / count(kids)',
      'oee * k',
      "if(timestamp().localtime('PST').wday().eq(1), avg(x), none)",
    ]) {
      expect([text, faults(text)]).toEqual([text, []]);
    }
  });
});

describe('showing faults', () => {
  test.each([
    [`${'x+'.repeat(300)}zz+x`, `  ...${'+x'.repeat(27)}+zz+x`, 60],
    [`zz${'+x'.repeat(300)}`, `  zz${'+x'.repeat(54)}...`, 2],
    [`${'x+'.repeat(200)}zz${'+x'.repeat(200)}`, `  ...${'+x'.repeat(27)}+zz${'+x'.repeat(26)}+...`, 60],
  ])('of a long line only what stands around the fault: %s', (text, source, caret) => {
    const found = check(text, { kind: 'metric', variables: declare('x') });
    expect(describeFaults(text, found).split('\n').slice(1)).toEqual([source, `${' '.repeat(caret)}^^`]);
  });

  test('with the line and carets below', () => {
    const text = 'sum(x) +\n\tavg(z)';
    try {
      compileMetric(text, { variables });
      throw new Error('must not compile');
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      expect(describeFaults(text, error.faults).split('\n').slice(1)).toEqual(['  \tavg(z)', '  \t    ^']);
      expect(error.message).toContain("2:6: There is no variable 'z'.");
    }
  });
});
