import type { z } from 'zod';
import { readDocument, type SiteDocument } from '../site/document.ts';
import { formatFault, type SiteFault } from '../site/fault.ts';
import { schemaAt } from '../site/schema-at.ts';
import { translateIssue } from '../site/translate.ts';
import { UserFault } from '../user-fault.ts';
import { checkAssetModels } from './check.ts';
import type { AssetModelFile } from './model.ts';
import { type AssetModelDefinition, assetModelSchema } from './schema.ts';

/** The text of a model file, and its name as messages shall show it. */
export interface AssetModelText {
  readonly file: string;
  readonly text: string;
}

/** Asset models that can't be used, with everything that is wrong in them. The message has one line a fault. */
export class AssetModelError extends UserFault {
  readonly faults: readonly SiteFault[];

  constructor(faults: readonly SiteFault[]) {
    super(faults.map(formatFault).join('\n'));
    this.name = 'AssetModelError';
    this.faults = faults;
  }
}

/** Access to a folder of files. */
export interface FolderReader {
  /** The names of the files in a folder. */
  list(folder: string): readonly string[];
  /** A text file whole (UTF-8). */
  readText(path: string): string;
}

/**
 * Reads every asset model (`*.yaml`) of a folder.
 * @param folder as it is read. @param shownAs the folder as messages shall name it.
 * @throws {AssetModelError} a user's fault with every fault of every file.
 * @throws {UserFault} where the folder cannot be read.
 */
export function loadAssetModelFolder(
  folder: string,
  shownAs: string,
  reader: FolderReader,
): ReadonlyMap<string, AssetModelFile> {
  try {
    const names = reader.list(folder).filter((name) => /\.ya?ml$/.test(name));
    return loadAssetModels(
      names.toSorted().map((name) => ({ file: `${shownAs}/${name}`, text: reader.readText(`${folder}/${name}`) })),
    );
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (typeof code === 'string') throw new UserFault(`The asset models in ${folder} cannot be read (${code}).`);
    throw error;
  }
}

/**
 * Reads all model files of a deployment and checks them, each by itself and against each other.
 * @returns the files by model id.
 * @throws AssetModelError with all faults: file, line, column, what stands there and what may.
 */
export function loadAssetModels(texts: readonly AssetModelText[]): ReadonlyMap<string, AssetModelFile> {
  const faults: SiteFault[] = [];
  const files = new Map<string, AssetModelFile>();
  for (const { file, text } of texts) {
    const document = readDocument(file, text);
    if (!('locate' in document)) {
      faults.push(...document);
      continue;
    }
    const result = assetModelSchema.safeParse(document.value);
    if (!result.success) {
      faults.push(
        ...result.error.issues.flatMap(chosenBranch).flatMap((issue) => translateIssue(issue, contextOf(document))),
      );
      continue;
    }
    const earlier = files.get(result.data.id);
    if (earlier !== undefined) {
      faults.push({
        ...document.locate(['id']),
        path: 'id',
        message: 'is the id of another model too',
        got: `${result.data.id}, as in ${earlier.file}`,
      });
      continue;
    }
    files.set(result.data.id, { file, definition: result.data satisfies AssetModelDefinition, document });
  }
  // Models that could not be read would make every reference to them a fault of its own: first things first.
  if (faults.length === 0) faults.push(...checkAssetModels(files));
  if (faults.length > 0) throw new AssetModelError(faults);
  return files;
}

/** Where several shapes are allowed: the faults of the one that the value resembles, instead of "must be this or that". */
function chosenBranch(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const branch = issue.errors.find((issues) =>
    issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  );
  return branch === undefined || branch.length === 0
    ? [issue]
    : branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function contextOf(document: SiteDocument) {
  return {
    root: document.value,
    locate: document.locate.bind(document),
    locateKey: document.locateKey.bind(document),
    schemaAt: (path: readonly (string | number)[]) => schemaAt(assetModelSchema, path, document.value),
  };
}
