import { describe, expect, test } from '@jest/globals';
import type { OeeResponse, Problem, SamplesResponse, StatesResponse, TreeResponse } from '../../../hub/api/contract.ts';
import { ApiFixture, NOW } from '../../support/api-fixture.ts';
import { tick, tickSamples } from '../../support/ticks.ts';

const MINUTE = 60_000;
const FILLER = 'demo/bottling/filler';
const TEMPERATURE = `${FILLER}/temperature`;
const iso = (timeMs: number) => new Date(timeMs).toISOString();
const range = (fromMs: number, toMs: number) => `from=${iso(fromMs)}&to=${iso(toMs)}`;
const SHORT = 'Only 17 s of run time, less than 10 cycles: too short to judge performance.';
const HOUR_END = Date.UTC(2026, 10, 22, 12);

describe('/tree and /sites', () => {
  test('say what the site has, with defaults filled in', async () => {
    const { body } = await new ApiFixture().get<TreeResponse>('/tree');
    expect(body).toMatchObject({ id: 'demo', timeZone: 'Europe/Berlin', demo: false });
    expect(body.lines[0]?.machines[0]).toMatchObject({
      path: FILLER,
      protocol: 'opcua',
      endpoint: 'opc.tcp://127.0.0.1:4840',
      hasOee: true,
      counted: true,
      sensors: [{ path: TEMPERATURE, unit: '°C', minimum: null }],
    });
    expect(body.lines[0]?.machines[1]?.counted).toBe(false);
  });
});

describe('/samples', () => {
  const values = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      path: TEMPERATURE,
      timeMs: NOW - 10_000 + n,
      value: n,
      quality: 'GOOD' as const,
    }));

  test('gives a trend with unit, and times with the offset of the site', async () => {
    const api = new ApiFixture();
    await api.commit([{ path: TEMPERATURE, timeMs: NOW - 1000, value: 21.5, quality: 'UNCERTAIN' }]);
    const { body } = await api.get<SamplesResponse>(`/samples?path=${TEMPERATURE}&${range(NOW - 2000, NOW)}`);
    expect(body).toMatchObject({
      unit: '°C',
      points: [{ t: '2026-11-22T13:34:55.000+01:00', value: 21.5, quality: 'UNCERTAIN' }],
      reduced: false,
      nextCursor: null,
    });
  });

  test('gives the value that held before the range, of any quality and age', async () => {
    const api = new ApiFixture();
    const query = `/samples?path=${TEMPERATURE}&${range(NOW - 2000, NOW)}`;
    expect((await api.get<SamplesResponse>(query)).body.before).toBeNull();
    await api.commit([{ path: TEMPERATURE, timeMs: NOW - 30 * 86_400_000, value: 20, quality: 'GOOD' }]);
    expect((await api.get<SamplesResponse>(query)).body).toMatchObject({
      before: { t: '2026-10-23T14:34:56.000+02:00', value: 20, quality: 'GOOD' },
      points: [],
    });
    await api.commit([{ path: TEMPERATURE, timeMs: NOW - 2000, value: null, quality: 'BAD' }]);
    const { body } = await api.get<SamplesResponse>(query);
    expect(body).toMatchObject({ before: { value: null, quality: 'BAD' }, points: [] });
  });

  test('gives every single value by cursor, page by page', async () => {
    const api = new ApiFixture();
    await api.commit(values(25));
    const seen: unknown[] = [];
    let cursor: string | null = 'start';
    while (cursor !== null) {
      const query: string = `/samples?path=${TEMPERATURE}&${range(NOW - 20_000, NOW)}&maxPoints=10&cursor=${cursor}`;
      const { body }: { body: SamplesResponse } = await api.get<SamplesResponse>(query);
      seen.push(...body.points.map((point) => point.value));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => n));
  });

  test('shows time without a confirmed source as a gap', async () => {
    const api = new ApiFixture();
    const state = (timeMs: number, value: string) => ({
      path: `${FILLER}/state`,
      timeMs,
      value,
      quality: 'GOOD' as const,
    });
    await api.commit([
      state(HOUR_END - 60 * MINUTE, 'RUNNING'),
      state(HOUR_END - 30 * MINUTE, 'UNKNOWN'),
      state(HOUR_END - 20 * MINUTE, 'RUNNING'),
      state(HOUR_END, 'IDLE'),
    ]);
    const { body } = await api.get<SamplesResponse>(
      `/samples?path=${TEMPERATURE}&${range(HOUR_END - 60 * MINUTE, HOUR_END)}`,
    );
    expect(body.gaps).toEqual([{ from: '2026-11-22T12:30:00.000+01:00', to: '2026-11-22T12:40:00.000+01:00' }]);
  });

  test('marks simulated history', async () => {
    const api = new ApiFixture();
    await api.commit(tickSamples(FILLER, HOUR_END, tick({ run: 60 })), { simulated: true });
    await api.commit(tickSamples(FILLER, HOUR_END + MINUTE, tick({ run: 60 })), { simulated: true });
    const { body } = await api.get<SamplesResponse>(`/samples?path=${TEMPERATURE}&${range(HOUR_END - MINUTE, NOW)}`);
    expect(body.simulated.length).toBeGreaterThan(0);
  });
});

describe('/states', () => {
  test('adjoin without holes; unknown time is UNKNOWN, and the future is left out', async () => {
    const api = new ApiFixture();
    const at = (timeMs: number, id: string, value: string) => {
      return { path: `${FILLER}/${id}`, timeMs, value, quality: 'GOOD' as const };
    };
    await api.commit([
      at(NOW - 5000, 'state', 'RUNNING'),
      at(NOW - 2000, 'state', 'FAULT'),
      at(NOW - 2000, 'reason', 'Jam'),
    ]);
    const { body } = await api.get<StatesResponse>(`/states?path=${FILLER}&${range(NOW - 10_000, NOW + 60_000)}`);
    expect(body.states.map(({ state, category, reason }) => [state, category, reason])).toEqual([
      ['UNKNOWN', 'unknown', null],
      ['RUNNING', 'run', null],
      ['FAULT', 'down', 'Jam'],
    ]);
    expect(body.to).toBe('2026-11-22T13:34:56.000+01:00');
    expect(body.states.at(-1)?.to).toBe(body.to);
    for (const [index, span] of body.states.slice(1).entries()) expect(span.from).toBe(body.states[index]?.to);
  });
});

describe('/oee', () => {
  /** 60 minutes to 12:00 UTC: 45 s run, 20 parts of 2 s each minute, 1 of them rejected. */
  async function oneHour(api: ApiFixture, machine = FILLER) {
    for (let minute = 0; minute < 60; minute += 1) {
      await api.commit(tickSamples(machine, HOUR_END - minute * MINUTE, tick({ run: 45, produced: 20, rejected: 1 })));
    }
  }

  test('adds ticks up by window, and leaves out windows without any', async () => {
    const api = new ApiFixture();
    await oneHour(api);
    const { body } = await api.get<OeeResponse>(
      `/oee?path=${FILLER}&window=15m&${range(HOUR_END - 120 * MINUTE, HOUR_END)}`,
    );
    expect(body.figures.map(({ end }) => end.slice(11, 16))).toEqual(['12:15', '12:30', '12:45', '13:00']);
    const [figure] = body.figures;
    expect(figure).toMatchObject({ produced: 300, rejected: 15, busySeconds: 900, complete: true, simulated: false });
    expect(figure?.availability).toBeCloseTo(45 / 60);
    expect(figure?.performance).toBeCloseTo(40 / 45);
    expect(figure?.quality).toBeCloseTo(19 / 20);
    expect(figure?.oee).toBeCloseTo((19 * 2) / 60);
    expect(body.total).toMatchObject({ produced: 1200, rejected: 60 });
  });

  test('makes a line of its counted machines only', async () => {
    const api = new ApiFixture();
    await oneHour(api);
    await oneHour(api, 'demo/bottling/capper');
    const { body } = await api.get<OeeResponse>(
      `/oee?path=demo/bottling&window=1h&${range(HOUR_END - 60 * MINUTE, HOUR_END)}`,
    );
    expect(body.figures.map(({ produced }) => produced)).toEqual([1200]);
  });

  test('takes the ratios of a closed window from the asset model', async () => {
    const api = new ApiFixture();
    await oneHour(api);
    await api.historian.putMetrics([{ path: FILLER, property: 'oee_1h', endMs: HOUR_END, value: 0.123 }]);
    const { body } = await api.get<OeeResponse>(`/oee?path=${FILLER}&window=1h&${range(HOUR_END - 1, HOUR_END)}`);
    expect(body.figures[0]).toMatchObject({ oee: 0.123 });
    expect(body.figures[0]?.availability).toBeCloseTo(0.75);
  });

  test('says whether a figure still settles, and gives availability alone where nobody counts parts', async () => {
    const api = new ApiFixture();
    await api.commit(tickSamples(FILLER, HOUR_END, tick({ run: 17, unknown: 43, produced: 30 })));
    const times = (facts: object) => tickSamples('demo/bottling/capper', HOUR_END, tick(facts)).slice(0, 5);
    await api.commit(times({ run: 45 }));
    const ask = async (path: string) => {
      const { body } = await api.get<OeeResponse>(`/oee?path=${path}&window=1h&${range(HOUR_END - 1, HOUR_END)}`);
      return body.figures[0];
    };
    expect(await ask(FILLER)).toMatchObject({ settling: true, partsKnown: true, warnings: [SHORT, expect.anything()] });
    expect(await ask('demo')).toMatchObject({
      settling: true,
      warnings: [SHORT, expect.stringContaining('of cell and some')],
    });
    // A formula of a model that knows no better than 0.
    await api.historian.putMetrics([{ path: 'demo/bottling/capper', property: 'oee_1h', endMs: HOUR_END, value: 0 }]);
    expect(await ask('demo/bottling/capper')).toMatchObject({
      availability: 0.75,
      performance: null,
      quality: null,
      oee: null,
      partsKnown: false,
      settling: false,
      warnings: ['No parts counter: only availability is known.', expect.anything()],
    });
  });

  test('has no figure and no total without a tick: never 0 %', async () => {
    const { body } = await new ApiFixture().get<OeeResponse>(`/oee?path=demo&window=1h&${range(NOW - 3_600_000, NOW)}`);
    expect(body).toMatchObject({ figures: [], total: null });
  });

  test('takes days by the clocks of the site', async () => {
    const api = new ApiFixture();
    await oneHour(api);
    const { body } = await api.get<OeeResponse>(`/oee?path=${FILLER}&window=day&${range(HOUR_END - 1, HOUR_END)}`);
    expect(body.figures).toMatchObject([
      { start: '2026-11-22T00:00:00.000+01:00', end: '2026-11-23T00:00:00.000+01:00', complete: false, produced: 1200 },
    ]);
  });
});

describe('what is wrong in a query is said by name, with what was got and what is allowed', () => {
  const good = `path=${TEMPERATURE}&${range(NOW - 1000, NOW)}`;
  const cases: readonly (readonly [string, string, number, string, RegExp])[] = [
    [
      'an unknown parameter',
      `/samples?${good}&limit=3`,
      400,
      'limit',
      /unknown parameter "limit".*It takes: path, from/,
    ],
    ['a parameter twice', `/samples?${good}&path=${TEMPERATURE}`, 400, 'path', /given 2 times/],
    ['no path', `/samples?${range(1, 2)}`, 400, 'path', /missing.*such as demo\/bottling\/filler\/temperature/],
    ['a path that is none', `/samples?path=a//b&${range(1, 2)}`, 400, 'path', /"a\/\/b"/],
    ['a path of another level', `/samples?path=demo&${range(1, 2)}`, 400, 'path', /path of a signal/],
    [
      'a machine that there is not',
      `/states?path=demo/bottling/none&${range(1, 2)}`,
      404,
      'path',
      /nothing by the path/,
    ],
    [
      'a signal that there is not',
      `/samples?path=${FILLER}/none&${range(1, 2)}`,
      404,
      'path',
      /Its sensors: temperature/,
    ],
    [
      'a time without offset',
      `/samples?path=${TEMPERATURE}&from=2026-11-22T00:00:00&to=${iso(NOW)}`,
      400,
      'from',
      /ISO 8601/,
    ],
    [
      'a day that there is not',
      `/samples?path=${TEMPERATURE}&from=2026-02-30T00:00:00Z&to=${iso(NOW)}`,
      400,
      'from',
      /2026-02-30/,
    ],
    [
      'a plus that nobody encoded',
      `/samples?path=${TEMPERATURE}&from=2026-11-22T00:00:00+01:00&to=${iso(NOW)}`,
      400,
      'from',
      /%2B/,
    ],
    ['an empty range', `/samples?path=${TEMPERATURE}&${range(NOW, NOW)}`, 400, 'from', /from must be before to/],
    ['too long a range', `/oee?path=demo&window=5m&${range(NOW - 9e9, NOW)}`, 400, 'to', /48 h at most/],
    ['too long a Pareto', `/losses?path=demo&${range(NOW - 33 * 86_400_000, NOW)}`, 400, 'to', /768 h at most/],
    ['too long a timeline', `/states?path=${FILLER}&${range(NOW - 33 * 86_400_000, NOW)}`, 400, 'to', /768 h at most/],
    ['a timeline of a line', `/states?path=demo/bottling&${range(1, 2)}`, 400, 'path', /path of a machine/],
    [
      'losses of a signal',
      `/losses?path=${TEMPERATURE}&${range(1, 2)}`,
      400,
      'path',
      /path of a site or line or machine/,
    ],
    ['a live view of a signal', `/live?path=${TEMPERATURE}`, 400, 'path', /path of a site or line or machine/],
    ['no end', `/oee?path=demo&window=1h&from=${iso(NOW)}`, 400, 'to', /to is missing/],
    ['points that are no number', `/samples?${good}&maxPoints=many`, 400, 'maxPoints', /"many".*integer/],
    ['a parameter where none is taken', '/tree?path=demo', 400, 'path', /It takes none/],
    [
      'an unknown window',
      `/oee?path=demo&window=2h&${range(NOW - 1000, NOW)}`,
      400,
      'window',
      /one of 5m, 15m, 1h, 1d, shift, day/,
    ],
    ['too many points', `/samples?${good}&maxPoints=1000000`, 400, 'maxPoints', /from 4 to 20000/],
    ['a cursor of another range', `/samples?${good}&cursor=2020-01-01T00:00:00Z`, 400, 'cursor', /nextCursor/],
  ];

  test.each(cases)('%s', async (_name, path, status, parameter, detail) => {
    const answer = await new ApiFixture().get<Problem>(path);
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: 'about:blank', status, parameter });
    expect(answer.body.detail).toMatch(detail);
  });

  test('an address and a method that there is not', async () => {
    const api = new ApiFixture();
    expect((await api.get<Problem>('/nothing')).status).toBe(404);
    const response = await api.app.request('http://127.0.0.1/api/v1/tree', {
      method: 'DELETE',
      headers: { authorization: 'Bearer correct-horse-battery-staple' },
    });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
