import { describe, expect, test } from '@jest/globals';
import { at, expectTicks, filler, play, seriesOf } from './scenario.ts';

/** Golden tables, by hand: what nobody saw is unknown, and never counts as running. The staleness limit is 10 s. */
describe('the minutes of a machine that is not always watched', () => {
  test('a dead connection: unknown from the last confirmation on, the timeline shows UNKNOWN once it is noticed', () => {
    const outcome = play(
      filler(),
      `12:00:00      state=1 produced=0
       12:00:30      quiet
       12:02:15      end`,
    );
    // Last confirmed at 12:00:29.
    expectTicks(
      outcome,
      `end    run-s  down-s  unknown-s
       12:01  29     0       31
       12:02  0      0       60`,
    );
    expect(seriesOf(outcome, 'state')).toEqual(['12:00:00.000 RUNNING', '12:00:40.000 UNKNOWN']);
  });

  test('a pause of 10 s between two confirmations still counts, one of more does not', () => {
    const pause = (from: string, until: string) =>
      play(
        filler(),
        `12:00:00  state=1
         ${from}   quiet
         ${until}  alive
         ${until}  temperature=20
         12:01:02  end`,
      );
    // `quiet` at :20 means that the last confirmation came at :19.
    expectTicks(
      pause('12:00:20', '12:00:29'),
      `end    run-s  unknown-s
       12:01  60     0`,
    );
    expectTicks(
      pause('12:00:20', '12:00:30'),
      `end    run-s  unknown-s
       12:01  49     11`,
    );
  });

  test('after a mere pause the last state holds again, from the next confirmation on', () =>
    expect(
      seriesOf(
        play(
          filler(),
          `12:00:00  state=1
           12:00:20  quiet
           12:00:45  temperature=20
           12:01:02  end`,
        ),
        'state',
      ),
    ).toEqual(['12:00:00.000 RUNNING', '12:00:30.000 UNKNOWN', '12:00:45.000 RUNNING']));

  test('a lost connection: UNKNOWN at once, until the state is read anew; its parts belong to no minute', () => {
    const outcome = play(
      filler(),
      `12:00:00      state=1 produced=100
       12:00:20      produced=140
       12:00:30.500  lost
       12:01:10      temperature=20
       12:01:20      state=1 produced=190 @12:00:50
       12:01:40      produced=220
       12:02:02      end`,
    );
    expectTicks(
      outcome,
      `end    run-s  unknown-s  produced  ideal-s
       12:01  30     30         40        20
       12:02  40     20         30        15`,
    );
    expect(seriesOf(outcome, 'state')).toEqual([
      '12:00:00.000 RUNNING',
      '12:00:30.500 UNKNOWN',
      '12:01:20.000 RUNNING',
    ]);
    expect(seriesOf(outcome, 'produced-unattributed')).toEqual(['12:01:20.000 50']);
  });

  test('a restart inside a minute: what nobody saw is unknown, its parts are unattributed', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1 produced=100
       12:00:20  produced=140
       12:00:25  gateway off
       12:00:40  gateway on
       12:00:41  state=1 produced=175
       12:00:50  produced=190
       12:01:02  end`,
    );
    // Seen: 12:00:00 to 12:00:24 (the last confirmation), and from 12:00:41 on.
    expectTicks(
      outcome,
      `end    run-s  down-s  planned-s  unknown-s  produced
       12:01  43     0       0          17         55`,
    );
    expect(seriesOf(outcome, 'produced-unattributed')).toEqual(['12:00:41.000 35']);
    expect(seriesOf(outcome, 'state')).toEqual([
      '12:00:00.000 RUNNING',
      '12:00:34.000 UNKNOWN',
      '12:00:41.000 RUNNING',
    ]);
  });

  test('a dead gateway: the minutes in which none ran have no ticks; those at its death and birth have', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1
       12:01:30  gateway off
       12:05:20  gateway on
       12:05:30  state=1
       12:06:02  end`,
    );
    expectTicks(
      outcome,
      `end    run-s  unknown-s
       12:01  60     0
       12:02  29     31
       12:06  30     30`,
    );
    expect(seriesOf(outcome, 'state')).toEqual([
      '12:00:00.000 RUNNING',
      '12:01:39.000 UNKNOWN',
      '12:05:30.000 RUNNING',
    ]);
  });

  test('a machine that was never reached: ticks of a minute of unknown time, and UNKNOWN after the staleness limit', () => {
    const outcome = play(
      filler(),
      `12:00:20  lost
       12:01:02  end`,
    );
    expectTicks(
      outcome,
      `end    run-s  down-s  planned-s  unknown-s  busy-s  produced
       12:01  0      0       0          60         0       0`,
    );
    const silent = play(
      filler(),
      `12:00:00  quiet
       12:01:02  end`,
    );
    expect(seriesOf(silent, 'state')).toEqual(['12:00:11.000 UNKNOWN']);
  });

  test('a state of BAD or UNCERTAIN quality, or with a code that the map lacks, is UNKNOWN', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1
       12:00:10  state=1 !BAD
       12:00:20  state=1
       12:00:30  state=1 !UNCERTAIN
       12:00:40  state=1
       12:00:50  state=99
       12:01:02  end`,
    );
    expectTicks(
      outcome,
      `end    run-s  unknown-s
       12:01  30     30`,
    );
    expect(outcome.problems).toEqual(new Set(['bad-quality', 'unknown-state-code']));
    expect(outcome.pipeline.problems.get('unknown-state-code')?.lastMessage).toBe(
      'state: the map has no entry for 99, so the state is UNKNOWN',
    );
  });

  test('parts made while the state is unknown are unattributed: their time is outside of every figure, so are they', () => {
    const outcome = play(
      filler(),
      `12:00:00  state=1 produced=0
       12:00:20  state=1 !BAD
       12:00:30  produced=15
       12:00:40  state=1
       12:00:50  produced=25
       12:01:02  end`,
    );
    expectTicks(
      outcome,
      `end    run-s  unknown-s  produced
       12:01  40     20         10`,
    );
    expect(seriesOf(outcome, 'produced-unattributed')).toEqual(['12:00:30.000 15']);
  });

  test('a tick waits until its minute is decided: for a confirmation, or until the staleness limit', () => {
    const untilEarly = (end: string) =>
      play(
        filler(),
        `12:00:00      state=1
         12:00:55      quiet
         ${end}        end`,
      );
    // Last confirmed at 12:00:54: undecided until 12:01:04.
    expectTicks(untilEarly('12:01:04'), 'end run-s unknown-s');
    expectTicks(
      untilEarly('12:01:05'),
      `end    run-s  unknown-s
       12:01  54     6`,
    );
  });

  test('the running minute says up to when it counts, and gives way to the next one when its tick is written', () => {
    const { pipeline } = play(
      filler(),
      `12:00:00      state=1 produced=0
       12:00:30      produced=20
       12:00:31.500  end`,
    );
    expect(pipeline.minute(at('12:00:31.500'))).toMatchObject({
      minuteEnd: at('12:01'),
      asOf: at('12:00:31'),
      tick: { 'run-s': 31, 'unknown-s': 0, produced: 20, 'ideal-s': 10 },
      state: 'RUNNING',
      confirmedAt: at('12:00:31'),
    });
    pipeline.confirmed(at('12:01:01'));
    pipeline.advance(at('12:01:01'));
    expect(pipeline.minute(at('12:01:01'))).toMatchObject({ minuteEnd: at('12:01'), asOf: at('12:01') });
    pipeline.advance(at('12:01:02'));
    expect(pipeline.minute(at('12:01:02'))).toMatchObject({ minuteEnd: at('12:02'), asOf: at('12:01:01') });
  });
});
