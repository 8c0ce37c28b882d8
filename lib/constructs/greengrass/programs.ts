import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, bundle } from '../functions/bundle.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MODELS = 'assets/asset-models';
const PGLITE = 'node_modules/@electric-sql/pglite/dist';
/** Where in the hub's bundle its program lies: two folders deep, so that it finds package.json and the asset models as in the repository. */
const HUB_PROGRAM = 'hub/program';

/**
 * Packages that are left out: serial lines, which no source of a site file can name (their driver is native code), and a
 * file lock of which node-opcua's certificate manager only asks where it is there.
 */
const NOT_NEEDED = ['serialport', 'proper-lockfile'];

/** The connector with its outbox thread, as one folder that needs nothing but Node: `main.mjs`. */
export function connectorProgram(): Bundle {
  return bundle({
    entry: 'edge/main.ts',
    outputFile: 'main.mjs',
    workers: ['edge/outbox/outbox-thread.ts'],
    external: NOT_NEEDED,
  });
}

/** The hub with its threads, PostgreSQL's WebAssembly and the asset models: `hub/program/main.mjs`. */
export function hubProgram(): Bundle {
  const models = readdirSync(join(ROOT, MODELS)).filter((name) => /\.ya?ml$/.test(name));
  const database = ['pglite.wasm', 'pglite.data', 'initdb.wasm'];
  return bundle({
    entry: 'hub/main.ts',
    outputFile: `${HUB_PROGRAM}/main.mjs`,
    workers: ['hub/historian/pglite-thread.ts', 'hub/rules/rule-thread.ts'],
    // Of package.json the hub reads its version; that anything else in it changed is no new hub.
    files: { 'hub/package.json': JSON.stringify({ version: projectVersion(), type: 'module' }) },
    copies: {
      ...Object.fromEntries(models.map((name) => [`${MODELS}/${name}`, `${MODELS}/${name}`])),
      ...Object.fromEntries(database.map((name) => [`${HUB_PROGRAM}/${name}`, `${PGLITE}/${name}`])),
    },
  });
}

function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  return version;
}
