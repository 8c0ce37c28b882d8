import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { siteJsonSchema, siteJsonSchemaText } from '../../../core/site/json-schema.ts';
import { DEMO_TEXT } from '../../support/site-text.ts';
import { ROOT } from '../../support/source-tree.ts';

/** Every property of the schema with its path. */
function properties(schema: unknown, path: string): { path: string; schema: Record<string, unknown> }[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'properties' && typeof value === 'object' && value !== null) {
      return Object.entries(value).flatMap(([name, property]: [string, Record<string, unknown>]) => [
        { path: `${path}.${name}`, schema: property },
        ...properties(property, `${path}.${name}`),
      ]);
    }
    return properties(value, path);
  });
}

describe("the site file's JSON Schema", () => {
  test('docs/site.schema.json is what the schema in the code says: else run npm run schema', () => {
    expect(readFileSync(join(ROOT, 'docs/site.schema.json'), 'utf8')).toBe(siteJsonSchemaText());
  });

  test('explains every key', () => {
    const all = properties(siteJsonSchema(), '');
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter(({ schema }) => typeof schema.description !== 'string').map(({ path }) => path)).toEqual([]);
  });

  test('refuses misspelt keys and does not ask for keys with a default', () => {
    const schema = siteJsonSchema();
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(['version', 'id', 'timeZone', 'gateways', 'sources', 'lines']);
  });

  test('the demo names it, so that editors find it', () => {
    expect(DEMO_TEXT.split('\n')[0]).toBe('# yaml-language-server: $schema=../docs/site.schema.json');
  });
});
