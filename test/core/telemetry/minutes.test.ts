import { describe, expect, test } from '@jest/globals';
import { expectTicks, filler, play, seriesOf } from './scenario.ts';

/**
 * Golden tables, by hand. The filler makes a part in 0.5 s at best; its state codes are 0 planned stop, 1 running, 2 idle,
 * 3 fault, 4 changeover. The source is confirmed each second where nothing else is said.
 */
describe('the minutes of a machine that is watched', () => {
  test('it runs, and stands for a planned break', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00      state=1 produced=1000
         12:00:30      produced=1050
         12:01:00      produced=1100
         12:01:20      produced=1130
         12:01:20      state=0
         12:03:40      state=1
         12:04:00      produced=1160
         12:04:02      end`,
      ),
      `end    run-s  down-s  planned-s  unknown-s  busy-s  produced  ideal-s  good-s
       12:01  60     0       0          0          60      100       50       50
       12:02  20     0       40         0          20      30        15       15
       12:03  0      0       60         0          0       0         0        0
       12:04  20     0       40         0          20      30        15       15`,
    ));

  test('micro-stops count to the millisecond, at the time at which they happened', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00      state=1
         12:00:10.700  state=2  @12:00:10.250
         12:00:14.600  state=1  @12:00:14.500
         12:00:40.200  state=3  @12:00:40.125
         12:00:45.200  state=1  @12:00:45.000
         12:01:02      end`,
      ),
      `end    run-s   down-s  planned-s  unknown-s  busy-s
       12:01  50.875  9.125   0          0          60`,
    ));

  test('a changeover and a fault are downtime; the loss category of a state can be changed for a machine', () => {
    const script = `12:00:00  state=4
                    12:00:15  state=3
                    12:00:35  state=1
                    12:01:02  end`;
    expectTicks(
      play(filler(), script),
      `end    run-s  down-s  planned-s
       12:01  25     35      0`,
    );
    const categoryOfState = { ...filler().categoryOfState, CHANGEOVER: 'planned' } as const;
    expectTicks(
      play(filler({ categoryOfState }), script),
      `end    run-s  down-s  planned-s
       12:01  25     20      15`,
    );
  });

  test('no production and only a planned stop: the ticks say 0, they are not missing', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00  state=3 produced=7 rejected=0
         12:01:00  state=0
         12:02:02  end`,
      ),
      `end    run-s  down-s  planned-s  unknown-s  produced  rejected  ideal-s  good-s
       12:01  0      60      0          0          0         0         0        0
       12:02  0      0       60         0          0         0         0        0`,
    ));

  test('all scrap: ideal seconds without good ones', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00  state=1 produced=0 rejected=0
         12:00:30  produced=40 rejected=40
         12:01:02  end`,
      ),
      `end    produced  rejected  ideal-s  good-s
       12:01  40        40        20       0`,
    ));

  test('a reject that is found a minute later lowers the good seconds of the minute in which it is found', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00  state=1 produced=0 rejected=0
         12:00:30  produced=40
         12:01:20  rejected=2
         12:02:02  end`,
      ),
      `end    produced  rejected  ideal-s  good-s
       12:01  40        0         20       20
       12:02  0         2         0        -1`,
    ));

  test('two products in a minute: each part counts with the ideal cycle of its own product', () => {
    const products = [
      { code: 'A', idealCycleSeconds: 0.5 },
      { code: 7, idealCycleSeconds: 2 },
    ];
    const outcome = play(
      filler({ products }),
      `12:00:00      state=1 product=A produced=0 rejected=0
       12:00:20      produced=30
       12:00:40.400  produced=31 product=7  @12:00:40.000
       12:00:55      produced=36 rejected=1
       12:01:02      end`,
    );
    // 30 x 0.5 s, then 6 x 2 s of which one is a reject.
    expectTicks(
      outcome,
      `end    produced  rejected  ideal-s  good-s
       12:01  36        1         27       25`,
    );
    expect(seriesOf(outcome, 'product')).toEqual(['12:00:00.000 A', '12:00:40.000 7']);
  });

  test('a part or a state on the minute itself belongs to the minute that ends', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00      state=1 produced=0
         12:01:00.300  produced=1 @12:01:00.000
         12:01:00.400  state=2    @12:01:00.000
         12:01:01.000  produced=3 @12:01:00.001
         12:02:02      end`,
      ),
      `end    run-s  down-s  produced
       12:01  60     0       1
       12:02  0      60      2`,
    ));

  test('a minute waits 1.5 s for readings on their way; what comes later counts from its end on and is noted', () => {
    const outcome = play(
      filler(),
      `12:00:00      state=1 produced=0
       12:01:01.400  state=3 produced=5  @12:00:50.000
       12:02:03.000  state=1 produced=9  @12:01:55.000
       12:03:02      end`,
    );
    expectTicks(
      outcome,
      `end    run-s  down-s  produced
       12:01  50     10      5
       12:02  0      60      0
       12:03  60     0       4`,
    );
    expect(outcome.problems.has('late-reading')).toBe(true);
    // The timeline shows the true time all the same.
    expect(seriesOf(outcome, 'state')).toContain('12:01:55.000 RUNNING');
  });

  test('the same readings twice change nothing', () => {
    const once = `12:00:00      state=1 produced=10 temperature=20 @12:00:00.000
                  12:00:20      state=3 produced=20 temperature=21 @12:00:20.000`;
    const twice = `${once}
                  12:00:20.100  state=3 produced=20 temperature=21 @12:00:20.000
                  12:00:20.200  state=3 produced=20 temperature=21 @12:00:20.000`;
    const end = '\n12:01:02 end';
    expect(play(filler(), twice + end).samples).toEqual(play(filler(), once + end).samples);
  });

  test('the machine without a parts counter or an ideal cycle has times only; the one without a state has no ticks', () => {
    const script = `12:00:00  state=1 produced=0
                    12:00:30  produced=10
                    12:01:02  end`;
    const withoutCounter = { ...filler() };
    delete withoutCounter.produced;
    delete withoutCounter.rejected;
    const withoutCycle = { ...filler({ product: undefined, products: [{ code: 'A', idealCycleSeconds: 3 }] }) };
    delete withoutCycle.idealCycleSeconds;
    const times = ['run-s', 'down-s', 'planned-s', 'unknown-s', 'busy-s'];
    for (const machine of [withoutCounter, withoutCycle]) {
      const { samples, pipeline } = play(machine, script);
      const tick = samples.filter(({ timeMs }) => timeMs === Date.UTC(2026, 2, 2, 12, 1));
      expect(tick.map(({ path }) => path.slice(machine.path.length + 1))).toEqual(times);
      expect(Object.keys(pipeline.minute(Date.UTC(2026, 2, 2, 12, 1, 3)).tick)).toEqual(times);
    }
    const stateless = { ...filler() };
    delete stateless.state;
    const outcome = play(stateless, script);
    expectTicks(outcome, 'end run-s');
    expect(seriesOf(outcome, 'produced-unattributed')).toEqual(['12:00:30.000 10']);
    expect(outcome.pipeline.minute(Date.UTC(2026, 2, 2, 12, 1, 3)).tick).toEqual({});
  });
});
