import { z } from 'zod';

/** A JSON Schema as a plain object. */
export type JsonSchemaObject = { readonly [key: string]: unknown };

/**
 * A body's schema as JSON Schema draft 4, which is what API Gateway validates by: what goes in, without what only code can
 * check (one field against another). `$schema` is left to whoever embeds it.
 */
export function draft4Schema(schema: z.ZodType): JsonSchemaObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-4', io: 'input' });
  return rest;
}
