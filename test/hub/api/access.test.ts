import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiFixture, TOKEN } from '../../support/api-fixture.ts';

const HUB = 'http://127.0.0.1:8080';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantbridge-web-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>The dashboard</title>');
  writeFileSync(join(folder, 'assets/app-1234.js'), 'export {};');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
});
afterAll(() => rmSync(folder, { recursive: true }));

const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}, hub = HUB) =>
  new ApiFixture({ webFolder: folder, hostNames: ['hub.plant.example'] }).app.request(`${hub}${path}`, {
    ...init,
    headers,
  });

/** The cookie that a page's token is exchanged for. */
async function cookieOf(): Promise<string> {
  const response = await ask(`/?token=${TOKEN}`);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('the API', () => {
  test('asks for a token, in a problem that says how', async () => {
    const response = await ask('/api/v1/tree');
    expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await response.json()).toMatchObject({ status: 401, detail: expect.stringContaining('Bearer <token>') });
  });

  test.each([
    ['the right token', `Bearer ${TOKEN}`, 200],
    ['a wrong one', `Bearer ${TOKEN}x`, 401],
    ['a beginning of it', `Bearer ${TOKEN.slice(0, -1)}`, 401],
    ['another scheme', `Basic ${TOKEN}`, 401],
    ['nothing', '', 401],
  ])('with %s', async (_name, authorization, status) => {
    expect((await ask('/api/v1/sites', { authorization })).status).toBe(status);
  });

  test('is open for health alone, and says there nothing of the plant', async () => {
    const response = await ask('/api/v1/health');
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('demo');
    expect((await ask('/api/v1/openapi.json')).status).toBe(401);
    expect((await ask('/api/v1/nothing')).status).toBe(401);
  });

  test('is not cached', async () => {
    const response = await ask('/api/v1/sites', { authorization: `Bearer ${TOKEN}` });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('the pages', () => {
  test('exchange the token for a cookie and lead on without it', async () => {
    const response = await ask(`/demo/bottling?window=shift&token=${TOKEN}&hall`);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/demo/bottling?window=shift&hall=']);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).toContain('Path=/');
  });

  test('open with the cookie at every address of the dashboard, and so does the API', async () => {
    const cookie = await cookieOf();
    for (const path of ['/', '/demo', '/demo/bottling/filler/temperature']) {
      const response = await ask(path, { cookie });
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('The dashboard')]);
    }
    expect((await ask('/api/v1/tree', { cookie })).status).toBe(200);
  });

  test('say how to get in without a token or with a wrong one, and set no cookie', async () => {
    for (const path of ['/', '/demo?token=wrong', '/demo/bottling']) {
      const response = await ask(path);
      expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null]);
      expect(await response.text()).toContain('?token=');
    }
  });

  test('never lead to another host', async () => {
    const response = await ask(`//evil.example/x?token=${TOKEN}`);
    expect(response.headers.get('location') ?? '').not.toMatch(/^\/\//);
  });

  test('serve files without a token, since they hold no data', async () => {
    const asset = await ask('/assets/app-1234.js');
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, expect.stringContaining('immutable')]);
    expect((await ask('/favicon.svg')).status).toBe(200);
    expect((await ask('/assets/none.js')).status).toBe(404);
  });

  test('serve nothing outside of their folder', async () => {
    for (const path of ['/assets/..%2f..%2fetc/passwd', '/assets/%2e%2e/%2e%2e/package.json', '/..%2fpackage.json']) {
      expect(await (await ask(path)).text()).not.toContain('root:');
    }
  });

  test('keep the browser from doing more than they need', async () => {
    const { headers } = await ask('/', { cookie: await cookieOf() });
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });
});

describe('requests of foreign pages', () => {
  test.each([
    ['an address in numbers', 'http://192.168.1.5:8080', 200],
    ['an IPv6 address', 'http://[::1]:8080', 200],
    ['localhost', 'http://localhost:8080', 200],
    ['a name that was given', 'http://hub.plant.example', 200],
    ['a foreign name (DNS rebinding)', 'http://evil.example:8080', 403],
  ])('to %s', async (_name, hub, status) => {
    expect((await ask('/api/v1/sites', { authorization: `Bearer ${TOKEN}` }, {}, hub)).status).toBe(status);
  });

  test('may not post, even with a token', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ machine: 'demo/bottling/filler', action: 'stop', on: true });
    const foreign = await ask(
      '/api/v1/demo/actions',
      { ...headers, origin: 'http://evil.example' },
      { method: 'POST', body },
    );
    expect(foreign.status).toBe(403);
    // Our own page may; it is just not the demo here.
    const own = await ask('/api/v1/demo/actions', { ...headers, origin: HUB }, { method: 'POST', body });
    expect(own.status).toBe(404);
  });
});
