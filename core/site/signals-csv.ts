import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { CsvPlace, PlacedSensor } from './checks/context.ts';
import type { SiteFault } from './fault.ts';
import { sensorSchema } from './schema.ts';
import { schemaAt } from './schema-at.ts';
import { didYouMean } from './suggest.ts';
import { translateIssue } from './translate.ts';

const MODBUS_COLUMNS = ['table', 'address', 'format', 'wordOrder', 'byteOrder', 'bit', 'registers'];
const NUMBERS = ['address', 'bit', 'registers', 'scale', 'offset', 'deadband', 'minimum', 'maximum', 'intervalMs'];
const SENSOR_COLUMNS = [
  'id',
  'name',
  'node',
  'browsePath',
  'type',
  'unit',
  'scale',
  'offset',
  'deadband',
  'minimum',
  'maximum',
];
/** The columns that a CSV file of signals may have, in any order; `id` must be there. */
export const SIGNAL_COLUMNS: readonly string[] = [...SENSOR_COLUMNS, 'intervalMs', 'sitewise', ...MODBUS_COLUMNS];

const LONGEST_CSV = 50_000_000;

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/**
 * Sensors from a CSV file with a header row (`id,name,node,unit,...`): comma, semicolon or tab between the cells, and
 * with semicolon or tab also a decimal comma, as spreadsheets of many countries write it. Empty cells are keys left out;
 * lines that begin with # are comments.
 */
export function readSignalsCsv(file: string, text: string): { sensors: PlacedSensor[]; faults: SiteFault[] } {
  const fault = (line: number, message: string, more: Partial<SiteFault> = {}): SiteFault => ({
    file,
    line,
    column: 1,
    path: '',
    message,
    ...more,
  });
  if (text.includes('\0') || text.includes('\uFFFD')) {
    return { sensors: [], faults: [fault(1, 'is not a text file in UTF-8', { hint: 'Export it as "CSV UTF-8"' })] };
  }
  if (text.length > LONGEST_CSV) return { sensors: [], faults: [fault(1, 'is longer than 50 MB')] };
  const delimiter = delimiterOf(text);
  let rows: Row[];
  try {
    rows = parseRows(text, delimiter);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    return { sensors: [], faults: [fault(line, `is not valid CSV: ${csvProblem(error.code)}`)] };
  }
  const [header, ...body] = rows;
  if (header === undefined)
    return { sensors: [], faults: [fault(1, 'is empty', { hint: `Columns: ${SIGNAL_COLUMNS.join(', ')}` })] };
  const lines = text.split(/\r?\n/);
  const cellPlace = (row: Row, index: number, name: string): CsvPlace => ({
    file,
    line: row.line,
    column: columnOf(lines[row.line - 1] ?? '', index, delimiter),
    name,
  });
  const columns = header.cells.map((cell) => cell.trim());
  const faults = columns.flatMap((column, index): SiteFault[] => {
    const repeated = columns.indexOf(column) < index;
    if (SIGNAL_COLUMNS.includes(column) && !repeated) return [];
    const { line, column: at } = cellPlace(header, index, column);
    const hint = repeated ? undefined : didYouMean(column, SIGNAL_COLUMNS);
    const message = repeated ? `has the column "${column}" twice` : `has a column that is not known, got: "${column}"`;
    return [
      fault(line, message, { column: at, allowed: SIGNAL_COLUMNS.join(', '), ...(hint !== undefined && { hint }) }),
    ];
  });
  if (!columns.includes('id'))
    faults.push(fault(header.line, 'has no column id', { hint: 'Its first row names the columns' }));
  if (faults.length > 0) return { sensors: [], faults };
  const sensors = body.flatMap((row): PlacedSensor[] => {
    if (row.cells.length > columns.length) {
      faults.push(
        fault(row.line, `has ${row.cells.length} cells in this row, more than its ${columns.length} columns`),
      );
      return [];
    }
    const place = (...keys: readonly string[]): CsvPlace => {
      // The address as a whole begins with its table.
      const name = keys.at(-1) === 'modbus' ? 'table' : (keys.at(-1) ?? '');
      return cellPlace(row, Math.max(columns.indexOf(name), 0), name);
    };
    const raw = toSensor(columns, row.cells, delimiter !== ',');
    const result = sensorSchema.safeParse(raw);
    if (result.success) return [{ sensor: result.data, place }];
    for (const issue of result.error.issues) faults.push(...rowFaults(issue, raw, place));
    return [];
  });
  return { sensors, faults };
}

function rowFaults(issue: z.core.$ZodIssue, raw: unknown, place: PlacedSensor['place']): SiteFault[] {
  const locate = (path: readonly (string | number)[]) => place(...path.map(String)) as CsvPlace;
  return translateIssue(issue, {
    root: raw,
    locate,
    locateKey: (path) => locate(path),
    schemaAt: (path) => schemaAt(sensorSchema, path, raw),
  }).map(({ file, line, column, path, ...text }) => ({
    file,
    line,
    column,
    path: path.replace(/^modbus\./, ''),
    ...text,
  }));
}

function parseRows(text: string, delimiter: string): Row[] {
  const parsed: unknown = parse(text, {
    bom: true,
    delimiter,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    comment: '#',
    comment_no_infix: true,
  });
  const rows = rowsSchema.parse(parsed);
  return rows
    .filter(({ record }) => record.some((cell) => cell !== ''))
    .map(({ record, info }) => ({ cells: record, line: info.lines }));
}

const rowsSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

function csvProblem(code: string): string {
  if (code.includes('QUOTE')) return 'a quotation mark is not closed, or stands within a cell that is not quoted';
  return code.replace(/^CSV_/, '').replaceAll('_', ' ').toLowerCase();
}

/** The separator that the first line which is no comment uses most. */
function delimiterOf(text: string): string {
  const header = /^(?:\uFEFF)?(?:#.*\r?\n|\s*\r?\n)*(.*)/.exec(text)?.[1] ?? '';
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

function toSensor(
  columns: readonly string[],
  cells: readonly string[],
  decimalComma: boolean,
): Record<string, unknown> {
  const sensor: Record<string, unknown> = {};
  const modbus: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    const target = MODBUS_COLUMNS.includes(column) ? modbus : sensor;
    target[column] = toValue(column, cell, decimalComma);
  }
  if (Object.keys(modbus).length > 0) sensor.modbus = modbus;
  return sensor;
}

function toValue(column: string, cell: string, decimalComma: boolean): unknown {
  if (NUMBERS.includes(column)) {
    const text = decimalComma ? cell.replace(/^([+-]?\d+),(\d+)$/, '$1.$2') : cell;
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : cell;
  }
  if (column !== 'sitewise') return cell;
  if (/^(true|yes|1)$/i.test(cell)) return true;
  return /^(false|no|0)$/i.test(cell) ? false : cell;
}

/** Where a cell begins in its line, counted from 1. */
function columnOf(line: string, index: number, delimiter: string): number {
  let quoted = false;
  let cell = 0;
  for (let at = 0; at < line.length; at++) {
    if (cell === index) return at + 1;
    if (line[at] === '"') quoted = !quoted;
    else if (line[at] === delimiter && !quoted) cell++;
  }
  return cell === index ? line.length + 1 : 1;
}
