import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadSite } from '../../../../core/site/load.ts';
import { machinesOf, type Site } from '../../../../core/site/site.ts';
import { Plant, STEP_MS, STRETCH_MS } from '../../../../local/simulator/model/plant.ts';
import { tinySite } from '../../tiny-site.ts';

const START = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;
const FILLER = 'demo/bottling/filler';

let demo: Site;
beforeAll(() => {
  demo = loadSite('sites/demo.yaml', (path) => readFileSync(path, 'utf8'));
});

/** All that the PLCs show at one time. */
function picture(plant: Plant, site: Site) {
  return machinesOf(site).map((machine) => {
    const view = plant.view(machine);
    return { ...view, sensor: machine.sensors.map(({ id }) => view.sensor(id)) };
  });
}

describe('the simulated plant', () => {
  test('shows the same values for the same seed, start and time, however it got there', () => {
    const inOneGo = new Plant(demo, 7, START);
    inOneGo.advanceTo(START + HOUR + 123);
    const bitByBit = new Plant(demo, 7, START);
    for (let time = START; time < START + HOUR; time += 77_777) bitByBit.advanceTo(time);
    bitByBit.advanceTo(START + HOUR + 199);
    expect(picture(bitByBit, demo)).toEqual(picture(inOneGo, demo));

    const another = new Plant(demo, 8, START);
    another.advanceTo(START + HOUR + 123);
    expect(picture(another, demo)).not.toEqual(picture(inOneGo, demo));
  });

  test('need not live through days long past to know a day', () => {
    const tiny = tinySite();
    const throughAll = new Plant(tiny, 7, START);
    for (let time = START; time <= START + STRETCH_MS + HOUR; time += HOUR) throughAll.advanceTo(time);
    const directly = new Plant(tiny, 7, START);
    directly.advanceTo(START + STRETCH_MS + HOUR);
    expect(picture(directly, tiny)).toEqual(picture(throughAll, tiny));
  });

  test('counts like a PLC: by no more than the machine can make, but for roll-overs and resets to 0', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const plant = new Plant(demo, seed, START);
        const machines = machinesOf(demo);
        const before = new Map(machines.map(({ path }) => [path, plant.simulated(path)!.produced.count]));
        for (let time = START; time <= START + HOUR; time += 10_000) {
          plant.advanceTo(time);
          for (const machine of machines) {
            const { modulus = Number.POSITIVE_INFINITY, maxRatePerSecond } = machine.produced!.counter;
            const was = before.get(machine.path)!;
            const is = plant.view(machine).produced;
            const most = maxRatePerSecond * 10 + 1;
            const plausible = (is >= was && is - was <= most) || is <= most || is + modulus - was <= most;
            if (!plausible || is >= modulus) throw new Error(`${machine.path} went from ${was} to ${is}`);
            before.set(machine.path, is);
          }
        }
      }),
      { numRuns: 3 },
    );
  });

  test('has a day like a real plant: the filler about 70 % OEE, the others between 45 and 85 %', () => {
    const plant = new Plant(demo, demo.simulation!.seed, START);
    const run = new Map<string, number>();
    const busy = new Map<string, number>();
    const seen = new Set<string>();
    const products = new Set<string>();
    const filler = machinesOf(demo).find(({ path }) => path === FILLER)!;
    for (let time = START; time < START + STRETCH_MS - STEP_MS; time += 2_000) {
      plant.advanceTo(time);
      products.add(plant.view(filler).product);
      for (const { path } of machinesOf(demo)) {
        const { state } = plant.simulated(path)!;
        seen.add(state);
        if (state !== 'PLANNED_STOP') busy.set(path, (busy.get(path) ?? 0) + 2);
        if (state === 'RUNNING') run.set(path, (run.get(path) ?? 0) + 2);
      }
    }
    expect([...seen].sort()).toEqual(['CHANGEOVER', 'FAULT', 'IDLE', 'PLANNED_STOP', 'RUNNING']);
    expect(products.size).toBeGreaterThan(1);
    for (const code of products) expect(['1', '2', '3']).toContain(code);
    for (const { path } of machinesOf(demo)) {
      const machine = plant.simulated(path)!;
      const availability = run.get(path)! / busy.get(path)!;
      const quality = 1 - machine.totalRejects / machine.totalParts;
      expect(quality).toBeGreaterThan(0.93);
      // Speed losses take another 4 to 8 %.
      const oee = availability * quality * 0.94;
      expect(oee).toBeGreaterThan(path === FILLER ? 0.6 : 0.45);
      expect(oee).toBeLessThan(path === FILLER ? 0.8 : 0.86);
    }
  });

  test('takes its breaks by the shifts, one line after the other', () => {
    const plant = new Plant(demo, 7, START);
    // The late shift's dinner is from 19:00 to 19:30 in Berlin, 18:00 to 18:30 UTC: bottling first, then machining.
    const stateAt = (time: string, path: string) => {
      plant.advanceTo(Date.parse(time));
      return plant.simulated(path)!.state === 'PLANNED_STOP';
    };
    expect(stateAt('2026-11-20T17:59:30Z', FILLER)).toBe(false);
    expect(stateAt('2026-11-20T18:05:00Z', FILLER)).toBe(true);
    expect(stateAt('2026-11-20T18:05:00Z', 'demo/machining/washer')).toBe(false);
    expect(stateAt('2026-11-20T18:20:00Z', FILLER)).toBe(false);
    expect(stateAt('2026-11-20T18:20:00Z', 'demo/machining/washer')).toBe(true);
    expect(stateAt('2026-11-20T18:31:00Z', 'demo/machining/washer')).toBe(false);
  });

  test('keeps all sensors within the limits of the site file', () => {
    const plant = new Plant(demo, 7, START);
    plant.act(FILLER, 'wear', true);
    for (let time = START; time < START + HOUR; time += 30_000) {
      plant.advanceTo(time);
      for (const machine of machinesOf(demo)) {
        for (const { id, minimum, maximum } of machine.sensors) {
          const value = plant.view(machine).sensor(id);
          if (typeof value !== 'number' || minimum === undefined || maximum === undefined) continue;
          expect(value).toBeGreaterThan(minimum);
          expect(value).toBeLessThan(maximum);
        }
      }
    }
  });
});

describe('demo actions', () => {
  const site = tinySite();
  const press = machinesOf(site)[0]!;

  test('stop: the machine stands until it is let go, and says that a person stopped it', () => {
    const plant = new Plant(site, 3, START);
    plant.act(press.path, 'stop', true);
    plant.advanceTo(START + 30_000);
    expect(plant.view(press)).toMatchObject({ state: '2', reason: '7' });
    const parts = plant.simulated(press.path)!.totalParts;
    plant.advanceTo(START + 60_000);
    expect(plant.simulated(press.path)!.totalParts).toBe(parts);
    plant.act(press.path, 'stop', false);
    plant.advanceTo(START + 62_000);
    expect(plant.view(press)).toMatchObject({ state: '1', reason: '' });
  });

  test('scrap: all parts of one minute are rejects, then it is over by itself', () => {
    const plant = new Plant(site, 3, START);
    const machine = plant.simulated(press.path)!;
    plant.advanceTo(START + 10_000);
    const before = { parts: machine.totalParts, rejects: machine.totalRejects };
    plant.act(press.path, 'scrap', true);
    plant.advanceTo(START + 40_000);
    expect(machine.totalRejects - before.rejects).toBe(machine.totalParts - before.parts);
    expect(machine.totalParts).toBeGreaterThan(before.parts);
    plant.advanceTo(START + 80_000);
    expect(plant.active(press.path)).toEqual([]);
  });

  test('wear: vibration rises until the bearing fails, and is as before once it is repaired', () => {
    const plant = new Plant(site, 3, START);
    plant.advanceTo(START + 10_000);
    const vibration = () => Number(plant.view(press).sensor('vibration'));
    const before = vibration();
    plant.act(press.path, 'wear', true);
    let highest = 0;
    for (let second = 10; second < 180; second += 1) {
      plant.advanceTo(START + second * 1000);
      highest = Math.max(highest, vibration());
    }
    expect(before).toBeLessThan(4);
    expect(highest).toBeGreaterThan(9);
    expect(plant.view(press)).toMatchObject({ state: '3', reason: '8' });
    plant.act(press.path, 'wear', false);
    plant.advanceTo(START + 190_000);
    expect(plant.simulated(press.path)!.state).toBe('RUNNING');
    expect(vibration()).toBeLessThan(4);
  });

  test('stay on over the turn of a day', () => {
    const plant = new Plant(site, 3, START);
    plant.advanceTo(START + STRETCH_MS - 1_000);
    plant.act(press.path, 'stop', true);
    plant.advanceTo(START + STRETCH_MS + 1_000);
    expect(plant.active(press.path)).toEqual(['stop']);
    expect(plant.simulated(press.path)!.state).toBe('IDLE');
  });
});
