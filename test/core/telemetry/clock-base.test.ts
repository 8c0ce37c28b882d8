import { describe, expect, test } from '@jest/globals';
import { ClockBase } from '../../../core/telemetry/clock-base.ts';
import { expectTicks, filler, play, seriesOf } from './scenario.ts';

describe('the time base of a source', () => {
  test('a small skew is reported once and source times stay as they are', () => {
    const clock = new ClockBase();
    expect(
      [800, 810, 790, 1_250, 805].map((skew, second) => clock.observe(second * 1000 + skew, second * 1000)),
    ).toEqual([800, undefined, undefined, undefined, undefined]);
    expect(clock.toGatewayTime(5_000)).toBe(5_000);
  });

  test('switches with hysteresis: corrects above 2 s, trusts again below 1 s', () => {
    const clock = new ClockBase();
    const corrects = [0, 1_900, 1_900, 1_900, 2_100, 2_100, 2_100, 1_500, 1_500, 1_500, 900, 900, 900].map((skew) => {
      clock.observe(1_000_000 + skew, 1_000_000);
      return clock.corrects;
    });
    expect(corrects).toEqual([
      ...[false, false, false, false, false, false],
      ...[true, true, true, true, true, true],
      false,
    ]);
  });

  test('one slow answer moves nothing, a real step is followed by the third observation', () => {
    const clock = new ClockBase();
    const observe = (skew: number) => clock.observe(1_000_000 + skew, 1_000_000);
    expect([0, 0, 0, -9_000, 0].map(observe)).toEqual([0, undefined, undefined, undefined, undefined]);
    expect([3_600_000, 3_600_000, 3_600_000].map(observe)).toEqual([undefined, undefined, 3_600_000]);
    expect(clock.toGatewayTime(10_000_000)).toBe(6_400_000);
  });

  test('goes on after a restart as it was', () => {
    const clock = new ClockBase();
    clock.observe(5_000, 0);
    const again = new ClockBase(JSON.parse(JSON.stringify(clock.save())));
    expect(again.observe(5_010, 0)).toBeUndefined();
    expect(again.toGatewayTime(10_000)).toBe(5_000);
  });
});

describe('a PLC whose clock is wrong', () => {
  test('an hour ahead (summer time): the corrected times place a stop where it was', () => {
    const outcome = play(
      filler(),
      `12:00:00      clock 13:00:00
       12:00:00      state=1 produced=0      @13:00:00
       12:00:20.400  state=3 temperature=20  @13:00:20
       12:00:50.400  state=1                 @13:00:50
       12:01:02      end`,
    );
    expectTicks(
      outcome,
      `end    run-s  down-s  unknown-s
       12:01  30     30      0`,
    );
    expect(seriesOf(outcome, 'state')).toEqual(['12:00:00.000 RUNNING', '12:00:20.000 FAULT', '12:00:50.000 RUNNING']);
    expect(seriesOf(outcome, 'temperature')).toEqual(['12:00:20.000 20']);
    expect(seriesOf(outcome, 'clock-skew-ms')).toEqual(['12:00:00.000 3600000']);
    expect(outcome.pipeline.minute(Date.UTC(2026, 2, 2, 12, 1, 3)).clockSkewMs).toBe(3_600_000);
  });

  test('an hour behind without saying so: what arrives counts from its arrival on, not an hour ago', () =>
    expectTicks(
      play(
        filler(),
        `12:00:00      state=1  @11:00:00
         12:00:20.000  state=3  @11:00:19
         12:01:02      end`,
      ),
      `end    run-s  down-s
       12:01  20     40`,
    ));

  test('a time of 1970, or far in the future, becomes the arrival time of UNCERTAIN quality; states and parts still count', () => {
    const machine = filler();
    const outcome = play(machine, '12:00:00 state=1');
    const { pipeline } = outcome;
    const reading = { machinePath: machine.path, signal: 'temperature', quality: 'GOOD' } as const;
    const now = Date.UTC(2026, 2, 2, 12, 0, 30);
    [0, now + 3_600_000, Number.NaN, Number.POSITIVE_INFINITY, -1e300].forEach((sourceTimeMs, index) => {
      pipeline.readings([{ ...reading, value: 20 + index, sourceTimeMs }], now + index * 1000);
    });
    expect(seriesOf({ ...outcome, samples: pipeline.drain() }, 'temperature')).toEqual([
      '12:00:30.000 20 UNCERTAIN',
      '12:00:31.000 21 UNCERTAIN',
      '12:00:32.000 22 UNCERTAIN',
      '12:00:33.000 23 UNCERTAIN',
      '12:00:34.000 24 UNCERTAIN',
    ]);
    expect(pipeline.problems.get('bad-timestamp')?.count).toBe(5);
    const wrongClock = { sourceTimeMs: 0, machinePath: machine.path, quality: 'GOOD' } as const;
    pipeline.readings([{ ...wrongClock, signal: 'state', value: 3 }], now + 5_000);
    expect(seriesOf({ ...outcome, samples: pipeline.drain() }, 'state')).toEqual(['12:00:35.000 FAULT']);
  });
});

describe('the clock of the gateway', () => {
  test('a small step back: time stands still until it is right again, no time is given twice', () => {
    const { pipeline } = play(filler(), '12:00:30 state=1');
    const reading = { machinePath: 'demo/bottling/filler', signal: 'temperature', quality: 'GOOD' } as const;
    const now = Date.UTC(2026, 2, 2, 12, 0, 25);
    pipeline.readings([{ ...reading, value: 1 }], now);
    pipeline.readings([{ ...reading, value: 2 }], now + 1000);
    const times = pipeline.drain().filter(({ path }) => path.endsWith('temperature'));
    expect(times.map(({ timeMs }) => timeMs - now)).toEqual([5_000, 5_001]);
    expect(pipeline.problems.get('gateway-clock-stepped-back')?.count).toBe(2);
  });

  test('a clock that was years ahead and is put right: everything begins anew at the right time', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1 produced=10 temperature=20
       12:00:30  end`,
    );
    const { pipeline } = outcome;
    pipeline.drain();
    const right = Date.UTC(2024, 0, 1, 8, 0, 0);
    const reading = { machinePath: 'demo/bottling/filler', quality: 'GOOD' } as const;
    pipeline.readings(
      [
        { ...reading, signal: 'state', value: 1 },
        { ...reading, signal: 'produced', value: 20 },
        { ...reading, signal: 'temperature', value: 21 },
      ],
      right,
    );
    for (let second = 1; second <= 62; second += 1) {
      pipeline.confirmed(right + second * 1000);
      pipeline.advance(right + second * 1000);
    }
    const samples = pipeline.drain();
    expect(new Set(samples.map(({ timeMs }) => new Date(timeMs).getUTCFullYear()))).toEqual(new Set([2024]));
    expectTicks(
      { ...outcome, samples },
      `end    run-s  unknown-s
       08:01  60     0`,
    );
  });
});
