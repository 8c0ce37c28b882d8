import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AssetModelError, loadAssetModelFolder } from '../core/asset-model/load.ts';
import { machineModelIds } from '../core/asset-model/machine-models.ts';
import type { AssetModelFile } from '../core/asset-model/model.ts';
import { loadSiteWithWarnings, type SiteFault, SiteFileError } from '../core/site/load.ts';
import type { DeployableSite } from './deployment.ts';
import { sharedAccountFaults } from './shared-account.ts';

/** Where the asset models lie in the repository. */
const ASSET_MODEL_FOLDER = join(import.meta.dirname, '../assets/asset-models');

/**
 * The sites of a folder, checked for deployment: every `*.yaml` file in it, or only the one with the given id.
 * @param folder The folder as messages shall show it, e.g. `sites`.
 * @throws SiteFileError with the faults of all files and of the asset models, also where two files have the same id or none has the one asked for.
 */
export function loadSites(folder: string, onlyId?: string): DeployableSite[] {
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
  // A fault in another factory's file is no reason to keep this one from being deployed.
  const named = onlyId === undefined ? [] : files.filter((file) => basename(file).replace(/\.ya?ml$/, '') === onlyId);
  const { models, faults } = deployableModels();
  const sites: DeployableSite[] = [];
  const fileOfSite = new Map<string, string>();
  for (const file of named.length > 0 ? named : files) {
    try {
      const deployable = deployableSite(file, models);
      const { id } = deployable.site;
      const other = fileOfSite.get(id);
      if (other !== undefined) faults.push(whole(file, `has the same id as ${other}: ${id}`));
      fileOfSite.set(id, file);
      if (onlyId === undefined || id === onlyId) sites.push(deployable);
    } catch (error) {
      if (!(error instanceof SiteFileError)) throw error;
      faults.push(...error.faults);
    }
  }
  const others =
    named.length > 0
      ? readable(
          files.filter((file) => !named.includes(file)),
          models,
        )
      : [];
  const asked = new Set(sites.map(({ site }) => site.id));
  faults.push(
    ...sharedAccountFaults([...others, ...sites])
      .filter(({ siteId }) => asked.has(siteId))
      .map(({ fault }) => fault),
  );
  if (faults.length > 0) throw new SiteFileError(faults);
  if (sites.length === 0) {
    const message = onlyId === undefined ? 'has no site file (*.yaml)' : `has no site with the id "${onlyId}"`;
    throw new SiteFileError([whole(folder, message)]);
  }
  return sites;
}

/**
 * One site file, checked for deployment.
 * @param readText @default reads from disk
 * @throws SiteFileError with all faults at once.
 */
export function deployableSite(
  file: string,
  models: ReadonlyMap<string, AssetModelFile> = deployableModels().models,
  readText = (path: string) => readFileSync(path, 'utf8'),
): DeployableSite {
  const files = new Map<string, string>();
  const reading = (path: string): string => {
    const text = readText(path);
    files.set(path, text);
    return text;
  };
  const options = { machineModels: machineModelIds(models), forDeployment: true };
  const { site, locate } = loadSiteWithWarnings(file, reading, options);
  return { site, models, files, locate };
}

/** The asset models of the repository; without those that have faults, which are handed back beside them. */
export function deployableModels(): { models: ReadonlyMap<string, AssetModelFile>; faults: SiteFault[] } {
  const reader = { list: (path: string) => readdirSync(path), readText: (path: string) => readFileSync(path, 'utf8') };
  try {
    return { models: loadAssetModelFolder(ASSET_MODEL_FOLDER, 'assets/asset-models', reader), faults: [] };
  } catch (error) {
    if (!(error instanceof AssetModelError)) throw error;
    return { models: new Map(), faults: [...error.faults] };
  }
}

/** Site files beside the ones that are asked for, as far as they can be read: what is wrong in them is theirs. */
function readable(files: readonly string[], models: ReadonlyMap<string, AssetModelFile>): DeployableSite[] {
  return files.flatMap((file) => {
    try {
      return [deployableSite(file, models)];
    } catch (error) {
      if (!(error instanceof SiteFileError)) throw error;
      return [];
    }
  });
}

function whole(file: string, message: string): SiteFault {
  return { file, line: 1, column: 1, path: '', message };
}
