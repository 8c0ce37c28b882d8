import { z } from 'zod';
import { siteSchema } from './schema.ts';

/**
 * The site file's JSON Schema, by which editors complete and explain keys (draft 7, which the YAML language server knows
 * best). What it can't say, such as that a source must exist, `plant check` says.
 */
export function siteJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(siteSchema, { target: 'draft-7', io: 'input' });
  return { ...schema, title: 'Plantbridge site file' };
}

/** The schema as it lies in docs/site.schema.json. */
export function siteJsonSchemaText(): string {
  return `${JSON.stringify(siteJsonSchema(), undefined, 2)}\n`;
}
