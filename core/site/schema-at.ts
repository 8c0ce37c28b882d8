import { z } from 'zod';
import type { SitePath } from './fault.ts';

/** What the schema says about a place in the site file. */
export interface SchemaPlace {
  /** What belongs there, as a sentence without a full stop. */
  readonly description?: string;
  /** The keys that may stand there, if it is a map with fixed keys. */
  readonly keys: readonly string[];
  /** Whether a value may stand there. */
  accepts(value: unknown): boolean;
}

/**
 * Follows a path through a schema; where the schema is a choice by a discriminator (`protocol`), `root`, the value read
 * from the file, decides.
 */
export function schemaAt(schema: z.core.$ZodType, path: SitePath, root: unknown): SchemaPlace {
  let place: z.core.$ZodType | undefined = schema;
  let value = root;
  let description = describe(schema);
  for (const part of path) {
    place = step(unwrap(place, value), part);
    if (place === undefined) return { keys: [], accepts: () => false };
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined;
    description = describe(place);
  }
  const inner = unwrap(place, value);
  const keys = inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  const found = place;
  const accepts = (candidate: unknown) => found !== undefined && z.safeParse(found, candidate).success;
  return { keys, accepts, ...(description !== undefined && { description }) };
}

function step(schema: z.core.$ZodType | undefined, part: string | number): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, part) ? schema.shape[part] : undefined;
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return undefined;
}

/** The schema itself, without optional and default, and with a choice made. */
function unwrap(schema: z.core.$ZodType | undefined, value: unknown): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap(), value);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return schema.options.find(
      (option) => option instanceof z.ZodObject && isChosen(option, schema.def.discriminator, value),
    );
  }
  return schema;
}

function isChosen(option: z.ZodObject, discriminator: string, value: unknown): boolean {
  const chosen =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[discriminator] : undefined;
  return option.shape[discriminator] instanceof z.ZodLiteral && option.shape[discriminator].value === chosen;
}

function describe(schema: z.core.$ZodType | undefined): string | undefined {
  if (schema === undefined) return undefined;
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const wraps = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wraps ? describe(schema.unwrap()) : undefined;
}
