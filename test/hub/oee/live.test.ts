import { describe, expect, test } from '@jest/globals';
import type { MinuteMessage } from '../../../core/telemetry/message.ts';
import { LiveOee } from '../../../hub/oee/live.ts';
import { MemoryHistorian } from '../../support/memory-historian.ts';
import { smallSite } from '../../support/small-site.ts';
import { batchOf, type MinuteFacts, tick } from '../../support/ticks.ts';
import { minuteSamples, times } from './plant.ts';

const FILLER = 'demo/bottling/filler';
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

function show(live: LiveOee, now: string): Record<string, string> {
  return Object.fromEntries(
    live.figures(at(now)).map(({ path, figures }) => {
      const { availability, performance, quality, oee, produced } = figures;
      const percent = [availability, performance, quality, oee].map((value) =>
        value === null ? '-' : (value * 100).toFixed(1),
      );
      return [path, `${percent.join(' ')}, ${produced} parts`];
    }),
  );
}

function minute(end: string, seconds: number, facts: MinuteFacts): MinuteMessage {
  const unknown = 60 - seconds;
  const values = { ...tick({ ...facts, unknown }), 'unknown-s': 0 };
  return {
    version: 1,
    machine: FILLER,
    minuteEnd: at(end),
    asOf: at(end) - unknown * 1000,
    tick: values,
    state: 'RUNNING',
  };
}

describe('OEE now', () => {
  test('is the running hour: its closed minutes and the one that runs', () => {
    const live = new LiveOee(smallSite({ bottling: ['filler'] }));
    live.committed([batchOf(minuteSamples(FILLER, '2026-11-23T09:50:00Z', times(30, { run: 60, produced: 27 })))]);
    // 10:00-10:20 closed; 10:20-10:21 runs since 30 s, all of them down.
    live.minute(minute('10:21:00', 30, {}));
    // run 1200, busy 1230, ideal 1080
    expect(show(live, '10:20:30')).toEqual({
      [FILLER]: '97.6 90.0 100.0 87.8, 540 parts',
      'demo/bottling': '97.6 90.0 100.0 87.8, 540 parts',
      demo: '97.6 90.0 100.0 87.8, 540 parts',
    });
  });

  test('keeps the minute that just ended until its tick is committed, then counts the tick instead', () => {
    const live = new LiveOee(smallSite({ bottling: ['filler'] }));
    live.minute(minute('10:01:00', 59, { run: 59, produced: 29 }));
    live.minute(minute('10:02:00', 1, { run: 1 }));
    expect(show(live, '10:01:01')[FILLER]).toBe('100.0 96.7 100.0 96.7, 29 parts');
    live.committed([batchOf(minuteSamples(FILLER, '2026-11-23T10:00:00Z', [{ run: 60, produced: 30 }]))]);
    // A minute message that comes late does not undo it.
    live.minute(minute('10:01:00', 59, { run: 59, produced: 29 }));
    expect(show(live, '10:01:02')[FILLER]).toBe('100.0 98.4 100.0 98.4, 30 parts');
  });

  test('forgets a running minute whose gateway died: no tick, no data', () => {
    const live = new LiveOee(smallSite({ bottling: ['filler'] }));
    live.minute(minute('10:01:00', 30, { run: 30, produced: 15 }));
    expect(show(live, '10:02:30')).toHaveProperty([FILLER]);
    expect(show(live, '10:03:01')).toEqual({});
  });

  test('a minute that has just begun is settling, and a machine without a parts counter has availability alone', () => {
    const live = new LiveOee(smallSite({ bottling: ['filler', 'washer'] }, { bottling: ['filler'] }));
    live.minute(minute('10:01:00', 15, { run: 15, produced: 9 }));
    const washer = minute('10:01:00', 15, { run: 12 });
    const { 'run-s': run = 0, 'down-s': down = 0, 'busy-s': busy = 0 } = washer.tick;
    live.minute({ ...washer, machine: 'demo/bottling/washer', tick: { 'run-s': run, 'down-s': down, 'busy-s': busy } });
    expect(show(live, '10:00:15')).toEqual({
      [FILLER]: '100.0 120.0 100.0 120.0, 9 parts',
      'demo/bottling/washer': '80.0 - - -, 0 parts',
      'demo/bottling': '100.0 120.0 100.0 120.0, 9 parts',
      demo: '100.0 120.0 100.0 120.0, 9 parts',
    });
    expect(live.figures(at('10:00:15')).map(({ figures }) => [figures.settling, figures.warnings])).toEqual([
      [true, ['Only 15 s of run time, less than 10 cycles: too short to judge performance.']],
      [false, ['No parts counter: only availability is known.']],
      [true, ['Only 15 s of run time, less than 10 cycles: too short to judge performance.']],
      [true, ['Only 15 s of run time, less than 10 cycles: too short to judge performance.']],
    ]);
  });

  test('does not count minutes that a gateway whose clock runs ahead tells before they begin', () => {
    const live = new LiveOee(smallSite({ bottling: ['filler'] }));
    live.minute(minute('10:50:00', 60, { run: 60, produced: 30 }));
    expect(show(live, '10:20:30')).toEqual({});
    live.minute(minute('10:21:00', 30, { run: 30, produced: 15 }));
    expect(show(live, '10:20:30')[FILLER]).toBe('100.0 100.0 100.0 100.0, 15 parts');
  });

  test('begins anew with each hour', () => {
    const live = new LiveOee(smallSite({ bottling: ['filler'] }));
    live.committed([batchOf(minuteSamples(FILLER, '2026-11-23T09:00:00Z', times(60, { run: 60, produced: 30 })))]);
    expect(show(live, '10:00:00')).toHaveProperty([FILLER]);
    expect(show(live, '10:00:01')).toEqual({});
  });

  test('weighs only the counted machines of a line, and shows parts of gaps beside', () => {
    const live = new LiveOee(smallSite({ bottling: ['filler', 'packer'] }, { bottling: ['filler'] }));
    live.committed([
      batchOf([
        ...minuteSamples(FILLER, '2026-11-23T10:00:00Z', [{ run: 60, produced: 30 }]),
        ...minuteSamples('demo/bottling/packer', '2026-11-23T10:00:00Z', [{}]),
        { path: `${FILLER}/produced-unattributed`, timeMs: at('10:00:20'), value: 7, quality: 'GOOD' },
        { path: `${FILLER}/produced-unattributed`, timeMs: at('10:00:40'), value: 5, quality: 'GOOD' },
      ]),
    ]);
    expect(show(live, '10:01:00')).toEqual({
      [FILLER]: '100.0 100.0 100.0 100.0, 30 parts',
      'demo/bottling/packer': '0.0 - - 0.0, 0 parts',
      'demo/bottling': '100.0 100.0 100.0 100.0, 30 parts',
      demo: '100.0 100.0 100.0 100.0, 30 parts',
    });
    expect(live.figures(at('10:01:00')).map(({ producedUnattributed }) => producedUnattributed)).toEqual([
      12, 0, 12, 12,
    ]);
  });

  test('is there at once after a restart of the hub, and what is committed meanwhile is not undone', async () => {
    const historian = new MemoryHistorian();
    await historian.commit('g', [
      batchOf(minuteSamples(FILLER, '2026-11-23T10:00:00Z', times(10, { run: 60, produced: 15 }))),
    ]);
    const live = new LiveOee(smallSite({ bottling: ['filler'] }));
    const loading = live.load(historian, at('10:10:30'));
    live.committed([batchOf(minuteSamples(FILLER, '2026-11-23T10:09:00Z', [{ run: 60, produced: 30 }]))]);
    await loading;
    expect(show(live, '10:10:30')[FILLER]).toBe('100.0 55.0 100.0 55.0, 165 parts');
  });

  test('keeps little while days of history come in', () => {
    const live = new LiveOee(smallSite({ bottling: ['filler'] }));
    live.committed([batchOf(minuteSamples(FILLER, '2026-11-21T10:00:00Z', times(2880, { run: 60, produced: 30 })))]);
    expect(show(live, '10:00:00')[FILLER]).toBe('100.0 100.0 100.0 100.0, 1800 parts');
  });
});
