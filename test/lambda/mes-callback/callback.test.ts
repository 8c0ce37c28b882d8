import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MES_OPERATIONS } from '../../../core/mes/operations.ts';
import { problemSchema } from '../../../core/mes/problem.ts';
import { answerMes, type CallbackSurroundings, takeForHub } from '../../../lambda/mes-callback/callback.ts';
import type { GatewayRequest, ValidRequest } from '../../../lambda/mes-callback/request.ts';

const logged: string[] = [];
const log = (message: string, more: Readonly<Record<string, unknown>>) =>
  logged.push(`${message} ${JSON.stringify(more)}`);
const logger = { info: log, error: log };
beforeEach(() => {
  logged.length = 0;
});

const ORDER = { line: 'demo/bottling', product: { id: 'P-1' }, targetQuantityParts: 1000 };
const QUALITY = {
  resultId: 'QR-1',
  machine: 'demo/bottling/filler',
  covers: { kind: 'lot', lotId: 'L-7' },
  goodParts: 990,
  scrap: [{ reasonCode: 'underfilled', parts: 10 }],
  decidedAt: '2026-11-22T14:10:00+01:00',
};
const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': '0b1f8d0e-order-1' };

const request = (parts: Partial<GatewayRequest> & { readonly json?: unknown } = {}): GatewayRequest => {
  const { json = ORDER, ...rest } = parts;
  return {
    httpMethod: 'PUT',
    resource: '/orders/{orderId}',
    pathParameters: { orderId: '4711' },
    headers: HEADERS,
    body: JSON.stringify(json),
    isBase64Encoded: false,
    ...rest,
  };
};
const quality = (json: unknown) =>
  request({ httpMethod: 'POST', resource: '/quality-results', pathParameters: null, json });

async function answer(asked: GatewayRequest, take: CallbackSurroundings['take'] = takeForHub) {
  const { statusCode, headers, body } = await answerMes(asked, { siteId: 'demo', logger, take });
  return { statusCode, headers, body: JSON.parse(body) as Record<string, unknown> };
}

/** What was taken; undefined if the request was refused. */
async function taken(asked: GatewayRequest): Promise<ValidRequest | undefined> {
  let valid: ValidRequest | undefined;
  await answer(asked, async (each) => {
    valid = each;
    return { statusCode: 202, headers: {}, body: '{}' };
  });
  return valid;
}

describe('the MES API', () => {
  test('does not pretend: a valid request is answered 501, and the failure is logged', async () => {
    const { statusCode, headers, body } = await answer(request());
    expect(headers['Content-Type']).toBe('application/problem+json');
    expect({ statusCode, body }).toEqual({
      statusCode: 501,
      body: {
        type: 'about:blank',
        title: 'This is not built yet',
        status: 501,
        detail: 'Handing requests over to the hub is not built yet; nothing was done with this event.',
      },
    });
    expect(logged).toEqual([expect.stringContaining('A request was not taken. {"operation":"write-order"')]);
  });

  test('neither does the status of a request', async () => {
    const { statusCode, body } = await answer(
      request({
        httpMethod: 'GET',
        resource: '/requests/{requestId}',
        pathParameters: { requestId: '0b1f8d0e-3f6c-4b7e-9d53-0a4f0e6f1c11' },
        headers: null,
        body: null,
      }),
    );
    expect(statusCode).toBe(501);
    expect(body.detail).toContain('Telling the state of requests is not built yet');
  });

  test('hands on what a request says: operation, parameters, key, version and body with its defaults', async () => {
    expect(await taken(request({ headers: { ...HEADERS, 'If-Match': '"7"' } }))).toMatchObject({
      operation: { name: 'write-order' },
      parameters: { orderId: '4711' },
      idempotencyKey: '0b1f8d0e-order-1',
      version: 7,
      body: ORDER,
    });
    expect(await taken(quality({ ...QUALITY, scrap: undefined }))).toMatchObject({
      version: undefined,
      body: { scrap: [] },
    });
  });

  test('takes a body in base64, as API Gateway sends what it thinks is binary', async () => {
    const body = Buffer.from(JSON.stringify(ORDER)).toString('base64');
    expect(await taken(request({ body, isBase64Encoded: true }))).toMatchObject({ body: ORDER });
  });

  test('names each field that is wrong', async () => {
    const { statusCode, body } = await answer(
      quality({ ...QUALITY, goodParts: -1, covers: { kind: 'shift' }, scrap: [{ reasonCode: 'a', part: 1 }] }),
    );
    expect(statusCode).toBe(400);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'The request is not valid',
      status: 400,
      detail: '4 fields are wrong, the first of them: covers.kind must be lot or period.',
      errors: [
        { pointer: '#/covers/kind', detail: 'must be lot or period' },
        { pointer: '#/goodParts', detail: 'must be at least 0' },
        { pointer: '#/scrap/0/parts', detail: 'is missing' },
        { pointer: '#/scrap/0/part', detail: 'is not a field of this request' },
      ],
    });
    expect(problemSchema.safeParse(body).success).toBe(true);
  });

  test.each([
    [
      'no key',
      request({ headers: { 'Content-Type': 'application/json' } }),
      400,
      'The header Idempotency-Key is missing',
    ],
    [
      'a short key',
      request({ headers: { ...HEADERS, 'idempotency-key': 'a b' } }),
      400,
      'The header Idempotency-Key must be 8 to 128',
    ],
    [
      'a version without quotes',
      request({ headers: { ...HEADERS, 'if-match': '7' } }),
      400,
      'The header If-Match must be the version in quotes',
    ],
    [
      'an order id with a slash',
      request({ pathParameters: { orderId: 'a/b' } }),
      400,
      'The orderId in the address must be letters',
    ],
    ['another media type', request({ headers: { ...HEADERS, 'content-type': 'text/xml' } }), 415, 'application/json'],
    ['no body', request({ body: null }), 400, 'The body is missing.'],
    ['no JSON', request({ body: '{"line":' }), 400, 'The body is not JSON in UTF-8.'],
    [
      'no UTF-8',
      request({ body: Buffer.from([0x22, 0xff, 0x22]).toString('base64'), isBase64Encoded: true }),
      400,
      'UTF-8',
    ],
    ['a list', request({ json: [] }), 400, 'the body must be an object'],
    ['10 MB', request({ json: { note: 'x'.repeat(10_000_000) } }), 413, 'at most 8192'],
    ['an address that is none', request({ resource: '/machines' }), 404, 'There is no PUT at this address.'],
    [
      "another site's line",
      request({ json: { ...ORDER, line: 'other/bottling' } }),
      400,
      'must be a path of site demo',
    ],
    [
      "another site's machine",
      quality({ ...QUALITY, machine: 'other/bottling/filler' }),
      400,
      'must be a path of site demo',
    ],
  ])('refuses %s', async (_, asked, status, detail) => {
    const { statusCode, body } = await answer(asked);
    expect(statusCode).toBe(status);
    expect(String(body.detail)).toContain(detail);
    expect(problemSchema.safeParse(body).success).toBe(true);
  });

  test('logs neither bodies nor what a field held', async () => {
    await answer(quality({ ...QUALITY, note: 'Mrs Example', machine: 'Confidential', extra: 'hidden' }));
    await answer(quality({ ...QUALITY, note: 'Mrs Example' }));
    expect(logged).toHaveLength(2);
    expect(logged.join()).not.toMatch(/Example|Confidential|hidden/);
  });

  test('answers 500 where taking fails, without what failed', async () => {
    const { statusCode, body } = await answer(request(), () => Promise.reject(new Error('table arn:aws:secret')));
    expect(statusCode).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('refuses whatever comes, and never throws', async () => {
    const any = fc.jsonValue({ maxDepth: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...MES_OPERATIONS), any, async ({ method, resource }, json) => {
        const { statusCode, body } = await answer(request({ httpMethod: method, resource, json }));
        expect(statusCode).toBe(400);
        expect(problemSchema.safeParse(body).success).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
