/** Reads the points of a variable from CSV: columns `timestamp`, `value` and, if wanted, `quality`. */
import { CsvError, parse } from 'csv-parse/sync';
import type { DataType, Point, Quality } from '../core/formula/index.ts';

/** A CSV that can't be used; the message begins with `file:line:column`. */
export class PointsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PointsError';
  }
}

/** The points of one file. */
export interface PointsFile {
  readonly points: readonly Point[];
  readonly dataType: DataType;
  /** Where the first value stands that made the column text although others are numbers, as a sentence. */
  readonly textBecause: string | undefined;
}

const COLUMNS = ['timestamp', 'value', 'quality'] as const;
const QUALITIES: readonly string[] = ['GOOD', 'BAD', 'UNCERTAIN'] satisfies readonly Quality[];
/** A date, or a date and time with or without a zone (then UTC). */
const ISO_8601 = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_FINITE = /^(?:nan|[+-]?inf(?:inity)?)$/i;
const BOOLEAN = /^(?:true|false)$/i;

/** One field, and where it stands: worked out only for a message, since a file may have millions. */
interface Cell {
  readonly text: string;
  readonly place: () => string;
}
type Column = (typeof COLUMNS)[number];

/** The records of a file by their columns. */
interface Table {
  readonly length: number;
  cell(row: number, column: Column): Cell | undefined;
  /** The field's text alone; undefined if the line has no such field. */
  text(row: number, column: Column): string | undefined;
}

/**
 * Parses points.
 * @param file the name for messages.
 * @param declared the property's type. @default from the values: BOOLEAN, DOUBLE or else STRING
 * @throws PointsError at the first fault.
 */
export function parsePoints(text: string, file: string, declared?: DataType): PointsFile {
  const table = readTable(text, file);
  const dataType = declared ?? inferType(table);
  const points: Point[] = [];
  for (let row = 0; row < table.length; row++) {
    const quality = readQuality(table, row);
    const [t, value] = [readTimestamp(table, row), readValue(table, row, dataType)];
    points.push(quality === undefined ? { t, value } : { t, value, quality });
  }
  return { points, dataType, textBecause: declared === undefined ? explainText(table, dataType) : undefined };
}

function readTable(text: string, file: string): Table {
  const records = readRecords(text, file);
  const place = (record: number, field: number): string => `${file}:${placeIn(text, record, field)}`;
  const [header] = records;
  if (header === undefined)
    throw new PointsError(
      `${file}:1:1: The file is empty: its first line must be timestamp,value or timestamp,value,quality.`,
    );
  const separator = [';', '\t'].find((other) => header.length === 1 && header[0]?.includes(other));
  if (separator !== undefined) {
    throw new PointsError(
      `${place(0, 0)}: The columns are separated by ${separator === ';' ? 'semicolons' : 'tabs'}: save the file with commas between columns and a point in numbers, such as 2026-01-31T06:00:00Z,20.5.`,
    );
  }
  const names = header.map((name, field) => {
    const known = COLUMNS.find((column) => column === name.trim().toLowerCase());
    if (known === undefined)
      throw new PointsError(`${place(0, field)}: Unknown column '${name}': allowed are timestamp, value and quality.`);
    return known;
  });
  for (const column of ['timestamp', 'value'] as const) {
    if (!names.includes(column))
      throw new PointsError(
        `${place(0, 0)}: The column '${column}' is missing: the first line must be timestamp,value or timestamp,value,quality.`,
      );
  }
  for (const [index, fields] of records.entries()) checkFieldCount(fields.length, names.length, index, place);
  const fieldOf = {
    timestamp: names.indexOf('timestamp'),
    value: names.indexOf('value'),
    quality: names.indexOf('quality'),
  };
  const textOf = (row: number, column: Column): string | undefined => records[row + 1]?.[fieldOf[column]];
  return {
    length: records.length - 1,
    text: textOf,
    cell: (row, column) => {
      const found = textOf(row, column);
      return found === undefined ? undefined : { text: found, place: () => place(row + 1, fieldOf[column]) };
    },
  };
}

function checkFieldCount(
  count: number,
  wanted: number,
  record: number,
  place: (record: number, field: number) => string,
): void {
  if (count > wanted)
    throw new PointsError(
      `${place(record, wanted)}: This line has ${count} fields, the header has ${wanted}: put a value with commas in double quotes.`,
    );
  if (count < Math.min(2, wanted))
    throw new PointsError(`${place(record, 0)}: This line has ${count} field, the header has ${wanted}.`);
}

function readRecords(text: string, file: string): (readonly string[])[] {
  const records: (readonly string[])[] = [];
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // Kept here, not in the result: objects of the library's own would be several times as large.
      on_record: (fields: readonly string[]) => {
        records.push(fields);
        return null;
      },
    });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new PointsError(`${file}:${Number(error.lines ?? 1)}:1: This is no valid CSV: ${csvReason(error.code)}`);
  }
}

function csvReason(code: string): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a double quote is opened here and never closed.';
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'a double quote stands inside a field: put the field in double quotes and write the quote in it twice.';
    default:
      return `it can't be read (${code}).`;
  }
}

/** `line:column` of a record's field, both one-based; empty lines are no records, quoted line breaks end none. */
function placeIn(text: string, record: number, field: number): string {
  let [line, lineStart, recordStart, records, fields, isQuoted] = [1, 0, 0, 0, 0, false];
  const content = text.replace(/^\uFEFF/, '');
  for (let position = 0; position < content.length; position++) {
    const char = content[position];
    if (records === record && fields === field && char !== '\n' && char !== '\r') break;
    const isLineEnd = char === '\n' || (char === '\r' && content[position + 1] !== '\n');
    if (char === '"') isQuoted = !isQuoted;
    else if (char === ',' && !isQuoted) fields += 1;
    if (!isQuoted && isLineEnd) {
      if (content.slice(recordStart, position).replace('\r', '') !== '') records += 1;
      fields = 0;
      recordStart = position + 1;
    }
    if (isLineEnd) {
      line += 1;
      lineStart = position + 1;
    }
    if (records === record && fields === field && char === ',') return `${line}:${position + 2 - lineStart}`;
  }
  return `${line}:1`;
}

function readTimestamp(table: Table, row: number): number {
  const text = table.text(row, 'timestamp')?.trim() ?? '';
  const parts = ISO_8601.exec(text);
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] =
    parts ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const isDate = parts !== null && date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase();
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const t = isDate
    ? Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`)
    : Number.NaN;
  if (Number.isNaN(t)) {
    throw new PointsError(
      `${table.cell(row, 'timestamp')?.place()}: '${text}' is no ISO 8601 timestamp, such as 2026-01-31T06:00:00Z or 2026-01-31T07:00:00.250+01:00.`,
    );
  }
  return t;
}

function readQuality(table: Table, row: number): Quality | undefined {
  const text = table.text(row, 'quality')?.trim() ?? '';
  if (text === '') return undefined;
  const quality = QUALITIES.find((known): known is Quality => known === text.toUpperCase());
  if (quality === undefined)
    throw new PointsError(
      `${table.cell(row, 'quality')?.place()}: Unknown quality '${text}': allowed are GOOD, BAD and UNCERTAIN; empty is GOOD.`,
    );
  return quality;
}

function isNumber(text: string): boolean {
  return NUMBER.test(text) || NOT_FINITE.test(text);
}

function inferType(table: Table): DataType {
  let [isBoolean, isNumeric, isEmpty] = [true, true, true];
  for (let row = 0; row < table.length && (isBoolean || isNumeric); row++) {
    const text = table.text(row, 'value')?.trim() ?? '';
    if (text === '') continue;
    isEmpty = false;
    isBoolean &&= BOOLEAN.test(text);
    isNumeric &&= isNumber(text);
  }
  if (isBoolean && !isEmpty) return 'BOOLEAN';
  return isNumeric ? 'DOUBLE' : 'STRING';
}

function explainText(table: Table, dataType: DataType): string | undefined {
  if (dataType !== 'STRING') return undefined;
  for (let row = 0; row < table.length; row++) {
    const cell = table.cell(row, 'value');
    if (cell === undefined || cell.text.trim() === '' || isNumber(cell.text.trim())) continue;
    return `${cell.place()}: '${cell.text}' is no number, so all values of this file are strings.`;
  }
  return undefined;
}

/** An empty field, NaN and infinity are no value. */
function readValue(table: Table, row: number, dataType: DataType): Point['value'] {
  const raw = table.text(row, 'value');
  const text = raw?.trim() ?? '';
  if (dataType === 'STRING') return raw ?? null;
  if (text === '' || NOT_FINITE.test(text)) return null;
  if (dataType === 'BOOLEAN' && BOOLEAN.test(text)) return text.toLowerCase() === 'true';
  if (dataType === 'BOOLEAN' && (text === '1' || text === '0')) return text === '1';
  const value = Number(text);
  const isValid = dataType !== 'BOOLEAN' && NUMBER.test(text) && (dataType !== 'INTEGER' || Number.isInteger(value));
  if (!isValid) {
    const allowed = {
      DOUBLE: 'a number such as 20.5',
      INTEGER: 'a whole number such as 20',
      BOOLEAN: 'true, false, 1 or 0',
    };
    throw new PointsError(`${table.cell(row, 'value')?.place()}: '${text}' is not ${allowed[dataType]}.`);
  }
  return value;
}
