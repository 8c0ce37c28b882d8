import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { toMachineMessages } from '../../../core/telemetry/message.ts';
import { LiveClient } from '../../../hub/live/live-feed.ts';
import { ApiFixture, NOW, TOKEN } from '../../support/api-fixture.ts';
import { tick, tickSamples } from '../../support/ticks.ts';

const FILLER = 'demo/bottling/filler';

/** Reads server-sent events as they come. */
async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: unknown }> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
      yield { event: field('event'), data: JSON.parse(field('data')) };
    }
  }
}

describe('/live', () => {
  test('begins with a snapshot, then tells changes within its path, and ends cleanly', async () => {
    const api = new ApiFixture();
    const stop = new AbortController();
    const response = await api.app.request(`http://127.0.0.1/api/v1/live?path=${FILLER}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: stop.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = eventsOf(response);
    const snapshot = (await events.next()).value;
    expect(snapshot).toMatchObject({
      event: 'snapshot',
      data: { machines: [{ path: FILLER, state: 'UNKNOWN' }], progress: null },
    });
    const samples = (machine: string) =>
      toMachineMessages([
        { path: `${machine}/state`, timeMs: NOW, value: 'RUNNING', quality: 'GOOD' },
        ...(machine === FILLER
          ? [{ path: `${machine}/temperature`, timeMs: NOW, value: 42, quality: 'GOOD' as const }]
          : []),
      ]);
    for (const message of [...samples('demo/machining/cell'), ...samples(FILLER)]) api.live.view.samples(message, NOW);
    api.live.progress('history', 0.5);
    const got = [(await events.next()).value, (await events.next()).value, (await events.next()).value];
    expect(got).toMatchObject([
      { event: 'machine', data: { path: FILLER, state: 'RUNNING', since: '2026-11-22T13:34:56.000+01:00' } },
      { event: 'values', data: [{ path: `${FILLER}/temperature`, value: 42 }] },
      { event: 'progress', data: { done: 0.5 } },
    ]);
    expect(api.live.feed.size).toBe(1);
    api.live.feed.each((client) => client.close());
    expect((await events.next()).done).toBe(true);
    expect(api.live.feed.size).toBe(0);
  });
});

describe('each two seconds', () => {
  test('a heartbeat comes, and with it when each machine was last confirmed, and its parts of the hour', async () => {
    const api = new ApiFixture();
    const client = api.live.feed.join(FILLER);
    const minute = NOW - (NOW % 60_000);
    await api.commit(tickSamples(FILLER, minute, tick({ run: 60, produced: 25 })));
    const [message] = toMachineMessages([{ path: `${FILLER}/state`, timeMs: NOW, value: 'RUNNING', quality: 'GOOD' }]);
    if (message !== undefined) api.live.view.samples(message, NOW);
    api.live.tick();
    const named = (events: readonly { event: string; data: unknown }[], name: string) =>
      events.filter(({ event }) => event === name).map(({ data }) => data);
    const first = client.take(NOW);
    expect(named(first, 'heartbeat')).toEqual([{ at: '2026-11-22T13:34:56.000+01:00' }]);
    expect(named(first, 'machine')).toMatchObject([
      { path: FILLER, confirmedAt: '2026-11-22T13:34:56.000+01:00', stale: false, producedThisHour: 25 },
    ]);
    api.nowMs += 1000;
    api.live.tick();
    expect(named(client.take(api.nowMs), 'heartbeat')).toEqual([]);
    // Nobody confirms it any more: that is an event of its own, and with the heartbeat its last sign of life stays.
    api.nowMs += 20_000;
    api.live.tick();
    const later = client.take(api.nowMs);
    expect(named(later, 'heartbeat')).toHaveLength(1);
    expect(named(later, 'machine')).toMatchObject([
      { path: FILLER, confirmedAt: '2026-11-22T13:34:56.000+01:00', stale: true },
    ]);
    api.live.feed.leave(client);
  });
});

describe('a browser that takes nothing', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test('is dropped after ten seconds, so that it costs nothing for ever', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    const api = new ApiFixture();
    const headers = { authorization: `Bearer ${TOKEN}` };
    const response = await api.app.request('http://127.0.0.1/api/v1/live', { headers });
    expect([response.status, api.live.feed.size]).toEqual([200, 1]);
    // What it was sent waits for it; nothing more is sent meanwhile.
    for (let seconds = 0; seconds < 8; seconds += 1) {
      api.nowMs += 1000;
      api.live.tick();
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect(api.live.feed.size).toBe(1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(api.live.feed.size).toBe(0);
    expect(api.logger.lines.map(({ message }) => message)).toEqual(['a browser was dropped']);
    await response.body?.cancel();
  });
});

describe('what a slow browser is owed', () => {
  const value = (path: string, number: number) => ({ path, t: '', value: number, quality: 'GOOD' as const });

  test('is the newest of each value, however long it takes', () => {
    const client = new LiveClient('');
    for (let index = 0; index < 100_000; index += 1) client.value(value(`a/b/c/s${index % 3}`, index));
    expect(client.take(0)).toEqual([
      { event: 'values', data: [value('a/b/c/s0', 99_999), value('a/b/c/s1', 99_997), value('a/b/c/s2', 99_998)] },
    ]);
    expect(client.take(1000)).toEqual([]);
  });

  test('comes about five times a second, state changes at once', async () => {
    const client = new LiveClient('a/b');
    client.value(value('a/b/c/s', 1));
    expect(client.take(1000)).toHaveLength(1);
    client.value(value('a/b/c/s', 2));
    expect(client.take(1050)).toEqual([]);
    expect(client.take(1200)).toHaveLength(1);
    client.value(value('a/x/c/s', 3));
    expect(client.take(2000)).toEqual([]);
  });
});
