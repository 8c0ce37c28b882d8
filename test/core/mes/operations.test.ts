import { describe, expect, test } from '@jest/globals';
import { draft4Schema } from '../../../core/mes/json-schema.ts';
import { MES_OPERATIONS, mesOperation } from '../../../core/mes/operations.ts';
import { PROBLEM_TITLES, problem, problemSchema } from '../../../core/mes/problem.ts';
import {
  acceptedSchema,
  idempotencyKeySchema,
  requestStatusSchema,
  versionSchema,
} from '../../../core/mes/requests.ts';

/** All parts of a JSON Schema that are schemas or hold them, without the names of properties. */
function keywords(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keywords);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties' ? [key, ...Object.values(value as object).flatMap(keywords)] : [key, ...keywords(value)],
  );
}

const BODIES = MES_OPERATIONS.flatMap(({ name, body }) =>
  body === undefined ? [] : [[name, draft4Schema(body)] as const],
);

describe('the operations of the MES API', () => {
  test('are each at an address of its own, which names its parameters', () => {
    const addresses = MES_OPERATIONS.map(({ method, resource }) => `${method} ${resource}`);
    expect(new Set(addresses).size).toBe(MES_OPERATIONS.length);
    expect(new Set(MES_OPERATIONS.map(({ name }) => name)).size).toBe(MES_OPERATIONS.length);
    for (const { resource, parameters } of MES_OPERATIONS)
      expect([...resource.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(Object.keys(parameters));
  });

  test('are found by method and address', () => {
    expect(mesOperation('PUT', '/orders/{orderId}')?.name).toBe('write-order');
    expect(mesOperation('DELETE', '/orders/{orderId}')).toBeUndefined();
  });

  test.each(BODIES)('%s has a schema that API Gateway understands: draft 4, and all in one', (_, schema) => {
    const used = keywords(schema);
    expect(used).toContain('additionalProperties');
    for (const later of ['const', '$ref', '$defs', 'definitions', 'prefixItems', 'if', 'propertyNames', '$schema'])
      expect(used).not.toContain(later);
    expect(JSON.stringify(schema)).not.toMatch(/"exclusiveM(in|ax)imum":\d/);
  });

  test.each(BODIES)('%s refuses unknown fields on each level, and describes each it knows', (_, schema) => {
    const check = (part: unknown): void => {
      if (Array.isArray(part)) part.forEach(check);
      if (typeof part !== 'object' || part === null) return;
      if ('properties' in part) {
        expect(part).toMatchObject({ type: 'object', additionalProperties: false });
        for (const property of Object.values(part.properties as object)) expect(property).toHaveProperty('description');
      }
      Object.values(part).forEach(check);
    };
    check(schema);
  });
});

describe('headers and answers of the MES API', () => {
  test('an idempotency key is neither guessed nor endless', () => {
    const good = ['0b1f8d0e-3f6c-4b7e-9d53-0a4f0e6f1c11', 'order:4711'];
    const bad = ['short', 'a'.repeat(129), 'with space', 'line\nbreak', 'umläutes'];
    expect(good.filter((key) => idempotencyKeySchema.safeParse(key).success)).toEqual(good);
    expect(bad.filter((key) => idempotencyKeySchema.safeParse(key).success)).toEqual([]);
  });

  test('a version is an entity tag of one number', () => {
    expect(versionSchema.safeParse('"12"').success).toBe(true);
    expect(['12', 'W/"12"', '"a"', '*'].some((tag) => versionSchema.safeParse(tag).success)).toBe(false);
  });

  test('an accepted request says where its status is, and the status what became of it', () => {
    const requestId = '0b1f8d0e-3f6c-4b7e-9d53-0a4f0e6f1c11';
    expect(acceptedSchema.parse({ requestId, status: `/requests/${requestId}` })).toBeDefined();
    const status = {
      requestId,
      operation: 'write-order',
      state: 'refused',
      takenAt: '2026-11-22T06:00:00Z',
      decidedAt: '2026-11-22T06:00:01Z',
      problem: problem(412, 'The order is at version 8.'),
    };
    expect(requestStatusSchema.parse(status)).toEqual(status);
  });

  test('a problem has the members of RFC 9457', () => {
    expect(problem(409, 'The key was used for another body.', { parameter: 'Idempotency-Key' })).toEqual({
      type: 'about:blank',
      title: 'The request contradicts an earlier one',
      status: 409,
      detail: 'The key was used for another body.',
      parameter: 'Idempotency-Key',
    });
    for (const status of Object.keys(PROBLEM_TITLES).map(Number))
      expect(problemSchema.safeParse(problem(status as keyof typeof PROBLEM_TITLES, 'x')).success).toBe(true);
  });
});
