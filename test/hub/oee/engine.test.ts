import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MetricRow } from '../../../hub/historian/historian.ts';
import { MemoryHistorian } from '../../support/memory-historian.ts';
import { smallSite } from '../../support/small-site.ts';
import { batchOf } from '../../support/ticks.ts';
import { minuteSamples, Plant, times } from './plant.ts';

const FILLER = 'demo/bottling/filler';
const plants: Plant[] = [];
function newPlant(...options: ConstructorParameters<typeof Plant>): Plant {
  const plant = new Plant(...options);
  plants.push(plant);
  return plant;
}
afterEach(() => Promise.all(plants.splice(0).map((plant) => plant.engine.stop())));

describe('the OEE engine', () => {
  test('computes a machine, its line and the factory for 5, 15 and 60 minutes and the day', async () => {
    const plant = newPlant();
    // 12 minutes of 60 s run with 24 parts at 2 s, 3 minutes down.
    await plant.minutes(FILLER, '2026-11-23T06:00:00Z', [
      ...times(12, { run: 60, produced: 24, rejected: 1 }),
      ...times(3, {}),
    ]);
    for (const path of [FILLER, 'demo/bottling', 'demo']) {
      expect(await plant.figures(path, '15m', '2026-11-23T06:15:00Z')).toBe('80.0 80.0 95.8 61.3');
      expect(await plant.figures(path, '1h', '2026-11-23T07:00:00Z')).toBe('80.0 80.0 95.8 61.3');
      expect(await plant.figures(path, '1d', '2026-11-24T00:00:00Z')).toBe('80.0 80.0 95.8 61.3');
      expect(await plant.figures(path, '5m', '2026-11-23T06:05:00Z')).toBe('100.0 80.0 95.8 76.7');
      expect(await plant.figures(path, '5m', '2026-11-23T06:15:00Z')).toBe('40.0 80.0 95.8 30.7');
    }
    expect(await plant.metric(FILLER, 'run_15m', '2026-11-23T06:15:00Z')).toBe(720);
  });

  test('counts the tick of 00:00 to the day that it ends', async () => {
    const plant = newPlant();
    await plant.minutes(FILLER, '2026-11-22T23:59:00Z', [{ run: 60, produced: 30 }, {}]);
    expect(await plant.metric(FILLER, 'run_1d', '2026-11-23T00:00:00Z')).toBe(60);
    expect(await plant.metric(FILLER, 'run_1d', '2026-11-24T00:00:00Z')).toBe(0);
    expect(await plant.metric(FILLER, 'availability_5m', '2026-11-23T00:00:00Z')).toBe(1);
    expect(await plant.metric(FILLER, 'availability_5m', '2026-11-23T00:05:00Z')).toBe(0);
  });

  test('takes a figure back that later ticks leave without a value', async () => {
    const plant = newPlant();
    await plant.minutes(FILLER, '2026-11-23T06:00:00Z', [{ run: 30 }]);
    expect(await plant.metric(FILLER, 'availability_1h', '2026-11-23T07:00:00Z')).toBe(0.5);
    await plant.minutes(FILLER, '2026-11-23T06:00:00Z', [{ planned: 60 }]);
    expect(await plant.metric(FILLER, 'availability_1h', '2026-11-23T07:00:00Z')).toBeUndefined();
  });

  test('ignores machines that the site file does not have, and signals that are no ticks', async () => {
    const plant = newPlant();
    await plant.minutes('demo/bottling/ghost', '2026-11-23T06:00:00Z', times(5, { run: 60 }));
    await plant.deliver([{ path: `${FILLER}/temperature`, timeMs: 1, value: 20, quality: 'GOOD' }]);
    await plant.engine.settled();
    expect(plant.historian.allMetrics()).toEqual([]);
  });

  test('says which machine has an asset model that does not exist', () => {
    const site = smallSite({ bottling: ['filler', 'packer'] });
    const [line] = site.lines;
    const [filler, packer] = line!.machines;
    const warnings: string[] = [];
    newPlant(
      { ...site, lines: [{ ...line!, machines: [filler!, { ...packer!, model: 'discrete-machin' }] }] },
      { log: { info: () => {}, warn: (message) => warnings.push(message) } },
    );
    expect(warnings).toEqual([
      expect.stringContaining('Machine demo/bottling/packer has the asset model "discrete-machin"'),
    ]);
  });

  test('does not count ticks of bad quality', async () => {
    const plant = newPlant();
    const samples = minuteSamples(FILLER, '2026-11-23T06:00:00Z', times(2, { run: 60, produced: 30 }));
    await plant.deliver(samples.map((sample, index) => (index < 9 ? { ...sample, quality: 'BAD' as const } : sample)));
    expect(await plant.metric(FILLER, 'run_1h', '2026-11-23T07:00:00Z')).toBe(60);
  });

  test('goes on after the historian failed, and says why meanwhile', async () => {
    const warnings: string[] = [];
    const plant = newPlant(undefined, { log: { info: () => {}, warn: (message) => warnings.push(message) } });
    const samples = minuteSamples(FILLER, '2026-11-23T06:00:00Z', times(5, { run: 60, produced: 30 }));
    const batch = batchOf(samples);
    await plant.historian.commit('gateway-1', [batch]);
    plant.historian.failNextWith = new Error('the disk is full');
    plant.engine.committed([batch]);
    expect(await plant.metric(FILLER, 'run_1h', '2026-11-23T07:00:00Z')).toBe(300);
    expect(warnings).toEqual([expect.stringContaining('the disk is full')]);
    expect(plant.engine.status).toEqual({ waiting: 0, fault: undefined });
  });

  test('reads a day of history of ten machines once, not window by window', async () => {
    const machines = Array.from({ length: 10 }, (_, index) => `m-${index}`);
    const plant = newPlant(smallSite({ bottling: machines }), { debounceMs: 5 });
    for (const machine of machines) {
      await plant.historian.commit('g', [
        batchOf(minuteSamples(`demo/bottling/${machine}`, '2026-11-22T12:00:00Z', times(1440, { run: 60 }))),
      ]);
    }
    for (const machine of machines) {
      plant.engine.committed([
        batchOf(minuteSamples(`demo/bottling/${machine}`, '2026-11-22T12:00:00Z', times(1440, { run: 60 }))),
      ]);
    }
    await plant.engine.settled();
    expect(await plant.metric('demo', 'availability_1d', '2026-11-23T00:00:00Z')).toBe(1);
    expect(await plant.metric('demo/bottling', 'run_1d', '2026-11-24T00:00:00Z')).toBe(10 * 43_200);
    expect(plant.historian.calls.signalsOf).toBe(20);
    expect(plant.historian.calls.metrics ?? 0).toBeLessThan(10);
  });
});

describe('after a crash between commit and computing', () => {
  const history = [
    // Today, yesterday, and two weeks ago: an outbox that waited for long.
    ['2026-11-23T06:00:00Z', 30],
    ['2026-11-22T06:00:00Z', 90],
    ['2026-11-09T06:00:00Z', 45],
  ] as const;

  async function committedOnly(historian: MemoryHistorian): Promise<void> {
    for (const [from, minutes] of history) {
      const samples = minuteSamples(FILLER, from, times(minutes, { run: 60, produced: 20 }));
      await historian.commit('gateway-1', [batchOf(samples)]);
    }
  }

  async function allInTime(): Promise<MetricRow[]> {
    const plant = newPlant();
    for (const [from, minutes] of history) {
      await plant.minutes(FILLER, from, times(minutes, { run: 60, produced: 20 }));
    }
    await plant.engine.settled();
    return plant.historian.allMetrics();
  }

  test('the next start finds and computes everything that is missing', async () => {
    const historian = new MemoryHistorian();
    await committedOnly(historian);
    const plant = newPlant(undefined, { historian });
    plant.engine.start();
    await plant.engine.settled();
    expect(historian.allMetrics()).toEqual(await allInTime());
  });

  test('the next start finds an old day of which only a part had been computed', async () => {
    const historian = new MemoryHistorian();
    const before = newPlant(undefined, { historian });
    await before.minutes(FILLER, history[0][0], times(history[0][1], { run: 60, produced: 20 }));
    await before.minutes(FILLER, history[2][0], times(20, { run: 60, produced: 20 }));
    await before.engine.settled();
    await before.engine.stop();
    await committedOnly(historian);
    const after = newPlant(undefined, { historian });
    after.engine.start();
    await after.engine.settled();
    expect(historian.allMetrics()).toEqual(await allInTime());
  });

  test('a start with everything in order computes the two newest days again and nothing else', async () => {
    const historian = new MemoryHistorian();
    await committedOnly(historian);
    const first = newPlant(undefined, { historian });
    first.engine.start();
    await first.engine.settled();
    await first.engine.stop();
    historian.calls.signalsOf = 0;
    const second = newPlant(undefined, { historian });
    second.engine.start();
    await second.engine.settled();
    expect(historian.calls.signalsOf).toBe(2);
  });

  test('a historian that is not there yet is asked again', async () => {
    const historian = new MemoryHistorian();
    await committedOnly(historian);
    historian.failNextWith = new Error('connection refused');
    const plant = newPlant(undefined, { historian });
    plant.engine.start();
    await plant.engine.settled();
    expect(historian.allMetrics()).toEqual(await allInTime());
  });
});

describe('any order, repetition and delay of delivery', () => {
  test('ends in the same figures', async () => {
    const site = smallSite({ bottling: ['filler', 'packer'], machining: ['mill'] });
    const paths = ['demo/bottling/filler', 'demo/bottling/packer', 'demo/machining/mill'];
    const minute = fc.record({
      machine: fc.constantFrom(...paths),
      // Two days up to six days back: some of them old, around midnight.
      minute: fc
        .integer({ min: 0, max: 40 })
        .chain((offset) =>
          fc
            .constantFrom('2026-11-22T23:40:00Z', '2026-11-17T23:40:00Z')
            .map((start) => Date.parse(start) + offset * 60_000),
        ),
      run: fc.integer({ min: 0, max: 60 }),
      produced: fc.integer({ min: 0, max: 40 }),
    });
    const minutes = fc.uniqueArray(minute, {
      selector: (each) => `${each.machine} ${each.minute}`,
      minLength: 1,
      maxLength: 40,
    });
    const delivery = minutes.chain((facts) =>
      fc.record({
        facts: fc.constant(facts),
        // Each at least once, some twice, in any order, in batches of any size, with or without time to compute between them.
        order: fc
          .subarray(facts)
          .chain((again) => fc.shuffledSubarray([...facts, ...again], { minLength: facts.length + again.length })),
        batchSize: fc.integer({ min: 1, max: 12 }),
        waits: fc.boolean(),
      }),
    );
    const samplesOf = ({
      machine,
      minute,
      run,
      produced,
    }: {
      machine: string;
      minute: number;
      run: number;
      produced: number;
    }) => minuteSamples(machine, new Date(minute).toISOString(), [{ run, produced, rejected: produced % 3 }]);
    await fc.assert(
      fc.asyncProperty(delivery, async ({ facts, order, batchSize, waits }) => {
        const inOrder = newPlant(site);
        await inOrder.deliver(facts.toSorted((one, other) => one.minute - other.minute).flatMap(samplesOf));
        await inOrder.engine.settled();
        const anyOrder = newPlant(site);
        for (let index = 0; index < order.length; index += batchSize) {
          await anyOrder.deliver(order.slice(index, index + batchSize).flatMap(samplesOf));
          if (waits) await anyOrder.engine.settled();
        }
        await anyOrder.engine.settled();
        expect(anyOrder.historian.allMetrics()).toEqual(inOrder.historian.allMetrics());
        expect(inOrder.historian.allMetrics().length).toBeGreaterThan(0);
      }),
      { numRuns: 15 },
    );
  }, 20_000);
});
