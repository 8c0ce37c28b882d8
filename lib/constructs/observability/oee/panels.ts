import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Grafana's JSON, as far as it is not looked into. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** An object of Grafana's JSON. */
export type JsonObject = { readonly [key: string]: Json };

const FOLDER = join(import.meta.dirname, '../../../../assets/dashboards');

/** The pieces that dashboards are made of: one JSON file each in assets/dashboards, which a fork may change. */
export type PieceName = 'dashboard' | 'figure' | 'history' | 'table' | 'bars' | 'text';

/** A piece as it is in its file. */
export function piece(name: PieceName): JsonObject {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as JsonObject;
}

/** Merges objects deeply; arrays and values of the later one replace those of the earlier. */
export function merged(base: JsonObject, over: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A variable of Grafana, as it stands in a text: `${line}`. @param format how several values are written, e.g. `singlequote` */
export function placeholder(name: string, format?: string): string {
  return `\${${format === undefined ? name : `${name}:${format}`}}`;
}

/** A panel with its size; where it stands follows from its row. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly json: JsonObject;
}

/** A panel made of a piece. @param width of 24 columns */
export function panel(name: PieceName, width: number, height: number, over: JsonObject): Panel {
  return { width, height, json: merged(piece(name), over) };
}

/** Rows of panels, placed and numbered. */
export function laidOut(rows: readonly (readonly Panel[])[]): JsonObject[] {
  const placed: JsonObject[] = [];
  let y = 0;
  for (const row of rows) {
    let x = 0;
    for (const { width, height, json } of row) {
      placed.push({ ...json, id: placed.length + 1, gridPos: { x, y, w: width, h: height } });
      x += width;
    }
    y += Math.max(0, ...row.map(({ height }) => height));
  }
  return placed;
}

/** OEE of a world-class plant, 0 to 1: the usual benchmark, after S. Nakajima. */
export const WORLD_CLASS_OEE = 0.85;
/** OEE of an average German plant, 0 to 1, from and to. */
export const GERMAN_AVERAGE_OEE = [0.55, 0.65] as const;

/** The bands that OEE is read against: below average, average, above it, world class. */
export const OEE_THRESHOLDS: JsonObject = {
  mode: 'absolute',
  steps: [
    { color: 'red', value: null },
    { color: 'orange', value: GERMAN_AVERAGE_OEE[0] },
    { color: 'yellow', value: GERMAN_AVERAGE_OEE[1] },
    { color: 'green', value: WORLD_CLASS_OEE },
  ],
};

/** The one colour of figures that no benchmark is for. */
export const NO_THRESHOLDS: JsonObject = { mode: 'absolute', steps: [{ color: 'blue', value: null }] };

/** A target of the SiteWise data source. */
export function siteWiseTarget(refId: string, rawSQL: string): JsonObject {
  return { refId, queryType: 'ExecuteQuery', editorMode: 'code', responseFormat: 'table', clientCache: false, rawSQL };
}

/** A target of the Athena data source. */
export function athenaTarget(refId: string, rawSQL: string): JsonObject {
  // Format 1 is a table: the query says what its columns are.
  return {
    refId,
    format: 1,
    connectionArgs: { region: '__default', catalog: '__default', database: '__default' },
    rawSQL,
  };
}

/** A variable that names a data source of a kind: whoever imports the dashboard chooses it. */
function dataSourceVariable(name: string, label: string, pluginId: string): JsonObject {
  return { name, label, type: 'datasource', query: pluginId, refresh: 1, multi: false, includeAll: false };
}

/** One of a variable's choices. */
export interface Choice {
  readonly text: string;
  readonly value: string;
}

/** A variable with fixed choices; the first one, or all, is chosen at first. */
export function choiceVariable(name: string, label: string, choices: readonly Choice[], multi = false): JsonObject {
  const [first] = choices;
  const current: JsonObject = multi
    ? { text: 'All', value: '$__all', selected: true }
    : { text: first?.text ?? '', value: first?.value ?? '', selected: true };
  return {
    name,
    label,
    type: 'custom',
    multi,
    includeAll: multi,
    // Grafana splits at commas, and takes what stands before " : " as the text.
    query: choices
      .map(({ text, value }) => `${text.replaceAll(/[,:]/g, ' ')} : ${value.replaceAll(',', '\\,')}`)
      .join(','),
    options: choices.map(({ text, value }) => ({ text, value, selected: !multi && value === first?.value })),
    current,
  };
}

/** The variable for the data source of AWS IoT SiteWise. */
export function siteWiseVariable(): JsonObject {
  return dataSourceVariable('sitewise', 'AWS IoT SiteWise', 'grafana-iot-sitewise-datasource');
}

/** The variable for the data source of Amazon Athena. */
export function athenaVariable(): JsonObject {
  return dataSourceVariable('athena', 'Amazon Athena', 'grafana-athena-datasource');
}
