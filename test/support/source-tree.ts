import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The folders that hold TypeScript of ours. */
export const CODE_FOLDERS = ['bin', 'cli', 'core', 'edge', 'hub', 'lambda', 'lib', 'local', 'bench', 'test'] as const;

/** A TypeScript file of the repository. */
export interface SourceFile {
  /** From the repository's folder, with forward slashes: `core/path.ts`. */
  readonly path: string;
  readonly text: string;
}

/** All TypeScript files of the code folders. */
export function sourceFiles(): SourceFile[] {
  return CODE_FOLDERS.flatMap((folder) => {
    let entries: string[];
    try {
      entries = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    } catch {
      return []; // A folder that does not exist yet breaks no rule.
    }
    return entries
      .filter((entry) => /\.(ts|tsx|mts)$/.test(entry) && !/(^|[/\\])(node_modules|dist)[/\\]/.test(entry))
      .map((entry) => {
        const file = join(ROOT, folder, entry);
        return { path: relative(ROOT, file).split(sep).join('/'), text: readFileSync(file, 'utf8') };
      });
  });
}

/** The text with comments blanked out (line breaks stay), so that what they mention is no code; strings stay. */
export function withoutComments(text: string): string {
  const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replaceAll(token, (found) => (/^\/[/*]/.test(found) ? found.replaceAll(/[^\n]/g, ' ') : found));
}

/** One import: static, dynamic, re-exported, or a module named by `new URL(..., import.meta.url)` for a worker or process. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

const STATIC = /^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const BARE = /^[ \t]*import\s*['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g;
const BY_URL = /\bnew URL\(\s*['"`]([^'"`]+\.(?:ts|tsx|mts))['"`]\s*,\s*import\.meta\.url/g;

/** What a file imports. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  return [STATIC, BARE, DYNAMIC, BY_URL]
    .flatMap((pattern) => [...code.matchAll(pattern)])
    .map((match) => ({ specifier: match[1] ?? '', line: lineAt(code, match.index + match[0].length) }))
    .toSorted((a, b) => a.line - b.line);
}

/** The file that a relative import names, from the repository's folder; undefined for a package. */
export function importedPath(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : undefined;
}

/** The package of an import: `@scope/name` or `name`, without the path in it. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The line (from 1) of a character. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
