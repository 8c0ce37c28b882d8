import { z } from 'zod';
import { besideFile, readFailure } from './beside.ts';
import type { CheckContext, CsvPlace, FaultText, Place, PlacedSensor } from './checks/context.ts';
import { placedMachines } from './checks/context.ts';
import { checkDeployment } from './checks/deployment.ts';
import { checkIds } from './checks/ids.ts';
import { checkMachines } from './checks/machines.ts';
import { checkMes } from './checks/mes.ts';
import { checkOutpost } from './checks/outpost.ts';
import { checkReferences } from './checks/references.ts';
import { checkResidency } from './checks/residency.ts';
import { checkRules } from './checks/rules.ts';
import { checkCalendar } from './checks/shifts.ts';
import { checkSignals } from './checks/signals.ts';
import { checkSources } from './checks/sources.ts';
import type { SiteDocument } from './document.ts';
import { readDocument } from './document.ts';
import type { FilePosition, SiteFault, SitePath } from './fault.ts';
import { formatSitePath, SiteFileError } from './fault.ts';
import { resolveSite } from './resolve.ts';
import type { Salvage } from './salvage.ts';
import { salvage } from './salvage.ts';
import type { SiteFile } from './schema.ts';
import { machineSchema, siteSchema } from './schema.ts';
import { schemaAt } from './schema-at.ts';
import { readSignalsCsv } from './signals-csv.ts';
import type { Site } from './site.ts';
import { closestWord } from './suggest.ts';
import { translateIssue, valueAt } from './translate.ts';

export type { FilePosition, SiteFault, SitePath } from './fault.ts';
export { formatFault, SiteFileError } from './fault.ts';

/** What a site file is checked against beside itself. */
export interface LoadOptions {
  /** Ids of the asset models that a machine may have, see `machineModelIds`. @default they are not checked */
  readonly machineModels?: readonly string[];
  /** Whether the file is about to be deployed to AWS: then what only a deployment needs must be there. @default false */
  readonly forDeployment?: boolean;
}

/** A site file that can be used, and what is doubtful in it. */
export interface LoadedSite {
  readonly site: Site;
  /** What keeps nobody from starting, but is probably not meant. */
  readonly warnings: readonly SiteFault[];
  /** Where a place of the site file stands: for faults that only a deployment finds. Paths are those of the site. */
  locate(path: SitePath): FilePosition;
}

/**
 * Reads a site file and everything that it names.
 * @param path The site file's path, as messages shall show it; CSV files are looked for beside it.
 * @param readText Reads a text file whole (UTF-8); throws when it can't.
 * @throws SiteFileError with all faults at once.
 */
export function loadSite(path: string, readText: (path: string) => string): Site {
  return loadSiteWithWarnings(path, readText).site;
}

/** As {@link loadSite}, with the warnings. */
export function loadSiteWithWarnings(
  path: string,
  readText: (path: string) => string,
  options: LoadOptions = {},
): LoadedSite {
  const document = readDocument(path, readOrFault(path, readText));
  if (!('value' in document)) throw new SiteFileError(document);
  const checked = new SiteCheck(document, path, readText, options);
  if (checked.faults.length > 0 || checked.file === undefined) throw new SiteFileError(sorted(checked.faults));
  const site = resolveSite(checked.file, (line, machine) =>
    checked.sensorsOf(line, machine).map(({ sensor }) => sensor),
  );
  return { site, warnings: sorted(checked.warnings), locate: (place) => document.locate(place) };
}

function readOrFault(path: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch (error) {
    const message = `can't be read: ${readFailure(error)}`;
    throw new SiteFileError([{ file: path, line: 1, column: 1, path: '', message }]);
  }
}

function sorted(faults: readonly SiteFault[]): SiteFault[] {
  const files = [...new Set(faults.map(({ file }) => file))];
  return faults.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

/** The schema for what is left of a faulty file: lists may have become empty. */
const partSchema: z.ZodType<SiteFile> = siteSchema.extend({
  gateways: z.array(siteSchema.shape.gateways.element),
  sources: z.array(siteSchema.shape.sources.element),
  lines: z.array(siteSchema.shape.lines.element.extend({ machines: z.array(machineSchema) })),
});

/** What stands in for a key that is missing or faulty, so that the rest can be checked. */
const PLACEHOLDERS = { version: 1, id: 'site', timeZone: 'UTC', gateways: [], sources: [], lines: [] };

/** Goes through a file once: schema first, then what is left of it against itself. */
class SiteCheck {
  readonly faults: SiteFault[] = [];
  readonly warnings: SiteFault[] = [];
  /** The file with defaults filled in; undefined where the schema refuses it. */
  file: SiteFile | undefined;
  readonly #document: SiteDocument;
  readonly #path: string;
  readonly #readText: (path: string) => string;
  readonly #options: LoadOptions;
  readonly #faultyPaths: SitePath[] = [];
  readonly #sensors = new Map<string, readonly PlacedSensor[]>();

  constructor(document: SiteDocument, path: string, readText: (path: string) => string, options: LoadOptions) {
    this.#options = options;
    this.#document = document;
    this.#path = path;
    this.#readText = readText;
    this.#checkSchema();
    const rest = this.file === undefined ? salvage(partSchema, document.value, PLACEHOLDERS) : unchanged(this.file);
    if (rest !== undefined) this.#checkRest(rest);
  }

  sensorsOf(lineIndex: number, machineIndex: number): readonly PlacedSensor[] {
    return this.#sensors.get(`${lineIndex}/${machineIndex}`) ?? [];
  }

  #checkSchema(): void {
    const root = this.#document.value;
    const result = siteSchema.safeParse(root);
    for (const issue of result.error?.issues ?? []) {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      if (issue.code === 'unrecognized_keys') this.#noteUnknownKeys(issue.keys, path);
      else this.#faultyPaths.push(path);
      const context = {
        root,
        locate: (at: SitePath) => this.#document.locate(at),
        locateKey: (at: SitePath, key: string) => this.#document.locateKey(at, key),
        schemaAt: (at: SitePath) => schemaAt(siteSchema, at, root),
      };
      this.faults.push(...translateIssue(issue, context));
    }
    this.file = result.data;
  }

  /** A misspelt key also makes the one that was meant faulty: it is not just missing. */
  #noteUnknownKeys(keys: readonly string[], path: SitePath): void {
    const known = schemaAt(siteSchema, path, this.#document.value).keys;
    for (const key of keys) {
      const meant = closestWord(key, known);
      this.#faultyPaths.push([...path, key], ...(meant === undefined ? [] : [[...path, meant]]));
    }
  }

  #checkRest(rest: Salvage<SiteFile>): void {
    const context = this.#context(rest);
    this.#readSensors(rest, context);
    const checks = [
      checkCalendar,
      checkIds,
      checkReferences,
      checkSources,
      checkMachines,
      checkSignals,
      checkRules,
      checkDeployment,
      checkOutpost,
      checkResidency,
      checkMes,
    ];
    for (const check of checks) check(context);
  }

  #readSensors(rest: Salvage<SiteFile>, context: CheckContext): void {
    for (const { machine, path, lineIndex, machineIndex } of placedMachines(rest.data)) {
      const inline = machine.sensors.map(
        (sensor, index): PlacedSensor => ({ sensor, place: (...keys) => [...path, 'sensors', index, ...keys] }),
      );
      const fromCsv = machine.signals === undefined ? [] : this.#readCsv(machine.signals.csv, path, context);
      this.#sensors.set(`${lineIndex}/${machineIndex}`, [...inline, ...fromCsv]);
    }
  }

  #readCsv(named: string, machinePath: SitePath, context: CheckContext): readonly PlacedSensor[] {
    const file = besideFile(this.#path, named);
    let text: string;
    try {
      text = this.#readText(file);
    } catch (error) {
      const place = [...machinePath, 'signals', 'csv'];
      context.fault(place, { message: `names a file that can't be read: ${readFailure(error)}`, got: file });
      return [];
    }
    const { sensors, faults } = readSignalsCsv(file, text);
    this.faults.push(...faults);
    return sensors;
  }

  #context(rest: Salvage<SiteFile>): CheckContext {
    const original = (path: SitePath) => rest.originalPath(path);
    const locate = (place: Place): FilePosition => (isCsvPlace(place) ? place : this.#document.locate(original(place)));
    const report = (list: SiteFault[]) => (place: Place, text: FaultText, position?: FilePosition) => {
      const { file, line, column } = position ?? locate(place);
      const path = isCsvPlace(place) ? place.name : formatSitePath(original(place));
      list.push({ file, line, column, path, ...text });
    };
    return {
      site: rest.data,
      sensorsOf: (line, machine) => this.sensorsOf(line, machine),
      written: (path) => valueAt(this.#document.value, original(path)),
      writtenIds: (path) => idsOf(valueAt(this.#document.value, original(path))),
      isFaulty: (path) => {
        const place = original(path);
        return this.#faultyPaths.some((faulty) => startsWith(faulty, place) || startsWith(place, faulty));
      },
      machineModels: this.#options.machineModels,
      forDeployment: this.#options.forDeployment ?? false,
      locate,
      locateInText: (path, offset) => this.#document.locateInText(original(path), offset),
      fault: report(this.faults),
      warning: report(this.warnings),
    };
  }
}

function unchanged(data: SiteFile): Salvage<SiteFile> {
  return { data, originalPath: (path) => path };
}

function isCsvPlace(place: Place): place is CsvPlace {
  return 'name' in place;
}

function idsOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const id = valueAt(entry, ['id']);
    return typeof id === 'string' ? [id] : [];
  });
}

function startsWith(path: SitePath, prefix: SitePath): boolean {
  return prefix.length <= path.length && prefix.every((part, index) => part === path[index]);
}
