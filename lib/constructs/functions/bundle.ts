import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

const ROOT = join(import.meta.dirname, '../../..');
/** Bundles by their content; what is in there already is never written again. */
const BUNDLE_FOLDER = join(ROOT, 'node_modules/.cache/plantbridge-bundles');

/** A program as one folder of files, named by its content. */
export interface Bundle {
  /** The folder that holds it. */
  readonly folder: string;
  /** SHA-256 of everything in it, hexadecimal: the same sources give the same hash on every machine. */
  readonly hash: string;
}

/** What is to be bundled. */
export interface BundleProps {
  /** The TypeScript file to begin with, from the repository's folder: `lambda/normalize/handler.ts`. */
  readonly entry: string;
  /** The name of the bundle's JavaScript file, which may be in a folder. @default index.mjs */
  readonly outputFile?: string;
  /**
   * Threads that the program starts with `new Worker(new URL('./<name>.ts', import.meta.url))`, as TypeScript files: each
   * becomes a program of its own beside it, `<name>.mjs`. @default none
   */
  readonly workers?: readonly string[];
  /** Files that are copied as they are: name in the bundle -> path from the repository's folder. @default none */
  readonly copies?: Readonly<Record<string, string>>;
  /** Packages that are not bundled. @default none */
  readonly external?: readonly string[];
  /** Files that lie beside the program: name -> text. @default none */
  readonly files?: Readonly<Record<string, string>>;
}

const made = new Map<string, Bundle>();

/**
 * Bundles a program for Node 24 with esbuild, each once a process. Source names within are relative, so that the hash does
 * not depend on where the repository lies.
 */
export function bundle(props: BundleProps): Bundle {
  const key = JSON.stringify(props);
  const known = made.get(key);
  if (known !== undefined) return known;
  const files = new Map<string, string | Uint8Array>(Object.entries(props.files ?? {}));
  for (const [name, contents] of programsOf(props)) files.set(name, contents);
  for (const [name, path] of Object.entries(props.copies ?? {})) files.set(name, readFileSync(join(ROOT, path)));
  const fresh = store(files);
  made.set(key, fresh);
  return fresh;
}

/** CommonJS packages within an ES module look for `require`, which Node does not give there. */
const REQUIRE_BANNER = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'error',
  write: false,
  banner: { js: REQUIRE_BANNER },
} as const satisfies BuildOptions;

/** The program and its threads, by name in the bundle. @throws Error where nothing starts a thread that is named */
function programsOf({ entry, outputFile = 'index.mjs', workers = [], external = [] }: BundleProps): [string, string][] {
  const outputs = new Map([[outputFile, entry]]);
  for (const worker of workers) outputs.set(posix.join(posix.dirname(outputFile), `${stemOf(worker)}.mjs`), worker);
  const started = new Set<string>();
  const programs = [...outputs].map(([name, path]): [string, string] => {
    const { outputFiles } = buildSync({
      ...OPTIONS,
      entryPoints: [path],
      outfile: basename(name),
      external: [...external],
    });
    let text = outputFiles?.[0]?.text ?? '';
    for (const worker of workers) {
      const written = `"./${stemOf(worker)}.ts"`;
      if (!text.includes(written)) continue;
      started.add(worker);
      text = text.replaceAll(written, `"./${stemOf(worker)}.mjs"`);
    }
    return [name, text];
  });
  const idle = workers.find((worker) => !started.has(worker));
  if (idle !== undefined) throw new Error(`${entry} starts no thread ${idle}: has it another name by now?`);
  return programs;
}

function stemOf(path: string): string {
  return basename(path, '.ts');
}

/** Files as one folder named by their content: for assets that are made at synthesis. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Bundle {
  return store(new Map(Object.entries(files)));
}

function store(files: ReadonlyMap<string, string | Uint8Array>): Bundle {
  const hash = createHash('sha256');
  for (const name of [...files.keys()].toSorted())
    hash
      .update(name)
      .update('\0')
      .update(files.get(name) ?? '')
      .update('\0');
  const digest = hash.digest('hex');
  const folder = join(BUNDLE_FOLDER, digest);
  if (!holds(folder, files)) {
    // Another process may be at the same: whoever is later finds the folder there.
    const draft = `${folder}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    for (const [name, content] of files) {
      const path = join(draft, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    rmSync(folder, { recursive: true, force: true });
    try {
      renameSync(draft, folder);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!holds(folder, files)) throw error;
    }
  }
  return { folder, hash: digest };
}

function holds(folder: string, files: ReadonlyMap<string, string | Uint8Array>): boolean {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return [...files].every(
      ([name, content]) => names.includes(name) && readFileSync(join(folder, name)).equals(Buffer.from(content)),
    );
  } catch {
    return false;
  }
}
