import { expect, test } from '@jest/globals';
import { formatRoute, parseRoute } from '../../../hub/web/src/logic/route.ts';

test.each([
  ['/', undefined, ''],
  ['/demo', 'site', 'demo'],
  ['/demo/bottling/', 'line', 'demo/bottling'],
  ['/demo/bottling/filler', 'machine', 'demo/bottling/filler'],
  ['/demo/bottling/filler/temperature', 'signal', 'demo/bottling/filler/temperature'],
  ['/Not a path', undefined, 'Not a path'],
])('%s is a page of its own', (address, level, path) => {
  expect(parseRoute(address, '')).toMatchObject({ level, path, window: 'hour', hall: false });
});

test('the window, its time and the hall display are in the address', () => {
  const route = {
    path: 'demo',
    window: 'range',
    from: '2026-11-22T06:00:00.000Z',
    to: '2026-11-22T08:00:00.000Z',
    hall: true,
  } as const;
  const url = new URL(formatRoute(route), 'http://hub');
  expect(parseRoute(url.pathname, url.search)).toMatchObject(route);
});

test('nonsense in the query means the running hour', () => {
  expect(parseRoute('/demo', '?window=year&from=never')).toMatchObject({ window: 'hour', from: undefined });
  expect(parseRoute('/demo', '?window=range&from=2026-11-22T08:00Z&to=2026-11-22T06:00Z')).toMatchObject({
    window: 'hour',
    to: undefined,
  });
});

test('the default is left out of the address', () => {
  expect(formatRoute({ path: 'demo', window: 'hour' })).toBe('/demo');
});
