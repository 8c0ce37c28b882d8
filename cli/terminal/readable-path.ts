import { isAbsolute, relative } from 'node:path';

/** A path as a person would write it: from here on where it lies below, else in full. */
export function readablePath(path: string): string {
  const below = relative(process.cwd(), path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below;
}
