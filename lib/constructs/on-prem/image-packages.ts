import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly dev?: boolean;
}

interface LockFile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** What `npm ci` needs: name -> text. */
export type PackageFiles = Readonly<Record<'package.json' | 'package-lock.json', string>>;

let locked: LockFile | undefined;

/**
 * package.json and package-lock.json with some of the repository's packages and what these need, at the very versions and
 * hashes of the repository's lock file: an image holds nothing else.
 * @throws Error for a package that the repository has not.
 */
export function packageFiles(names: readonly string[]): PackageFiles {
  locked ??= JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile;
  const { packages, lockfileVersion } = locked;
  const taken = new Map<string, LockedPackage>();
  const waiting = names.map((name) => ({ from: '', name, isOptional: false }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const path = resolved(packages, next.from, next.name);
    if (path === undefined) {
      if (next.isOptional) continue;
      throw new Error(
        `package-lock.json has no ${next.name}, which ${next.from === '' ? 'an image' : next.from} needs.`,
      );
    }
    const found = packages[path];
    if (found === undefined || taken.has(path)) continue;
    const { dev: _, ...kept } = found;
    taken.set(path, kept);
    for (const [name, isOptional] of needsOf(found)) waiting.push({ from: path, name, isOptional });
  }
  const dependencies = Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`]?.version ?? '']));
  const head = { name: 'plantbridge-image', version: '0.0.0', private: true, type: 'module', dependencies };
  const sorted = Object.fromEntries([...taken].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const lock = {
    name: head.name,
    version: head.version,
    lockfileVersion,
    requires: true,
    packages: { '': { name: head.name, version: head.version, dependencies }, ...sorted },
  };
  return { 'package.json': textOf(head), 'package-lock.json': textOf(lock) };
}

function needsOf(found: LockedPackage): [name: string, isOptional: boolean][] {
  const isOptionalPeer = (name: string) => found.peerDependenciesMeta?.[name]?.optional === true;
  return [
    ...Object.keys(found.dependencies ?? {}).map((name): [string, boolean] => [name, false]),
    ...Object.keys(found.optionalDependencies ?? {}).map((name): [string, boolean] => [name, true]),
    ...Object.keys(found.peerDependencies ?? {})
      .filter((name) => !isOptionalPeer(name))
      .map((name): [string, boolean] => [name, false]),
  ];
}

/** Where Node finds a package from within another: its own node_modules, then those above. */
function resolved(packages: LockFile['packages'], from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}

function textOf(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
