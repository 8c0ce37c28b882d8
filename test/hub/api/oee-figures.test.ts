/** Figures of the API over windows and machines, by hand. The site's clocks are Berlin's: an hour ahead of UTC in November. */
import { describe, expect, test } from '@jest/globals';
import type { ShiftConfig } from '../../../core/site/schema.ts';
import type { LossesResponse, OeeFigure, OeeResponse } from '../../../hub/api/contract.ts';
import { ApiFixture } from '../../support/api-fixture.ts';
import { smallSite } from '../../support/small-site.ts';
import { minuteSamples, times } from '../oee/plant.ts';

const FILLER = 'demo/bottling/filler';

async function ask(api: ApiFixture, path: string, window: string, from: string, to: string): Promise<OeeResponse> {
  return (await api.get<OeeResponse>(`/oee?path=${path}&window=${window}&from=${from}&to=${to}`)).body;
}

describe('a shift', () => {
  const night: ShiftConfig = {
    id: 'night',
    start: '22:00',
    end: '06:00',
    breaks: [{ start: '02:00', end: '02:30' }],
  };
  const [from, to] = ['2026-11-21T21:00:00Z', '2026-11-22T05:00:00Z'];
  const running = { run: 60, produced: 27 };

  /** It stands IDLE from ten minutes before the break to its end, and as planned for a quarter of an hour later on. */
  async function fixture(): Promise<ApiFixture> {
    const api = new ApiFixture({ site: { ...smallSite({ bottling: ['filler'] }), shifts: [night] } });
    const state = (time: string, value: string) => {
      return { path: `${FILLER}/state`, timeMs: Date.parse(time), value, quality: 'GOOD' as const };
    };
    await api.commit([
      state(from, 'RUNNING'),
      state('2026-11-22T00:50:00Z', 'IDLE'),
      state('2026-11-22T01:30:00Z', 'RUNNING'),
      state('2026-11-22T03:00:00Z', 'PLANNED_STOP'),
      state('2026-11-22T03:15:00Z', 'RUNNING'),
      ...minuteSamples(FILLER, from, [
        ...times(230, running),
        ...times(40, {}),
        ...times(90, running),
        ...times(15, { planned: 60 }),
        ...times(105, running),
      ]),
    ]);
    return api;
  }

  test('stands as planned where its states say so, not where the calendar has a break', async () => {
    const { figures, total } = await ask(await fixture(), FILLER, 'shift', from, to);
    expect(figures).toHaveLength(1);
    expect(figures[0]).toMatchObject({
      shift: { id: 'night', name: 'night' },
      runSeconds: 425 * 60,
      downSeconds: 40 * 60,
      plannedSeconds: 15 * 60,
      busySeconds: 465 * 60,
      produced: 425 * 27,
    });
    expect(figures[0]?.oee).toBeCloseTo((425 * 0.9) / 465);
    expect(total).toMatchObject({ downSeconds: 40 * 60, busySeconds: 465 * 60 });
  });

  test('is the sum of its hours, and lost to standstill what the losses say', async () => {
    const api = await fixture();
    const [shift] = (await ask(api, FILLER, 'shift', from, to)).figures;
    const hours = (await ask(api, FILLER, '1h', from, to)).figures;
    expect(hours).toHaveLength(8);
    const additive = [
      'runSeconds',
      'downSeconds',
      'plannedSeconds',
      'unknownSeconds',
      'busySeconds',
      'idealSeconds',
      'goodSeconds',
      'produced',
      'rejected',
    ] as const satisfies readonly (keyof OeeFigure)[];
    for (const name of additive) {
      expect([name, hours.reduce((sum, hour) => sum + hour[name], 0)]).toEqual([name, shift?.[name]]);
    }
    const { body } = await api.get<LossesResponse>(`/losses?path=${FILLER}&from=${from}&to=${to}`);
    const downtime = body.losses.filter(({ kind }) => kind === 'downtime');
    expect(downtime.reduce((sum, { minutes }) => sum + minutes * 60, 0)).toBeCloseTo(shift?.downSeconds ?? Number.NaN);
  });
});

describe('missing data', () => {
  test('of one counted machine among several is said of line and factory, naming it', async () => {
    const api = new ApiFixture({ site: smallSite({ bottling: ['filler', 'capper'], machining: ['cell'] }) });
    const [from, to] = ['2026-11-22T10:00:00Z', '2026-11-22T11:00:00Z'];
    const minutes = (machine: string, count: number) => {
      return api.commit(minuteSamples(machine, from, times(count, { run: 60, produced: 27 })));
    };
    await minutes(FILLER, 60);
    await minutes('demo/bottling/capper', 48);
    const warnings = async (path: string) => (await ask(api, path, '1h', from, to)).figures[0]?.warnings;
    expect(await warnings(FILLER)).toEqual([]);
    expect(await warnings('demo/bottling/capper')).toEqual([
      'No data for 12 of 60 minutes: the figure counts the rest.',
    ]);
    expect(await warnings('demo/bottling')).toEqual([
      'No data for 12 of 60 minutes of capper: the figure counts the rest.',
    ]);
    // The cell has not told a single minute.
    expect(await warnings('demo')).toEqual([
      'No data for 60 of 60 minutes of cell and some of 1 other machine: the figure counts the rest.',
    ]);
    await minutes('demo/bottling/capper', 60);
    await minutes('demo/machining/cell', 60);
    expect(await warnings('demo')).toEqual([]);
  });
});
