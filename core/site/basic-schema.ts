import { z } from 'zod';
import { ID_MAX_LENGTH, ID_PATTERN } from '../path.ts';

/** An id: lower-case kebab, unique among its siblings, part of every path and so never changed later. */
export const idSchema = z
  .string()
  .max(ID_MAX_LENGTH)
  .regex(ID_PATTERN, 'must be lower-case letters, digits and single hyphens, starting with a letter, e.g. "filler-1"');

/** A name for people; anything. */
export const nameSchema = z.string().min(1).max(256);

/** A time of day in the site's time zone, `HH:MM`. */
export const timeOfDaySchema = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d$/,
    'must be a time of day in the site\'s time zone, "00:00" to "23:59", e.g. "06:00"',
  );

/**
 * Where a secret comes from: `env:NAME`, `file:path` (relative to the site file) or `secretsmanager:name`.
 * A literal password in the site file is a fault.
 */
export const secretReferenceSchema = z
  .string()
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|secretsmanager:.+)$/,
    'must say where the secret is, never the secret itself: env:NAME, file:path or secretsmanager:name',
  );
