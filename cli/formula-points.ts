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

/** One field, and how to say where it stands. */
interface Cell {
  readonly text: string;
  readonly place: string;
}
/** A record as csv-parse gives it; `lines` is the line at which it ends. */
interface RawRecord {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}
type Row = ReadonlyMap<(typeof COLUMNS)[number], Cell>;

/**
 * Parses points.
 * @param file the name for messages.
 * @param declared the property's type. @default from the values: BOOLEAN, DOUBLE or else STRING
 * @throws PointsError at the first fault.
 */
export function parsePoints(text: string, file: string, declared?: DataType): PointsFile {
  const rows = readRows(text, file);
  const values = rows.map((row) => row.get('value')).filter((cell) => cell !== undefined);
  const dataType = declared ?? inferType(values);
  const points = rows.map((row): Point => {
    const quality = readQuality(row.get('quality'));
    return {
      t: readTimestamp(row.get('timestamp')),
      value: readValue(row.get('value'), dataType),
      ...(quality !== undefined && { quality }),
    };
  });
  return { points, dataType, textBecause: declared === undefined ? explainText(values, dataType) : undefined };
}

function readRows(text: string, file: string): Row[] {
  const records = readRecords(text, file);
  const [header, ...rest] = records;
  if (header === undefined)
    throw new PointsError(
      `${file}:1:1: The file is empty: its first line must be timestamp,value or timestamp,value,quality.`,
    );
  const names = header.map(({ text: name, place }) => {
    const known = COLUMNS.find((column) => column === name.trim().toLowerCase());
    if (known === undefined)
      throw new PointsError(`${place}: Unknown column '${name}': allowed are timestamp, value and quality.`);
    return known;
  });
  for (const column of ['timestamp', 'value'] as const) {
    if (!names.includes(column))
      throw new PointsError(
        `${header[0]?.place ?? file}: The column '${column}' is missing: the first line must be timestamp,value or timestamp,value,quality.`,
      );
  }
  return rest.map((cells) => {
    const extra = cells[names.length];
    if (extra !== undefined)
      throw new PointsError(
        `${extra.place}: This line has ${cells.length} fields, the header has ${names.length}: put a value with commas in double quotes.`,
      );
    if (cells.length < Math.min(2, names.length))
      throw new PointsError(
        `${cells[0]?.place ?? file}: This line has ${cells.length} field, the header has ${names.length}.`,
      );
    return new Map(names.flatMap((name, index) => (cells[index] === undefined ? [] : [[name, cells[index]] as const])));
  });
}

function readRecords(text: string, file: string): Cell[][] {
  try {
    // With `info` and `raw` the records are objects, which the library's types don't tell.
    const records: unknown = parse(text, {
      bom: true,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
    return (records as readonly RawRecord[]).map(({ record, raw, info }) => {
      const content = raw.replace(/^[\r\n]+/, '').replace(/[\r\n]+$/, '');
      const line = info.lines - (content.match(/\n/g) ?? []).length;
      return record.map((cell, index) => ({ text: cell, place: `${file}:${line}:${fieldColumn(content, index)}` }));
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new PointsError(`${file}:${Number(error.lines ?? 1)}:1: This is no valid CSV: ${error.message}.`);
  }
}

/** The one-based column at which a field of a record starts. */
function fieldColumn(record: string, field: number): number {
  let isQuoted = false;
  let seen = 0;
  for (let position = 0; seen < field && position < record.length; position++) {
    if (record[position] === '"') isQuoted = !isQuoted;
    else if (record[position] === ',' && !isQuoted) seen += 1;
    if (seen === field) return position + 2;
  }
  return 1;
}

function readTimestamp(cell: Cell | undefined): number {
  const text = cell?.text.trim() ?? '';
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
      `${cell?.place}: '${text}' is no ISO 8601 timestamp, such as 2026-01-31T06:00:00Z or 2026-01-31T07:00:00.250+01:00.`,
    );
  }
  return t;
}

function readQuality(cell: Cell | undefined): Quality | undefined {
  const text = cell?.text.trim() ?? '';
  if (text === '') return undefined;
  const quality = QUALITIES.find((known): known is Quality => known === text.toUpperCase());
  if (quality === undefined)
    throw new PointsError(
      `${cell?.place}: Unknown quality '${text}': allowed are GOOD, BAD and UNCERTAIN; empty is GOOD.`,
    );
  return quality;
}

function isNumber(text: string): boolean {
  return NUMBER.test(text) || NOT_FINITE.test(text);
}

function inferType(values: readonly Cell[]): DataType {
  const texts = values.map(({ text }) => text.trim()).filter((text) => text !== '');
  if (texts.length > 0 && texts.every((text) => BOOLEAN.test(text))) return 'BOOLEAN';
  return texts.every(isNumber) ? 'DOUBLE' : 'STRING';
}

function explainText(values: readonly Cell[], dataType: DataType): string | undefined {
  if (dataType !== 'STRING') return undefined;
  const culprit = values.find(({ text }) => text.trim() !== '' && !isNumber(text.trim()));
  return culprit && `${culprit.place}: '${culprit.text}' is no number, so all values of this file are strings.`;
}

/** An empty field, NaN and infinity are no value. */
function readValue(cell: Cell | undefined, dataType: DataType): Point['value'] {
  const text = cell?.text.trim() ?? '';
  if (dataType === 'STRING') return cell?.text ?? null;
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
    throw new PointsError(`${cell?.place}: '${text}' is not ${allowed[dataType]}.`);
  }
  return value;
}
