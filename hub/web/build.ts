import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB_FOLDER = fileURLToPath(new URL('.', import.meta.url));
const REPOSITORY = join(WEB_FOLDER, '..', '..');
const OUTPUT = join(WEB_FOLDER, 'dist');
const STAMP = join(OUTPUT, '.sources');

/** What the pages are made of: all of it goes into the hash, so that a change in any of it builds anew. */
const SOURCES = [
  'hub/web/src',
  'hub/web/public',
  'hub/web/index.html',
  'hub/web/vite.config.ts',
  'core/path.ts',
  'core/telemetry/types.ts',
  'package-lock.json',
];

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  const files = (await Promise.all(SOURCES.map((source) => filesOf(join(REPOSITORY, source))))).flat();
  for (const file of files.sort()) {
    hash
      .update(relative(REPOSITORY, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * Builds the dashboard, unless it is built from these very sources already.
 * @returns the folder with index.html and its assets, to be served at `/`; every address without a file is index.html's
 */
export async function buildDashboard(): Promise<string> {
  const hash = await sourceHash();
  const built = await readFile(STAMP, 'utf8').catch(() => undefined);
  if (built === hash) return OUTPUT;
  // Loaded only here: a start with a current build doesn't pay for Vite.
  const { build } = await import('vite');
  await build({ configFile: join(WEB_FOLDER, 'vite.config.ts'), build: { outDir: OUTPUT } });
  await writeFile(STAMP, hash);
  return OUTPUT;
}

if (import.meta.main) await buildDashboard();
