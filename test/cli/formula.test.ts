import { describe, expect, test } from '@jest/globals';
import { formulaCommand } from '../../cli/formula.ts';

const IDLE = `timestamp,value
2026-01-01T14:00:00Z,0
2026-01-01T14:00:30Z,1
2026-01-01T14:01:15Z,1
2026-01-01T14:02:45Z,0
2026-01-01T14:04:00Z,0
`;

/** Runs the command over files in memory. */
function run(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const result = { out: '', err: '', code: 0 };
  formulaCommand({
    readText: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no file'), { code: 'ENOENT' });
      return text;
    },
    write: (text) => {
      result.out += text;
    },
    writeError: (text) => {
      result.err += text;
    },
    setExitCode: (code) => {
      result.code = code;
    },
    nowMs: () => Date.UTC(2026, 0, 2),
  }).parse(args, { from: 'user' });
  return result;
}

const metric = (files: Readonly<Record<string, string>>, expr: string, ...rest: readonly string[]) =>
  run(
    files,
    '--type',
    'metric',
    '--window',
    '1m',
    '--expr',
    expr,
    ...Object.keys(files).flatMap((file) => ['--var', `${file[0]}=${file}`]),
    ...rest,
  );
const transform = (files: Readonly<Record<string, string>>, expr: string, ...rest: readonly string[]) =>
  run(
    files,
    '--type',
    'transform',
    '--expr',
    expr,
    ...Object.keys(files).flatMap((file) => ['--var', `${file[0]}=${file}`]),
    ...rest,
  );

describe('plant formula', () => {
  test('prints the windows of a metric that have a value', () => {
    expect(metric({ 'x.csv': IDLE }, 'statetime(x)')).toEqual({
      out: 'timestamp,value\n2026-01-01T14:01:00.000Z,30\n2026-01-01T14:02:00.000Z,60\n2026-01-01T14:03:00.000Z,45\n2026-01-01T14:04:00.000Z,0\n',
      err: '',
      code: 0,
    });
  });

  test('ends with the window that holds the last point, and begins with that of the first', () => {
    const points = 'timestamp,value\n2026-01-01T00:00:30Z,1\n2026-01-01T00:02:30Z,2\n';
    expect(metric({ 'x.csv': points }, 'count(x)').out).toBe(
      'timestamp,value\n2026-01-01T00:01:00.000Z,1\n2026-01-01T00:02:00.000Z,0\n2026-01-01T00:03:00.000Z,1\n',
    );
  });

  test('prints JSON', () => {
    const { out } = metric({ 'x.csv': IDLE }, 'timeWeightedAvg(x)', '--json');
    expect(JSON.parse(out)).toEqual([
      { timestamp: '2026-01-01T14:01:00.000Z', value: 0.5 },
      { timestamp: '2026-01-01T14:02:00.000Z', value: 1 },
      { timestamp: '2026-01-01T14:03:00.000Z', value: 0.75 },
      { timestamp: '2026-01-01T14:04:00.000Z', value: 0 },
    ]);
    expect(JSON.parse(metric({ 'x.csv': 'timestamp,value\n' }, 'sum(x)', '--json').out)).toEqual([]);
  });

  test('evaluates a transform of two variables and an attribute', () => {
    const files = {
      'x.csv': 'timestamp,value\n2026-01-01T09:00:00Z,10\n2026-01-01T09:05:00Z,20\n2026-01-01T09:15:00Z,30\n',
      'y.csv': 'timestamp,value\n2026-01-01T09:00:00Z,1\n2026-01-01T09:05:00Z,2\n2026-01-01T09:10:00Z,3\n',
    };
    expect(transform(files, 'x + y + pretrigger(y) + k', '--attribute', 'k=0.5').out).toBe(
      'timestamp,value\n2026-01-01T09:05:00.000Z,23.5\n2026-01-01T09:10:00.000Z,25.5\n2026-01-01T09:15:00.000Z,36.5\n',
    );
  });

  test('counts only GOOD points, in any order, and quotes texts', () => {
    const csv = `timestamp,value,quality
2026-01-01T09:02:00+01:00,"say ""hi"", twice",
2026-01-01T09:01:00+01:00,bad,BAD
2026-01-01T08:00:30,early,good
`;
    expect(transform({ 's.csv': csv }, 's.upper()').out).toBe(
      'timestamp,value\n2026-01-01T08:00:30.000Z,EARLY\n2026-01-01T08:02:00.000Z,"SAY ""HI"", TWICE"\n',
    );
  });

  test('takes types from the values or as told', () => {
    const csv = 'timestamp,value\n2026-01-01T00:00:00Z,111\n';
    expect(run({ 'a.csv': csv }, '--type', 'transform', '--expr', 'len(x)', '--var', 'x:string=a.csv').out).toContain(
      ',3\n',
    );
    const flags = 'timestamp,value\n2026-01-01T00:00:00Z,true\n2026-01-01T00:00:01Z,FALSE\n2026-01-01T00:00:02Z,\n';
    expect(transform({ 'b.csv': flags }, 'b + 1').out).toBe(
      'timestamp,value\n2026-01-01T00:00:00.000Z,2\n2026-01-01T00:00:01.000Z,1\n',
    );
  });

  test("follows the guide's example of water that boils", () => {
    const file = {
      't.csv': 'timestamp,value\n2026-01-01T00:00:10Z,99\n2026-01-01T00:00:20Z,100\n2026-01-01T00:01:10Z,101.5\n',
    };
    expect(transform(file, 'if(gte(t, 100), t, none)').out).toBe(
      'timestamp,value\n2026-01-01T00:00:20.000Z,100\n2026-01-01T00:01:10.000Z,101.5\n',
    );
    expect(metric(file, 'sum(gte(t, 100))').out).toBe(
      'timestamp,value\n2026-01-01T00:01:00.000Z,1\n2026-01-01T00:02:00.000Z,1\n',
    );
  });

  test('reads what spreadsheets write: byte order mark, CRLF, quotes, a zone, no seconds, rows in any order', () => {
    const csv =
      '\uFEFF"timestamp","value","quality"\r\n2026-01-01T01:02+01:00,3,\r\n"2026-01-01 00:00:30","1",GOOD\r\n2026-01-01T00:00:40.500Z,9,BAD\r\n';
    expect(transform({ 'x.csv': csv }, 'x')).toEqual({
      out: 'timestamp,value\n2026-01-01T00:00:30.000Z,1\n2026-01-01T00:02:00.000Z,3\n',
      err: '',
      code: 0,
    });
  });

  test('notes what has no effect, and goes on', () => {
    const files = { 'x.csv': IDLE, 'y.csv': 'timestamp,value\n2026-01-01T14:05:00Z,1\n' };
    const noted = transform(files, 'x', '--window', '1m', '--attribute', 'k=1');
    expect(noted.err).toBe(
      "Note: the expression doesn't use the variable 'y'; its points trigger the transform all the same.\nNote: the expression doesn't use the variable 'k'.\nNote: a transform has no window, so --window is ignored.\n",
    );
    expect(noted.code).toBe(0);
    expect(noted.out).toContain('2026-01-01T14:05:00.000Z,0\n');
    expect(metric(files, 'statetime(x)').err).toBe(
      "Note: the expression doesn't use the variable 'y'; its points count only for the first and the last window.\n",
    );
  });

  test('shifts windows by an offset', () => {
    expect(metric({ 'x.csv': IDLE }, 'count(x)', '--offset', '00:00:30').out).toContain('2026-01-01T14:00:30.000Z,2\n');
  });
});

describe('mistakes', () => {
  test('in the expression: caret, reason, exit code 1', () => {
    const { out, err, code } = metric({ 'x.csv': IDLE }, 'sum(x) + avg(z)');
    expect({ out, code }).toEqual({ out: '', code: 1 });
    expect(err).toBe(
      "The expression can't be used.\n1:14: There is no variable 'z'. Did you mean 'x'? Declared are 'x'.\n  sum(x) + avg(z)\n               ^\n",
    );
  });

  test('in the syntax, before any file is read', () => {
    expect(run({}, '--type', 'metric', '--window', '1m', '--expr', 'sum(', '--var', 'x=no.csv').err).toContain(
      'the expression ends',
    );
  });

  test.each([
    ['timestamp,value\n2026-01-01T00:00:00Z,1\nyesterday,2\n', "x.csv:3:1: 'yesterday' is no ISO 8601 timestamp"],
    ['\r\ntimestamp,value\r\n\r\n\r\nyesterday,2\r\n', "x.csv:5:1: 'yesterday' is no ISO 8601 timestamp"],
    ['timestamp,value\n2026-02-30T00:00:00Z,1\n', "x.csv:2:1: '2026-02-30T00:00:00Z' is no ISO 8601 timestamp"],
    [
      'timestamp,value,quality\n2026-01-01T00:00:00Z,"a,b",WELL\n',
      "x.csv:2:28: Unknown quality 'WELL': allowed are GOOD, BAD and UNCERTAIN",
    ],
    ['timestamp,value\n\n2026-01-01T00:00:00Z,1,2\n', 'x.csv:3:24: This line has 3 fields, the header has 2'],
    ['timestamp,value\n2026-01-01T00:00:00Z\n', 'x.csv:2:1: This line has 1 field, the header has 2'],
    ['timestamp,valeu\n', "x.csv:1:11: Unknown column 'valeu': allowed are timestamp, value and quality."],
    ['timestamp,quality\n', "x.csv:1:1: The column 'value' is missing"],
    ['', 'x.csv:1:1: The file is empty'],
    [
      'timestamp,value\n2026-01-01T00:00:00Z,"1\n',
      'x.csv:2:1: This is no valid CSV: a double quote is opened here and never closed.',
    ],
    [
      'timestamp,value\n2026-01-01T00:00:00Z,a"b"\n',
      'x.csv:2:1: This is no valid CSV: a double quote stands inside a field: put the field in double quotes',
    ],
    ['timestamp;value\n2026-01-01T00:00:00Z;1,5\n', 'x.csv:1:1: The columns are separated by semicolons: save'],
    ['timestamp\tvalue\n', 'x.csv:1:1: The columns are separated by tabs: save'],
    // Line breaks inside quotes count as lines.
    [
      'timestamp,value\r\n2026-01-01T00:00:00Z,"a\r\nb"\r\n2026-01-01T00:00:01Z,"c\r\nd",GOOD\r\n',
      'x.csv:5:4: This line has 3 fields',
    ],
  ])('in the CSV %j', (csv, message) => {
    const { err, code, out } = metric({ 'x.csv': csv }, 'count(x)');
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  test('a text among numbers is named beside the type fault', () => {
    const csv = 'timestamp,value\n2026-01-01T00:00:00Z,1\n2026-01-01T00:00:01Z,"12,5"\n';
    const { err, code } = metric({ 'x.csv': csv }, 'sum(x)');
    expect(err).toContain("x.csv:3:22: '12,5' is no number, so all values of this file are strings.");
    expect(err).toContain("'sum' takes a number here, this is a string.");
    expect(code).toBe(1);
  });

  test('a value that is not of the declared type', () => {
    const csv = 'timestamp,value\n2026-01-01T00:00:00Z,x1\n';
    const { err } = run(
      { 'a.csv': csv },
      '--type',
      'metric',
      '--window',
      '1m',
      '--expr',
      'sum(x)',
      '--var',
      'x:double=a.csv',
    );
    expect(err).toBe("a.csv:2:22: 'x1' is not a number such as 20.5.\n");
  });

  test.each([
    [
      ['--expr', 'sum(x)', '--var', 'x=no.csv', '--window', '1m'],
      "The file 'no.csv' can't be read: there is no such file.",
    ],
    [['--expr', 'sum(x)', '--var', 'x=x.csv'], 'A metric needs a window, such as --window 15m'],
    [['--expr', 'sum(x)', '--var', 'x=x.csv', '--window', '30s'], "The window '30s' must be a whole number and a unit"],
    [['--expr', 'sum(x)', '--var', 'x.csv', '--window', '1m'], "--var 'x.csv' must be a name, '='"],
    [['--expr', 'sum(x)', '--var', 'x:float=x.csv', '--window', '1m'], "has the type 'float'; allowed are double"],
    [
      ['--expr', 'sum(x)', '--var', 'x=x.csv', '--var', 'x=x.csv', '--window', '1m'],
      "The variable 'x' is given twice.",
    ],
    [['--expr', 'sum(x)', '--window', '1m'], 'Name at least one variable and its points'],
  ])('in the options %j', (args, message) => {
    const { err, code } = run({ 'x.csv': IDLE }, '--type', 'metric', ...args);
    expect(err).toContain(message);
    expect(code).toBe(1);
  });
});
