import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipOf } from './zip.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WEB = 'hub/web';
const BUILT = join(ROOT, WEB, 'dist');
const CACHE = join(ROOT, 'node_modules/.cache/plantbridge-dashboard');
/** What the pages are made of, and a little more: all of core, since they import parts of it. */
const SOURCES = [WEB, 'core', 'package-lock.json'];

let known: string | undefined;

/** What the built dashboard is called among assets: by its sources, so that synthesis need not build it. */
export function dashboardHash(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(filesOf).toSorted()) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(ROOT, path)))
      .update('\0');
  }
  known = hash.digest('hex');
  return known;
}

/** Builds the dashboard and puts it into a ZIP archive, whose path it gives; made once, kept below node_modules. */
export function dashboardArchive(): string {
  const file = join(CACHE, `${dashboardHash()}.zip`);
  if (existsSync(file)) return file;
  execFileSync(process.execPath, [join(ROOT, WEB, 'build.ts')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const names = readdirSync(BUILT, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(BUILT.length + 1))
    .toSorted();
  mkdirSync(CACHE, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, zipOf(names.map((name) => ({ name, content: readFileSync(join(BUILT, name)) }))));
  renameSync(draft, file);
  return file;
}

/** Files below a path, from the repository's folder; what a build leaves behind is no source. */
function filesOf(path: string): string[] {
  const entries = (() => {
    try {
      return readdirSync(join(ROOT, path), { withFileTypes: true });
    } catch {
      return undefined;
    }
  })();
  if (entries === undefined) return [path];
  return entries
    .filter(({ name }) => name !== 'dist' && name !== 'node_modules')
    .flatMap((entry) => (entry.isDirectory() ? filesOf(`${path}/${entry.name}`) : [`${path}/${entry.name}`]));
}
