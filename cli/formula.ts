/** `plant formula`: evaluates a SiteWise expression over points from CSV files. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import {
  type ComputedPoint,
  compileMetric,
  compileTransform,
  type DataType,
  describeFaults,
  evaluateWindows,
  FormulaError,
  type Point,
  parse,
  parseWindow,
  type VariableDeclaration,
  WindowError,
} from '../core/formula/index.ts';
import { PointsError, parsePoints } from './formula-points.ts';

/** What the command needs of the outside: replaced in tests. */
export interface FormulaIo {
  /** @throws an error with a `code` if the file can't be read. */
  readText(path: string): string;
  write(text: string): void;
  writeError(text: string): void;
  setExitCode(code: number): void;
  nowMs(): number;
  /** Called once before anything is written. */
  prepare?(): void;
}

/** A mistake of the user's: the message says it all. */
class UsageError extends Error {}

interface FormulaOptions {
  readonly type: 'metric' | 'transform';
  readonly expr: string;
  readonly var: readonly string[];
  readonly attribute: readonly string[];
  readonly window?: string;
  readonly offset?: string;
  readonly json?: boolean;
}

interface Inputs {
  readonly declarations: Map<string, VariableDeclaration>;
  readonly points: Map<string, readonly Point[]>;
  /** Why variables are strings although they hold numbers too: shown beside type faults. */
  readonly notes: string[];
}

const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::(\w+))?=(.*)$/s;
/** What AWS IoT SiteWise takes as a variable's name. */
const SITEWISE_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const TYPES: readonly string[] = ['DOUBLE', 'INTEGER', 'BOOLEAN', 'STRING'] satisfies readonly DataType[];
const LINES_A_WRITE = 1000;

const PROCESS_IO: FormulaIo = {
  readText: (path) => readFileSync(path, 'utf8'),
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  setExitCode: (code) => {
    process.exitCode = code;
  },
  nowMs: () => Date.now(),
  prepare: () => {
    // Whoever reads our output may have seen enough (`| head`): that is no error.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  },
};

const HELP = `
The CSV files have the columns timestamp (ISO 8601; UTC if it names no zone), value and, if wanted, quality
(GOOD, BAD or UNCERTAIN; only GOOD counts). Windows are aligned to UTC; they hold (start, end] and are stamped with
their end. They run from the one that holds the first point to the one that holds the last point; a window without a
value has no line.

Examples:
  plant formula --type metric --window 1m --expr 'timeWeightedAvg(x)' --var x=points.csv
  plant formula --type transform --expr 'x + y' --var x=x.csv --var y=y.csv --json
  plant formula --type transform --expr "jp(s, '$.value')" --var s:string=messages.csv`;

/** The command `plant formula`. */
export function formulaCommand(io: FormulaIo = PROCESS_IO): Command {
  const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];
  return new Command('formula')
    .description('Evaluates an AWS IoT SiteWise expression over points from CSV files.')
    .addOption(
      new Option('--type <type>', 'what the expression is').choices(['metric', 'transform']).makeOptionMandatory(),
    )
    .requiredOption('--expr <expression>', 'the expression')
    .option(
      '--var <name[:type]=file>',
      'a variable and its points; type is double, integer, boolean or string',
      collect,
      [],
    )
    .option('--attribute <name=value>', 'a variable that is an attribute, with its value', collect, [])
    .option('--window <interval>', "a metric's window: 1m to 1w in m, h, d or w")
    .option('--offset <offset>', "shifts the windows, such as 18h, 06:30:00 or 2026-01-01T18:30:00+01 (a window's end)")
    .option('--json', 'print an array of {timestamp, value} instead of CSV')
    .addHelpText('after', HELP)
    .action((options: FormulaOptions) => {
      io.prepare?.();
      try {
        run(options, io);
      } catch (error) {
        const message = explain(error, options);
        if (message === undefined) throw error;
        io.writeError(`${message}\n`);
        io.setExitCode(1);
      }
    });
}

/** The message for a user's mistake; undefined for what is none. */
function explain(error: unknown, { expr }: FormulaOptions): string | undefined {
  if (error instanceof FormulaError) return `The expression can't be used.\n${describeFaults(expr, error.faults)}`;
  const isMistake = error instanceof UsageError || error instanceof PointsError || error instanceof WindowError;
  return isMistake ? error.message : undefined;
}

function run(options: FormulaOptions, io: FormulaIo): void {
  // A fault in the expression's syntax is reported before any file is read.
  parse(options.expr);
  const inputs = readInputs(options, io);
  try {
    print(compute(options, inputs, io), options.json === true, io);
  } catch (error) {
    if (error instanceof FormulaError && inputs.notes.length > 0) io.writeError(`${inputs.notes.join('\n')}\n`);
    throw error;
  }
}

function readInputs(options: FormulaOptions, io: FormulaIo): Inputs {
  const inputs: Inputs = { declarations: new Map(), points: new Map(), notes: [] };
  for (const argument of options.var) {
    const { name, type, rest: file } = splitVariable(argument, '--var', 'x=points.csv', inputs);
    const { points, dataType, textBecause } = parsePoints(readFile(file, io), file, type);
    inputs.declarations.set(name, { dataType, source: 'measurement' });
    inputs.points.set(name, points);
    if (textBecause !== undefined) inputs.notes.push(textBecause);
  }
  for (const argument of options.attribute) {
    const { name, type, rest: text } = splitVariable(argument, '--attribute', 'limit=80', inputs);
    const number = text.trim() === '' ? Number.NaN : Number(text);
    const dataType = type ?? (Number.isNaN(number) ? 'STRING' : 'DOUBLE');
    if (dataType !== 'STRING' && Number.isNaN(number))
      throw new UsageError(`--attribute ${argument}: '${text}' is no number.`);
    inputs.declarations.set(name, { dataType, source: 'attribute' });
    // An attribute holds from the beginning of time.
    inputs.points.set(name, [{ t: Number.MIN_SAFE_INTEGER, value: dataType === 'STRING' ? text : number }]);
  }
  if (inputs.declarations.size === 0)
    throw new UsageError('Name at least one variable and its points: --var x=points.csv');
  return inputs;
}

function splitVariable(
  argument: string,
  option: string,
  example: string,
  { declarations }: Inputs,
): { readonly name: string; readonly type: DataType | undefined; readonly rest: string } {
  const [, name, typeName, rest] = VARIABLE.exec(argument) ?? [];
  if (name === undefined || rest === undefined || rest === '') {
    throw new UsageError(
      `${option} '${argument}' must be a name, '=' and what it stands for, such as ${option} ${example}. Names have letters, digits and underscores.`,
    );
  }
  if (declarations.has(name)) throw new UsageError(`The variable '${name}' is given twice.`);
  const type = TYPES.find((known): known is DataType => known === typeName?.toUpperCase());
  if (typeName !== undefined && type === undefined) {
    throw new UsageError(
      `${option} '${argument}' has the type '${typeName}'; allowed are double, integer, boolean and string.`,
    );
  }
  return { name, type, rest };
}

function readFile(path: string, io: FormulaIo): string {
  try {
    return io.readText(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EACCES: 'it may not be read',
      EISDIR: 'it is a folder',
    };
    throw new UsageError(`The file '${path}' can't be read: ${reasons[code] ?? `error ${code}`}.`);
  }
}

function compute(options: FormulaOptions, { declarations, points }: Inputs, io: FormulaIo): Iterable<ComputedPoint> {
  if (options.type === 'transform') {
    const transform = compileTransform(options.expr, { variables: declarations });
    noteVariables(transform.variables, declarations, 'its points trigger the transform all the same', io);
    for (const option of ['window', 'offset'] as const) {
      if (options[option] !== undefined) io.writeError(`Note: a transform has no window, so --${option} is ignored.\n`);
    }
    return transform.evaluateAll(points, io.nowMs());
  }
  if (options.window === undefined) throw new UsageError('A metric needs a window, such as --window 15m');
  const specification = parseWindow(options.window, options.offset);
  const metric = compileMetric(options.expr, { variables: declarations });
  noteVariables(metric.variables, declarations, 'its points count only for the first and the last window', io);
  let [fromMs, toMs] = [Infinity, -Infinity];
  for (const [name, list] of points) {
    if (declarations.get(name)?.source === 'attribute') continue;
    for (const { t } of list) {
      fromMs = Math.min(fromMs, t);
      toMs = Math.max(toMs, t);
    }
  }
  if (fromMs > toMs) return [];
  return evaluateWindows(metric, specification, points, { fromMs, toMs, nowMs: io.nowMs() });
}

/** Says which variables the expression doesn't use (most often it is a slip), and which names SiteWise would refuse. */
function noteVariables(used: readonly string[], declared: Inputs['declarations'], effect: string, io: FormulaIo): void {
  for (const [name, { source }] of declared) {
    if (!SITEWISE_NAME.test(name)) {
      io.writeError(
        `Note: an asset model refuses the variable name '${name}'. Allowed are lower-case letters, digits and underscores, a letter first, 64 at most.\n`,
      );
    }
    if (used.includes(name)) continue;
    const but = source === 'attribute' ? '' : `; ${effect}`;
    io.writeError(`Note: the expression doesn't use the variable '${name}'${but}.\n`);
  }
}

function print(results: Iterable<ComputedPoint>, asJson: boolean, io: FormulaIo): void {
  let lines: string[] = asJson ? [] : ['timestamp,value'];
  let isFirst = true;
  if (asJson) io.write('[');
  const flush = (): void => {
    if (lines.length === 0) return;
    io.write(asJson ? `${isFirst ? '' : ','}\n  ${lines.join(',\n  ')}` : `${lines.join('\n')}\n`);
    isFirst = false;
    lines = [];
  };
  for (const { t, value } of results) {
    const timestamp = new Date(t).toISOString();
    lines.push(asJson ? JSON.stringify({ timestamp, value }) : `${timestamp},${csvField(value)}`);
    if (lines.length >= LINES_A_WRITE) flush();
  }
  flush();
  if (asJson) io.write(isFirst ? ']\n' : '\n]\n');
}

function csvField(value: string | number): string {
  if (typeof value === 'number') return String(value);
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
