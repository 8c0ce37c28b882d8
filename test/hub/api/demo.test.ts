import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiFixture, TOKEN } from '../../support/api-fixture.ts';

const ACTION = { machine: 'demo/bottling/filler', action: 'stop', on: true };
let simulator: Server;
let url: string;
let seen: { method: string | undefined; authorization: string | undefined; body: string }[];

beforeAll(async () => {
  simulator = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, authorization: request.headers.authorization, body });
    const known = body === '' || body.includes('filler');
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? { machines: [{ path: ACTION.machine, active: ['stop'] }] } : { detail: 'no' }));
  });
  await new Promise<void>((resolve) => simulator.listen(0, '127.0.0.1', resolve));
  const address = simulator.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
});
afterAll(() => new Promise((resolve) => simulator.close(resolve)));

function post(body: string, headers: Record<string, string> = {}, demoUrl = url) {
  seen = [];
  return new ApiFixture({ demo: { url: demoUrl, secret: 'between-us' } }).app.request(
    'http://127.0.0.1/api/v1/demo/actions',
    {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    },
  );
}

describe('the demo panel', () => {
  test('passes an action on to the simulator with the secret between the two', async () => {
    const response = await post(JSON.stringify(ACTION));
    expect(await response.json()).toEqual({ machines: [{ path: ACTION.machine, active: ['stop'] }] });
    expect(seen).toEqual([{ method: 'POST', authorization: 'Bearer between-us', body: JSON.stringify(ACTION) }]);
  });

  test.each([
    ['a machine that the simulator lacks', JSON.stringify({ ...ACTION, machine: 'demo/x/y' }), {}, 404],
    ['an unknown action', JSON.stringify({ ...ACTION, action: 'explode' }), {}, 400],
    ['an unknown field', JSON.stringify({ ...ACTION, force: 1 }), {}, 400],
    ['no JSON', '{', {}, 400],
    ['another media type', JSON.stringify(ACTION), { 'content-type': 'text/plain' }, 415],
    ['a body that is too long', ' '.repeat(5000) + JSON.stringify(ACTION), {}, 413],
  ])('refuses %s', async (_name, body, headers, status) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test('says so when the simulator does not answer', async () => {
    expect((await post(JSON.stringify(ACTION), {}, 'http://127.0.0.1:9/')).status).toBe(502);
  });

  test('is not there outside of the demo', async () => {
    expect((await new ApiFixture().get('/demo')).status).toBe(404);
  });
});
