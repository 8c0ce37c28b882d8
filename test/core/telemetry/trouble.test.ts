import { describe, expect, test } from '@jest/globals';
import { MachinePipeline } from '../../../core/telemetry/machine-pipeline.ts';
import type { Reading, Sample } from '../../../core/telemetry/types.ts';
import { at, expectTicks, filler, play, seriesOf } from './scenario.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The filler at its ideal cycle of 0.5 s. */
const PARTS_A_SECOND = 2;

/** How a source says what it knows: polled without times (Modbus), or by times of its own clock (OPC UA). */
interface Source {
  readonly name: string;
  /** Source clock minus the true time, ms; undefined: no times at all. */
  readonly clockMs?: number;
}

const MODBUS: Source = { name: 'a source without times' };
const OPC_UA: Source = { name: 'a source with times', clockMs: 0 };

/**
 * A filler that never stops, makes two parts each second, and its gateway with a clock that may be wrong. Whatever happens to
 * connection, clocks and processes: facts may be missing, but no minute may hold what did not happen in it.
 */
class Shop {
  trueMs = at('12:00');
  gatewayClockMs = 0;
  totaliser = 100;
  made = 0;
  readonly #source: Source;
  #pipeline: MachinePipeline;
  #samples: Sample[] = [];
  #checkpoint = '';
  /** How many samples are durable. */
  #stored = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#pipeline = new MachinePipeline(filler(), this.#now);
    this.connect();
  }

  get #now(): number {
    return this.trueMs + this.gatewayClockMs;
  }

  /** The adapter hands over all values, as at each connection. */
  connect(): void {
    this.#read('state', 1);
    this.#read('produced', this.totaliser);
  }

  lose(): void {
    this.#pipeline.lost(this.#now);
    this.#drain();
  }

  /** Time passes. @param told false: nothing of the machine arrives. */
  run(seconds: number, told = true): void {
    for (let second = 0; second < seconds; second += 1) {
      this.trueMs += SECOND;
      this.totaliser += PARTS_A_SECOND;
      this.made += PARTS_A_SECOND;
      if (told) {
        if (this.#source.clockMs !== undefined) this.#pipeline.clock(this.trueMs + this.#source.clockMs, this.#now);
        else this.#read('state', 1);
        this.#read('produced', this.totaliser);
      }
      this.#pipeline.advance(this.#now);
      this.#drain();
      if (second % 2 === 0) this.#store();
    }
  }

  /** kill -9, and a new process from the last checkpoint that was stored; what was drained since is lost with it. */
  kill(downSeconds: number): void {
    this.trueMs += downSeconds * SECOND;
    this.totaliser += downSeconds * PARTS_A_SECOND;
    this.made += downSeconds * PARTS_A_SECOND;
    this.#samples = this.#samples.slice(0, this.#stored);
    this.#pipeline = new MachinePipeline(filler(), this.#now, JSON.parse(this.#checkpoint));
    this.connect();
  }

  /** The last tick of each minute: the same path and timestamp overwrites. */
  ticks(): { readonly end: string; readonly run: number; readonly produced: number; readonly sum: number }[] {
    const stored = new Map(this.#samples.map((sample) => [`${sample.path} ${sample.timeMs}`, sample]));
    const value = (signal: string, timeMs: number) =>
      Number(stored.get(`demo/bottling/filler/${signal} ${timeMs}`)?.value ?? Number.NaN);
    return [...stored.values()]
      .filter(({ path }) => path.endsWith('/run-s'))
      .map(({ timeMs }) => ({
        end: new Date(timeMs).toISOString().slice(11, 16),
        run: value('run-s', timeMs),
        produced: value('produced', timeMs),
        sum: value('run-s', timeMs) + value('down-s', timeMs) + value('planned-s', timeMs) + value('unknown-s', timeMs),
      }));
  }

  get unattributed(): number {
    return this.#samples
      .filter(({ path }) => path.endsWith('/produced-unattributed'))
      .reduce((sum, { value }) => sum + Number(value), 0);
  }

  #read(signal: string, value: number): void {
    const { clockMs } = this.#source;
    const sourceTimeMs = clockMs === undefined ? undefined : this.trueMs + clockMs;
    const reading: Reading = { machinePath: 'demo/bottling/filler', signal, value, quality: 'GOOD', sourceTimeMs };
    this.#pipeline.readings([reading], this.#now);
    this.#drain();
  }

  /** Samples and checkpoint in one transaction. */
  #store(): void {
    this.#checkpoint = JSON.stringify(this.#pipeline.checkpoint());
    this.#stored = this.#samples.length;
  }

  #drain(): void {
    this.#samples.push(...this.#pipeline.drain());
  }
}

/** What must hold whatever happened. @returns the ticks */
function expectHonest(shop: Shop) {
  const ticks = shop.ticks();
  for (const tick of ticks) {
    expect(tick.sum).toBe(60);
    expect(tick.produced).toBeGreaterThanOrEqual(0);
    // At the ideal cycle there is a part for each half second of run time; the blur of a second at either end.
    expect({ ...tick, most: tick.produced <= (tick.run + 2) * PARTS_A_SECOND }).toMatchObject({ most: true });
  }
  const attributed = ticks.reduce((sum, { produced }) => sum + produced, 0);
  expect(attributed).toBeGreaterThan(0);
  expect(attributed + shop.unattributed).toBeLessThanOrEqual(shop.made);
  return ticks;
}

describe.each([MODBUS, OPC_UA])('$name', (source) => {
  test('that is always there gives full minutes', () => {
    const shop = new Shop(source);
    shop.run(302);
    expect(expectHonest(shop).map(({ run, produced }) => [run, produced])).toEqual(
      Array.from({ length: 5 }, () => [60, 120]),
    );
  });

  test('whose connection flaps each three seconds: a second in four is unknown, with its parts', () => {
    const shop = new Shop(source);
    for (let flap = 0; flap < 76; flap += 1) {
      shop.run(3);
      shop.lose();
      shop.run(1, false);
      shop.connect();
    }
    const ticks = expectHonest(shop);
    expect(ticks).toHaveLength(5);
    for (const { run, produced } of ticks) {
      expect(run).toBe(45);
      expect(produced / PARTS_A_SECOND / run).toBeCloseTo(1, 1);
    }
    expect(shop.unattributed).toBe(76 * PARTS_A_SECOND);
  });

  test('whose gateway has its clock put forward by an hour: the hour has no ticks and no parts', () => {
    const shop = new Shop(source);
    shop.run(150);
    shop.gatewayClockMs = HOUR;
    shop.run(150);
    const ticks = expectHonest(shop);
    expect(ticks.map(({ end }) => end)).toEqual(['12:01', '12:02', '12:03', '13:03', '13:04']);
    expect(ticks.at(-1)).toMatchObject({ run: 60 });
  });

  test.each([
    ['by two minutes', 2 * MINUTE],
    ['by an hour', HOUR],
    ['by two hours', 2 * HOUR],
  ])('whose gateway has its clock put back %s: no minute gets the parts of another', (_, backMs) => {
    const shop = new Shop(source);
    shop.run(150);
    shop.gatewayClockMs = -backMs;
    shop.run(backMs / SECOND + 200);
    const ticks = expectHonest(shop);
    expect(ticks.at(-1)).toMatchObject({ run: 60, produced: 120 });
  });

  test('whose gateway is an hour ahead for ten minutes', () => {
    const shop = new Shop(source);
    shop.run(150);
    shop.gatewayClockMs = HOUR;
    shop.run(600);
    shop.gatewayClockMs = 0;
    shop.run(HOUR / SECOND + 200);
    expect(expectHonest(shop).at(-1)).toMatchObject({ run: 60, produced: 120 });
  });

  test('whose PLC restarts: the totaliser begins at 0, the parts in between belong to no minute', () => {
    const shop = new Shop(source);
    shop.run(90);
    shop.lose();
    shop.run(30, false);
    shop.totaliser = 0;
    shop.run(5, false);
    shop.connect();
    shop.run(120);
    const ticks = expectHonest(shop);
    expect(ticks.map(({ run, produced }) => [run, produced])).toEqual([
      [60, 120],
      [30, 60],
      [55, 110],
      [60, 120],
    ]);
    expect(shop.unattributed).toBe(10);
  });
});

describe.each([MODBUS, OPC_UA])('$name, whose gateway is killed', (source) => {
  test.each(Array.from({ length: 64 }, (_, second) => second + 1))('after %d s: no part counts twice', (second) => {
    for (const downSeconds of [0, 1, 7, 75]) {
      const shop = new Shop(source);
      shop.run(second + 60);
      shop.kill(downSeconds);
      shop.run(130);
      const ticks = expectHonest(shop);
      const ends = ticks.map(({ end }) => end);
      expect(ends).toEqual([...new Set(ends)]);
    }
  });
});

describe('a PLC whose clock was never set', () => {
  test.each([
    ['1970', -56 * 365.25 * 24 * HOUR],
    ['five minutes behind', -5 * MINUTE],
    ['an hour ahead', HOUR],
  ])('%s: minutes are as true as with the right clock', (_, clockMs) => {
    const shop = new Shop({ name: 'plc', clockMs });
    shop.run(302);
    expect(expectHonest(shop).map(({ run, produced }) => [run, produced])).toEqual(
      Array.from({ length: 5 }, () => [60, 120]),
    );
  });
});

describe('values that come late or again', () => {
  test('a lower value of an earlier time is not a step, and what follows is not counted twice', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1 produced=0
       12:00:20  produced=40 @12:00:20.000
       12:00:21  produced=36 @12:00:18.000
       12:00:22  produced=44 @12:00:22.000
       12:01:02  end`,
    );
    expectTicks(
      outcome,
      `end    produced
       12:01  44`,
    );
    expect([...outcome.problems]).toEqual(['late-reading']);
  });

  test('after a reconnect all values come with the times of their last change, hours ago: they hold from now on', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1 produced=100 product=A
       12:00:20  lost
       12:00:30  state=1 produced=130 product=B reason=17 @09:15:00.000
       12:00:40  produced=150
       12:01:02  end`,
    );
    expectTicks(
      outcome,
      `end    run-s  unknown-s  produced
       12:01  49     11         20`,
    );
    expect(seriesOf(outcome, 'state')).toEqual([
      '12:00:00.000 RUNNING',
      '12:00:20.000 UNKNOWN',
      '12:00:30.000 RUNNING',
    ]);
    expect(seriesOf(outcome, 'produced-unattributed')).toEqual(['12:00:30.000 30']);
  });

  test('a state that began in a pause nobody confirmed holds from the end of the pause', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=99
       12:00:05  quiet
       12:00:25  temperature=1
       12:00:26  state=1 @12:00:10.000
       12:01:02  end`,
    );
    expectTicks(
      outcome,
      `end    run-s  unknown-s
       12:01  34     26`,
    );
  });
});
