import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../support/source-tree.ts';

/** What a command in the shell did. */
export interface Outcome {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/**
 * What the documented commands call, as shell functions: `npx plant` is the command line of this tree, as npm links it; `curl` notes its
 * arguments, since the hub is in process here.
 */
const PRELUDE = `
npx() { test "$1" = plant && shift && "$DOCS_NODE" --disable-warning=ExperimentalWarning "$DOCS_ROOT/bin/plant.ts" "$@"; }
curl() { for argument in "$@"; do printf '%s\\n' "$argument"; done; }
`;

/** A folder of its own in which the documented commands run, as a reader's clone would be: site files, the access token. */
export class Workspace implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'plant-docs-'));

  constructor(files: Readonly<Record<string, string>>) {
    cpSync(join(ROOT, 'sites'), join(this.folder, 'sites'), { recursive: true });
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Runs a command as a reader would type it. */
  run(command: string): Promise<Outcome> {
    const env = { ...process.env, NODE_OPTIONS: '', DOCS_NODE: process.execPath, DOCS_ROOT: ROOT };
    return new Promise((resolve) => {
      execFile('sh', ['-c', PRELUDE + command], { cwd: this.folder, env }, (error, output, errors) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), output, errors });
      });
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
