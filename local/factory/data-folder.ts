import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { UserFault } from '../../core/process.ts';
import { clauseOf } from './disk-fault.ts';

/** Its presence says that a folder is ours, and of which site: nothing else is ever moved or written to. */
const MARKER = 'plantbridge.json';
/** A day of the demo takes about 100 MB. */
const MIN_FREE_BYTES = 300 * 1024 * 1024;

/**
 * Makes sure that the data folder exists, is ours, can be written to and has some room.
 * @throws UserFault with one sentence on what is in the way; nothing has been changed then.
 */
export function prepareDataFolder(folder: string, siteId: string): void {
  if (existsSync(folder)) assertOurs(folder, siteId);
  try {
    // Keys, tokens and a factory's figures are nobody else's to read.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    for (const part of ['logs', 'edge', 'hub', 'simulator']) mkdirSync(join(folder, part), { recursive: true });
    // Missing, or damaged by a full disk: from now on it says again whose data these are.
    if (siteOf(folder) === undefined) writeFileSync(join(folder, MARKER), `${JSON.stringify({ site: siteId })}\n`);
  } catch (error) {
    throw new UserFault(
      `The data folder ${resolve(folder)} can't be written to: ${clauseOf(error)}. Choose another with --data.`,
    );
  }
  assertRoom(folder);
}

/**
 * Moves the folder aside for a new beginning; nothing is deleted.
 * @returns where the old data are now, undefined if there were none.
 */
export function moveAside(folder: string, now: Date): string | undefined {
  if (!existsSync(folder)) return undefined;
  if (!existsSync(join(folder, MARKER))) {
    if (readdirSync(folder).length === 0) return undefined;
    throw notOurs(folder);
  }
  const aside = `${resolve(folder)}-before-${now.toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    renameSync(folder, aside);
  } catch (error) {
    throw new UserFault(`The data folder ${resolve(folder)} can't be moved aside for --fresh: ${clauseOf(error)}.`);
  }
  return aside;
}

/** @throws UserFault when next to nothing is left on the disk. */
export function assertRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= MIN_FREE_BYTES) return;
  throw new UserFault(
    `The disk of ${resolve(folder)} is nearly full: ${Math.floor(free / 1024 / 1024)} MB are free, ${MIN_FREE_BYTES / 1024 / 1024} MB are needed. ` +
      'Make room, or choose a folder on another disk with --data.',
  );
}

function assertOurs(folder: string, siteId: string): void {
  if (!statSync(folder).isDirectory()) {
    throw new UserFault(`The data folder ${resolve(folder)} is a file. Choose another with --data.`);
  }
  if (!existsSync(join(folder, MARKER))) {
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch (error) {
      throw new UserFault(
        `The data folder ${resolve(folder)} can't be read: ${clauseOf(error)}. Choose another with --data.`,
      );
    }
    if (names.length > 0) throw notOurs(folder);
    return;
  }
  const stored = siteOf(folder);
  if (stored !== undefined && stored !== siteId) {
    throw new UserFault(
      `The data folder ${resolve(folder)} holds the data of the site "${stored}", but the site file describes "${siteId}". ` +
        'Choose another folder with --data, or move the old data aside with --fresh.',
    );
  }
}

function notOurs(folder: string): UserFault {
  return new UserFault(
    `The folder ${resolve(folder)} holds other things than Plantbridge's data (it lacks ${MARKER}), so it is left alone. Choose another with --data.`,
  );
}

function siteOf(folder: string): string | undefined {
  try {
    const marker: unknown = JSON.parse(readFileSync(join(folder, MARKER), 'utf8'));
    return typeof marker === 'object' && marker !== null && 'site' in marker ? String(marker.site) : undefined;
  } catch {
    return undefined;
  }
}
