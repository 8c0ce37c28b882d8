import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadSite, type SiteFault, SiteFileError } from '../core/site/load.ts';
import type { Site } from '../core/site/site.ts';

/**
 * The sites of a folder: every `*.yaml` file in it, or only the one with the given id.
 * @param folder The folder as messages shall show it, e.g. `sites`.
 * @throws SiteFileError with the faults of all files, also where two files have the same id or none has the one asked for.
 */
export function loadSites(folder: string, onlyId?: string): Site[] {
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
  // A fault in another factory's file is no reason to keep this one from being deployed.
  const named = onlyId === undefined ? [] : files.filter((file) => basename(file).replace(/\.ya?ml$/, '') === onlyId);
  const faults: SiteFault[] = [];
  const sites: Site[] = [];
  const fileOfSite = new Map<string, string>();
  for (const file of named.length > 0 ? named : files) {
    try {
      const site = loadSite(file, (path) => readFileSync(path, 'utf8'));
      const other = fileOfSite.get(site.id);
      if (other !== undefined) faults.push(whole(file, `has the same id as ${other}: ${site.id}`));
      fileOfSite.set(site.id, file);
      if (onlyId === undefined || site.id === onlyId) sites.push(site);
    } catch (error) {
      if (!(error instanceof SiteFileError)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new SiteFileError(faults);
  if (sites.length === 0) {
    const message = onlyId === undefined ? 'has no site file (*.yaml)' : `has no site with the id "${onlyId}"`;
    throw new SiteFileError([whole(folder, message)]);
  }
  return sites;
}

function whole(file: string, message: string): SiteFault {
  return { file, line: 1, column: 1, path: '', message };
}
