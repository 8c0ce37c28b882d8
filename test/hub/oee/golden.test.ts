/**
 * Golden tables, computed by hand. The machine's ideal cycle is 2 s unless said otherwise: 30 parts a minute.
 *   availability = run / busy     performance = ideal / run     quality = good / ideal     OEE = good / busy
 * `-` is "no figure": x / 0 has none.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { TIME_TICK_SIGNALS } from '../../../core/telemetry/types.ts';
import { smallSite } from '../../support/small-site.ts';
import type { MinuteFacts } from '../../support/ticks.ts';
import { minuteSamples, Plant, times } from './plant.ts';

const FILLER = 'demo/bottling/filler';
const SIX = '2026-11-23T06:00:00Z';
const SEVEN = '2026-11-23T07:00:00Z';

let plant: Plant;
afterEach(() => plant.engine.stop());

/** An hour of the filler -> availability, performance, quality, OEE in percent. */
const hours: readonly { what: string; minutes: readonly MinuteFacts[]; expected: string; because: string }[] = [
  {
    what: 'a perfect hour',
    minutes: times(60, { run: 60, produced: 30 }),
    expected: '100.0 100.0 100.0 100.0',
    because: 'run 3600, busy 3600, ideal 1800 x 2 = 3600, good 3600',
  },
  {
    what: 'a break of a quarter of an hour, 27 parts a minute else',
    minutes: [...times(45, { run: 60, produced: 27 }), ...times(15, { planned: 60 })],
    expected: '100.0 90.0 100.0 90.0',
    because: 'run 2700, busy 2700 (the break is outside), ideal 45 x 27 x 2 = 2430',
  },
  {
    what: 'micro-stops of 10 s in each minute',
    minutes: times(60, { run: 50, produced: 25 }),
    expected: '83.3 100.0 100.0 83.3',
    because: 'run 3000, busy 3600, ideal 1500 x 2 = 3000: full speed in between',
  },
  {
    what: 'a changeover of 20 minutes',
    minutes: [...times(20, {}), ...times(40, { run: 60, produced: 30 })],
    expected: '66.7 100.0 100.0 66.7',
    because: 'run 2400, busy 3600 (changeover is down), ideal 2400',
  },
  {
    what: 'an hour in which the machine runs and makes nothing',
    minutes: times(60, { run: 60 }),
    expected: '100.0 0.0 - 0.0',
    because: 'ideal 0 / run 3600 = 0; good 0 / ideal 0 has no value; good 0 / busy 3600 = 0',
  },
  {
    what: 'an hour of standing still',
    minutes: times(60, {}),
    expected: '0.0 - - 0.0',
    because: 'run 0 / busy 3600 = 0; nothing to say on performance and quality',
  },
  {
    what: 'nothing but scrap',
    minutes: times(60, { run: 60, produced: 30, rejected: 30 }),
    expected: '100.0 100.0 0.0 0.0',
    because: 'ideal 3600, good (30 - 30) x 2 = 0',
  },
  {
    what: 'an hour of planned stop only',
    minutes: times(60, { planned: 60 }),
    expected: '- - - -',
    because: 'busy 0: the hour is outside of every figure',
  },
  {
    what: 'half an hour without a confirmed source',
    minutes: [...times(30, { run: 60, produced: 30 }), ...times(30, { unknown: 60 })],
    expected: '100.0 100.0 100.0 100.0',
    because: 'unknown time is outside of every figure: run 1800, busy 1800',
  },
  {
    what: 'a minute that is run, down, planned and unknown',
    minutes: [{ run: 30, planned: 10, unknown: 5, produced: 12, rejected: 3 }],
    expected: '66.7 80.0 75.0 40.0',
    because: 'down 15, busy 45; 30/45; 24/30; 18/24; 18/45',
  },
  {
    what: 'two products: half an hour at 2 s, half an hour at 10 s with one reject a minute',
    minutes: [
      ...times(30, { run: 60, produced: 30, cycle: 2 }),
      ...times(30, { run: 60, produced: 5, rejected: 1, cycle: 10 }),
    ],
    expected: '100.0 91.7 90.9 83.3',
    because: 'ideal 1800 + 1500 = 3300 of 3600; good 1800 + 1200 = 3000 of 3300; parts weigh by their cycle',
  },
  {
    what: 'more parts than the ideal cycle allows',
    minutes: times(60, { run: 60, produced: 33 }),
    expected: '100.0 110.0 100.0 110.0',
    because: 'ideal 3960 / run 3600: not cut off, the ideal cycle is wrong',
  },
];

describe('the figures of an hour', () => {
  test.each(hours)('of $what are $expected: $because', async ({ minutes, expected }) => {
    plant = new Plant();
    await plant.minutes(FILLER, SIX, minutes);
    expect(await plant.figures(FILLER, '1h', SEVEN)).toBe(expected);
  });
});

describe('a WAN or gateway outage', () => {
  test('leaves windows without ticks without figures, and others count what they have', async () => {
    plant = new Plant();
    // 06:00-06:20 running, 06:20-06:40 no ticks at all, 06:40-07:00 standing.
    await plant.minutes(FILLER, SIX, times(20, { run: 60, produced: 30 }));
    await plant.minutes(FILLER, '2026-11-23T06:40:00Z', times(20, {}));
    expect(await plant.figures(FILLER, '15m', '2026-11-23T06:15:00Z')).toBe('100.0 100.0 100.0 100.0');
    expect(await plant.figures(FILLER, '5m', '2026-11-23T06:30:00Z')).toBe('- - - -');
    expect(await plant.metric(FILLER, 'run_5m', '2026-11-23T06:30:00Z')).toBeUndefined();
    expect(await plant.figures(FILLER, '1h', SEVEN)).toBe('50.0 100.0 100.0 50.0');
    // The line stored-and-forwarded the gap's ticks: the hour as if they had come in time.
    await plant.minutes(FILLER, '2026-11-23T06:20:00Z', times(20, { run: 60, produced: 15 }));
    expect(await plant.figures(FILLER, '5m', '2026-11-23T06:30:00Z')).toBe('100.0 50.0 100.0 50.0');
    expect(await plant.figures(FILLER, '1h', SEVEN)).toBe('66.7 75.0 100.0 50.0');
  });
});

describe('a line and the factory', () => {
  // The filler runs 60 min at 90 %; the packer runs 20 of 40 planned minutes at full speed, half of it scrap.
  const feed = async () => {
    await plant.minutes(FILLER, SIX, times(60, { run: 60, produced: 27 }));
    await plant.minutes('demo/bottling/packer', SIX, [
      ...times(20, { run: 60, produced: 30, rejected: 15 }),
      ...times(20, {}),
      ...times(20, { planned: 60 }),
    ]);
    // A second line: a mill that makes a part of 60 s each minute, for half an hour.
    await plant.minutes('demo/machining/mill', SIX, [
      ...times(30, { run: 60, produced: 1, cycle: 60 }),
      ...times(30, {}),
    ]);
  };
  const machines = { bottling: ['filler', 'packer'], machining: ['mill'] };

  test('weigh machines by their seconds, not by the mean of their percentages', async () => {
    plant = new Plant(smallSite(machines));
    await feed();
    expect(await plant.figures('demo/bottling/packer', '1h', SEVEN)).toBe('50.0 100.0 50.0 25.0');
    // run 3600 + 1200 = 4800, busy 3600 + 2400 = 6000, ideal 3240 + 1200 = 4440, good 3240 + 600 = 3840
    expect(await plant.figures('demo/bottling', '1h', SEVEN)).toBe('80.0 92.5 86.5 64.0');
    // + mill: run 1800, busy 3600, ideal 1800, good 1800 -> run 6600, busy 9600, ideal 6240, good 5640
    expect(await plant.figures('demo', '1h', SEVEN)).toBe('68.8 94.5 90.4 58.8');
  });

  test('count only the bottleneck where the site file says so', async () => {
    plant = new Plant(smallSite(machines, { bottling: ['filler'] }));
    await feed();
    expect(await plant.figures('demo/bottling', '1h', SEVEN)).toBe('100.0 90.0 100.0 90.0');
    // filler 3600 3600 3240 3240 + mill 1800 3600 1800 1800
    expect(await plant.figures('demo', '1h', SEVEN)).toBe('75.0 93.3 100.0 70.0');
    expect(await plant.figures('demo/bottling/packer', '1h', SEVEN)).toBe('50.0 100.0 50.0 25.0');
  });
});

describe('a machine without a parts counter', () => {
  test('has availability alone, in the asset model too, and takes nothing from its line', async () => {
    plant = new Plant(smallSite({ bottling: ['filler', 'washer'] }, { bottling: ['filler'] }));
    await plant.minutes(FILLER, SIX, times(60, { run: 60, produced: 27 }));
    const washer = minuteSamples('demo/bottling/washer', SIX, times(60, { run: 45 }));
    const known: readonly string[] = TIME_TICK_SIGNALS;
    await plant.deliver(washer.filter(({ path }) => known.includes(path.slice('demo/bottling/washer/'.length))));
    expect(await plant.figures('demo/bottling/washer', '1h', SEVEN)).toBe('75.0 - - -');
    expect(await plant.figures('demo/bottling', '1h', SEVEN)).toBe('100.0 90.0 100.0 90.0');
  });
});

describe('scrap that the MES reports late', () => {
  const mesSamples = (seconds: readonly number[]) =>
    seconds.map((value, index) => ({
      path: `${FILLER}/mes-s`,
      timeMs: Date.parse(SIX) + (index + 1) * 60_000 - 1,
      value,
      quality: 'GOOD' as const,
    }));

  test('lowers the quality of the minutes in which the lot was made', async () => {
    plant = new Plant(undefined, { mesMachines: new Set([FILLER]) });
    await plant.minutes(FILLER, SIX, times(60, { run: 60, produced: 30 }));
    // The hub writes 0 for minutes without feedback; until then there is no quality yet.
    expect(await plant.figures(FILLER, '1h', SEVEN)).toBe('100.0 100.0 - -');
    const none = mesSamples(times(60, {}).map(() => 0));
    await plant.historian.putOwn(none);
    plant.engine.written(none);
    expect(await plant.figures(FILLER, '1h', SEVEN)).toBe('100.0 100.0 100.0 100.0');
    // 90 of the 300 parts of the first ten minutes are scrap: 180 s, 18 s from each of them.
    const late = mesSamples(times(10, {}).map(() => -18));
    await plant.historian.putOwn(late);
    plant.engine.written(late);
    expect(await plant.figures(FILLER, '1h', SEVEN)).toBe('100.0 100.0 95.0 95.0');
    expect(await plant.figures(FILLER, '5m', '2026-11-23T06:05:00Z')).toBe('100.0 100.0 70.0 70.0');
    expect(await plant.figures(FILLER, '5m', '2026-11-23T06:15:00Z')).toBe('100.0 100.0 100.0 100.0');
    expect(await plant.figures('demo', '1h', SEVEN)).toBe('100.0 100.0 95.0 95.0');
  });
});
