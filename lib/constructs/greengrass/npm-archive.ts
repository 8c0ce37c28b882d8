import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

const BLOCK = 512;

/**
 * Checks an archive of npm against its integrity (`sha512-<base64>`).
 * @throws Error where it is another one.
 */
export function assertIntegrity(archive: Uint8Array, integrity: string, what: string): void {
  const digest = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (digest !== integrity) {
    throw new Error(
      `${what} is not what lib/greengrass-versions.ts names: its integrity is ${digest}, not ${integrity}.`,
    );
  }
}

/**
 * A file out of an archive of npm (`.tgz`, in which everything lies in `package/`).
 * @param name within the package, e.g. `bin/node`.
 * @throws Error where there is none.
 */
export function fileInArchive(archive: Uint8Array, name: string): Buffer {
  const tar = gunzipSync(archive);
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const path = textAt(tar, at, 100);
    const size = Number.parseInt(textAt(tar, at + 124, 12).trim() || '0', 8);
    const start = at + BLOCK;
    if (path === `package/${name}`) return tar.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`The archive has no file ${name}.`);
}

/** A text field of a tar header (POSIX.1-1988, ustar), which ends at a NUL. */
function textAt(tar: Buffer, at: number, length: number): string {
  const field = tar.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end);
}
