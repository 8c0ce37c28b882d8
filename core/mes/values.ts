import { z } from 'zod';
import { ID_PATTERN, parsePath, pathLevel } from '../path.ts';

/** An id as it stands in a path, as a part of a regular expression. */
const ID = ID_PATTERN.source.slice(1, -1);

/** The bytes that a request's body may have: the firewall's managed rules refuse longer ones. */
export const MOST_BODY_BYTES = 8192;

/**
 * An id that the MES or ERP gives: an order, a lot, a quality result. It becomes part of an address and of a topic, so it has
 * neither slash nor space.
 */
export const foreignIdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/,
    'must be letters, digits, ".", "_", "~" and "-", 64 at most, starting with a letter or digit',
  );

/** A code from the MES's catalogue of reasons: scrap, downtime. */
export const reasonCodeSchema = foreignIdSchema;

/** The path of a line: `demo/bottling`. */
export const linePathSchema = z
  .string()
  .max(200)
  .regex(new RegExp(`^${ID}/${ID}$`), 'must be the path of a line, as <site>/<line>, e.g. demo/bottling');

/** The path of a machine: `demo/bottling/filler`. */
export const machinePathSchema = z
  .string()
  .max(200)
  .regex(
    new RegExp(`^${ID}/${ID}/${ID}$`),
    'must be the path of a machine, as <site>/<line>/<machine>, e.g. demo/bottling/filler',
  );

/** The path of a line or of a machine. */
export const equipmentPathSchema = z
  .string()
  .max(200)
  .regex(
    new RegExp(`^${ID}/${ID}(/${ID})?$`),
    'must be the path of a line or machine, e.g. demo/bottling or demo/bottling/filler',
  );

/** Whether a path of a line or machine is one of a site. */
export function isOfSite(path: string, siteId: string): boolean {
  const parts = parsePath(path);
  return parts !== undefined && parts.site === siteId && pathLevel(parts) !== 'site';
}

/** Times before are mistakes: seconds taken for milliseconds, a clock that was never set. */
const EARLIEST_MS = Date.UTC(2000, 0);
/** Times beyond are mistakes: mistyped years. */
const LATEST_MS = Date.UTC(2091, 0);

/** An instant with its offset: a wall-clock time alone is none on the day when clocks are put back. */
export const instantSchema = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 time with offset, e.g. 2026-11-22T06:00:00+01:00' })
  .refine((text) => Date.parse(text) >= EARLIEST_MS && Date.parse(text) < LATEST_MS, 'must be between 2000 and 2090');

/** Parts, as a count. */
export const partsSchema = z.int().min(0).max(1_000_000_000);

/** Free text for people. What is known of persons does not belong in it: it is stored and sent on as it is. */
export const noteSchema = z.string().min(1).max(500);

/** Whether a period has a length. */
export function isForward({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return Date.parse(from) < Date.parse(to);
}
