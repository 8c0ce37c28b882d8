/**
 * A path that a file names, seen from where that file's own path is seen: `tags.csv` in `sites/demo.yaml` is
 * `sites/tags.csv`. Absolute paths (POSIX or Windows) stay as they are. No I/O.
 */
export function besideFile(file: string, named: string): string {
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(named)) return named;
  const end = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  return `${file.slice(0, end + 1)}${named.replace(/^\.[/\\]/, '')}`;
}

/** Why a file could not be read, as the end of a sentence, from what the reader threw. */
export function readFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'reading it is not permitted';
  if (code === 'EISDIR') return 'it is a folder';
  return typeof code === 'string' ? `the system says ${code}` : 'it could not be read';
}
