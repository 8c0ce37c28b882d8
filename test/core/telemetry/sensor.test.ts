import { describe, expect, test } from '@jest/globals';
import type { SensorConfig } from '../../../core/site/schema.ts';
import { MachinePipeline } from '../../../core/telemetry/machine-pipeline.ts';
import type { Quality } from '../../../core/telemetry/types.ts';
import { at, filler, play, sensor, seriesOf } from './scenario.ts';

/** One sensor, one value each second from 12:00:00 on; a value as [value, quality] or alone. */
function record(config: Partial<SensorConfig>, values: readonly unknown[]) {
  const machine = filler({ sensors: [sensor('temperature', config)] });
  const start = at('12:00');
  const pipeline = new MachinePipeline(machine, start);
  values.forEach((item, index) => {
    const [value, quality] = Array.isArray(item) ? (item as [unknown, Quality]) : [item, 'GOOD' as const];
    const now = start + index * 1000;
    pipeline.readings([{ machinePath: machine.path, signal: 'temperature', value, quality, sourceTimeMs: now }], now);
    pipeline.advance(now);
  });
  const samples = pipeline.drain();
  return {
    pipeline,
    got: seriesOf({ samples, pipeline, problems: new Set() }, 'temperature').map(
      (line) => line.slice(6, 8) + line.slice(12),
    ),
  };
}

describe('a sensor', () => {
  test('reports each change, scaled into its unit', () =>
    expect(record({ scale: 0.1, offset: -40 }, [635, 635, 636]).got).toEqual(['00 23.5', '02 23.6']));

  test('with a deadband reports what moved by more than that since the last report, so a slow drift is seen', () =>
    expect(record({ deadband: 1 }, [20, 20.6, 21, 21.1, 20.2, 20]).got).toEqual(['00 20', '03 21.1', '05 20']));

  test('reports each change of quality, whatever the deadband', () =>
    expect(record({ deadband: 5 }, [20, [20, 'UNCERTAIN'], [20, 'UNCERTAIN'], [20, 'BAD'], 20]).got).toEqual([
      '00 20',
      '01 20 UNCERTAIN',
      '03 20 BAD',
      '04 20',
    ]));

  test('a number outside of its range is UNCERTAIN', () =>
    expect(record({ minimum: 0, maximum: 100 }, [100, 100.5, -1, 0]).got).toEqual([
      '00 100',
      '01 100.5 UNCERTAIN',
      '02 -1 UNCERTAIN',
      '03 0',
    ]));

  test('what is no number is BAD without a value, and said so once in words', () => {
    const { got, pipeline } = record({}, [
      Number.NaN,
      1,
      Number.POSITIVE_INFINITY,
      2,
      'abc',
      3,
      null,
      4,
      {},
      5,
      undefined,
    ]);
    expect(got.filter((line) => line.endsWith('null BAD'))).toHaveLength(6);
    expect(got.filter((line) => !line.endsWith('null BAD'))).toHaveLength(5);
    expect(pipeline.problems.get('wrong-type')).toMatchObject({
      count: 6,
      lastMessage: 'temperature should be DOUBLE, got a value of type undefined: stored as BAD without a value',
    });
  });

  test.each([
    [
      'INTEGER',
      [3, 2.6, 2 ** 40, 7n, '3'],
      ['00 3', '01 3 UNCERTAIN', `02 ${2 ** 40} UNCERTAIN`, '03 7', '04 null BAD'],
    ],
    ['BOOLEAN', [true, 0, 1, 2, 'true'], ['00 true', '01 false', '02 true', '03 null BAD']],
    [
      'STRING',
      ['a\u0000b', 5, true, [], 'x'.repeat(2000)],
      ['00 ab', '01 5', '02 true', '03 null BAD', `04 ${'x'.repeat(1024)} UNCERTAIN`],
    ],
  ] as const)('%s values', (type, values, expected) =>
    expect(
      record(
        { type },
        values.map((value) => [value, 'GOOD']),
      ).got,
    ).toEqual(expected),
  );

  test('repeats its value every ten minutes while its source is alive, and not while it is not', () => {
    const script = (middle: string) =>
      play(
        filler(),
        `12:00:00  state=1 temperature=20
         ${middle}
         12:25:00  end`,
      );
    expect(seriesOf(script('12:00:01 state=1'), 'temperature')).toEqual([
      '12:00:00.000 20',
      '12:10:00.000 20',
      '12:20:00.000 20',
    ]);
    expect(seriesOf(script('12:05:00 lost'), 'temperature')).toEqual(['12:00:00.000 20']);
    expect(seriesOf(script('12:05:00 temperature=20 !BAD'), 'temperature')).toEqual([
      '12:00:00.000 20',
      '12:05:00.000 20 BAD',
    ]);
  });

  test.each([
    ['a reconnect', '12:00:30 lost'],
    ['a restart', '12:00:30 gateway off\n12:00:50 gateway on'],
    ['a pause that nobody confirmed', '12:00:30 quiet'],
  ])('after %s an unchanged value is reported once, from its arrival on, however old its source time', (_, gap) => {
    const outcome = play(
      filler(),
      `12:00:00  temperature=20 @11:58:00
       ${gap}
       12:01:00  temperature=20 @11:58:00
       12:01:00.200  temperature=20 @11:58:00
       12:01:01  temperature=21 @12:01:00.500
       12:01:02  end`,
    );
    expect(seriesOf(outcome, 'temperature')).toEqual(['11:58:00.000 20', '12:01:00.000 20', '12:01:00.500 21']);
    expect(outcome.problems).toEqual(new Set());
  });

  test('after each gap it is reported once more, GOOD though it was repeated since its source time', () => {
    const outcome = play(
      filler(),
      `12:00:00  temperature=20 @12:00:00
       12:12:00  lost
       12:13:00  temperature=20 @12:00:00
       12:13:30  lost
       12:14:00  temperature=20
       12:14:01  temperature=20
       12:14:02  end`,
    );
    expect(seriesOf(outcome, 'temperature')).toEqual([
      '12:00:00.000 20',
      '12:10:00.000 20',
      '12:13:00.000 20',
      '12:14:00.000 20',
    ]);
    expect(outcome.problems).toEqual(new Set());
  });

  test('within its deadband a value did not change, and after a gap its quality is the one that is read', () =>
    expect(
      seriesOf(
        play(
          filler({ sensors: [sensor('temperature', { deadband: 1 })] }),
          `12:00:00  temperature=20
           12:01:00  lost
           12:02:00  temperature=20.5 @12:00:30
           12:03:00  temperature=20.5 !BAD
           12:04:00  lost
           12:05:00  temperature=20.5 @12:00:30 !BAD
           12:06:00  lost
           12:07:00  temperature=20.5 @12:00:30
           12:07:01  end`,
        ),
        'temperature',
      ),
    ).toEqual([
      '12:00:00.000 20',
      '12:02:00.000 20.5',
      '12:03:00.000 20.5 BAD',
      '12:05:00.000 20.5 BAD',
      '12:07:00.000 20.5',
    ]));

  test('a value that changed in a gap keeps its newer source time, also behind the old one in the same batch', () => {
    const machine = filler();
    const { pipeline } = play(machine, '12:00:00 temperature=20\n12:00:30 lost');
    const reading = (value: number, time: string) =>
      ({ machinePath: machine.path, signal: 'temperature', value, quality: 'GOOD', sourceTimeMs: at(time) }) as const;
    pipeline.readings([reading(20, '12:00:00'), reading(21, '12:00:40'), reading(22, '12:00:50')], at('12:01'));
    pipeline.lost(at('12:01:10'));
    pipeline.readings([reading(23, '12:01:20')], at('12:01:30'));
    expect(pipeline.drain().filter(({ path }) => path.endsWith('/temperature'))).toMatchObject([
      { timeMs: at('12:00:40'), value: 21 },
      { timeMs: at('12:00:50'), value: 22 },
      { timeMs: at('12:01:20'), value: 23 },
    ]);
    expect(pipeline.problems.size).toBe(0);
  });

  test('where the arrival is not after the last sample, the value is stamped 1 ms after that', () =>
    expect(
      seriesOf(
        play(
          filler(),
          `12:00:00.000  temperature=20 @12:00:01.500
           12:00:00.100  lost
           12:00:00.200  temperature=20 @12:00:00`,
        ),
        'temperature',
      ),
    ).toEqual(['12:00:01.500 20', '12:00:01.501 20']));

  test('a value that arrives after a newer one is stored 1 ms after it, and noted', () => {
    const outcome = play(
      filler(),
      `12:02:00.000  temperature=20 @12:01:50
       12:02:00.100  temperature=21 @12:01:40
       12:02:00.200  temperature=22 @12:00:40
       12:02:01      end`,
    );
    expect(seriesOf(outcome, 'temperature')).toEqual([
      '12:01:50.000 20',
      '12:01:50.001 21',
      '12:01:50.002 22 UNCERTAIN',
    ]);
    expect(outcome.problems).toEqual(new Set(['reordered']));
  });

  test('a source time a little ahead is kept, one of more than 2 s ahead becomes the arrival time', () =>
    expect(
      seriesOf(
        play(
          filler(),
          `12:00:00  temperature=20 @12:00:01
           12:00:10  temperature=21 @12:00:15`,
        ),
        'temperature',
      ),
    ).toEqual(['12:00:01.000 20', '12:00:10.000 21']));

  test('historical values keep their time', () =>
    expect(seriesOf(play(filler(), '12:00:00 temperature=20 @03:14:15.926'), 'temperature')).toEqual([
      '03:14:15.926 20',
    ]));
});

describe('the limiter', () => {
  test('lets ten values a second through; of the rest the last one goes out at the start of the next second', () => {
    const machine = filler();
    const start = at('12:00');
    const pipeline = new MachinePipeline(machine, start);
    for (let ms = 0; ms < 1000; ms += 50) {
      pipeline.readings([{ machinePath: machine.path, signal: 'temperature', value: ms, quality: 'GOOD' }], start + ms);
    }
    pipeline.advance(start + 1000);
    const samples = pipeline.drain().filter(({ path }) => path.endsWith('/temperature'));
    expect(samples.map(({ timeMs }) => timeMs - start)).toEqual([0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 1000]);
    expect(samples.at(-1)?.value).toBe(950);
    expect(pipeline.problems.get('rate-limited')?.count).toBe(9);
  });

  test('ten values a second with jitter: none is lost', () => {
    const machine = filler();
    const start = at('12:00');
    const pipeline = new MachinePipeline(machine, start);
    // The eleventh value of the first second comes 1 ms early.
    for (let index = 0; index < 100; index += 1) {
      const now = start + index * 100 - (index % 10 === 0 && index > 0 ? 1 : 0);
      pipeline.readings([{ machinePath: machine.path, signal: 'temperature', value: index, quality: 'GOOD' }], now);
    }
    pipeline.advance(start + 11_000);
    expect(pipeline.drain().filter(({ path }) => path.endsWith('/temperature'))).toHaveLength(100);
    expect(pipeline.problems.has('rate-limited')).toBe(false);
  });

  test('parts outside of any minute are summed, never dropped', () => {
    const { state: _, ...stateless } = filler({ produced: { scale: 1, counter: { maxRatePerSecond: 1000 } } });
    const start = at('12:00');
    const pipeline = new MachinePipeline(stateless, start);
    for (let index = 0; index <= 30; index += 1) {
      const reading = { machinePath: stateless.path, signal: 'produced', value: index, quality: 'GOOD' } as const;
      pipeline.readings([reading], start + index * 10);
    }
    pipeline.advance(start + 1000);
    const samples = pipeline.drain();
    expect(samples).toHaveLength(11);
    expect(samples.reduce((sum, { value }) => sum + Number(value), 0)).toBe(30);
    expect(samples.at(-1)).toMatchObject({ timeMs: start + 1000, value: 20 });
  });
});

describe('states, reasons and products', () => {
  test('codes are numbers, texts or booleans; booleans are found as 0 and 1 too', () => {
    const map = { Execute: 'RUNNING', Held: 'IDLE', 0: 'PLANNED_STOP', true: 'FAULT' } as const;
    const outcome = play(
      filler({ state: { map } }),
      `12:00:00  state=Execute
       12:00:10  state=Held
       12:00:20  state=0
       12:00:30  state=constructor
       12:00:40  state=true`,
    );
    outcome.pipeline.readings(
      [{ machinePath: 'demo/bottling/filler', signal: 'state', value: false, quality: 'GOOD' }],
      at('12:00:45'),
    );
    const samples = [...outcome.samples, ...outcome.pipeline.drain()];
    expect(seriesOf({ ...outcome, samples }, 'state')).toEqual([
      '12:00:00.000 RUNNING',
      '12:00:10.000 IDLE',
      '12:00:20.000 PLANNED_STOP',
      '12:00:30.000 UNKNOWN',
      '12:00:40.000 FAULT',
      '12:00:45.000 PLANNED_STOP',
    ]);
  });

  test('a reason has the time of the state that it explains, even if the PLC sends it a moment later', () => {
    const outcome = play(
      filler(),
      `12:00:00      state=1 reason=0
       12:00:10.000  state=3 reason=17
       12:00:20.000  state=1
       12:00:30.000  state=2
       12:00:30.600  reason=23
       12:00:40.000  reason=starved
       12:00:50.000  state=3
       12:00:54.000  state=2 reason=constructor
       12:00:55.000  end`,
    );
    expect(seriesOf(outcome, 'reason')).toEqual([
      "12:00:00.000 ''",
      '12:00:10.000 Jam at infeed',
      "12:00:20.000 ''",
      '12:00:30.000 code 23',
      '12:00:40.000 starved',
      '12:00:50.000 starved',
      '12:00:54.000 constructor',
    ]);
    expect(outcome.pipeline.minute(at('12:00:55'))).toMatchObject({ state: 'IDLE', reason: 'constructor' });
  });

  test('a restart between a state and its reason does not part them', () => {
    const { pipeline } = play(filler(), '12:00:10.000 state=3');
    const again = new MachinePipeline(filler(), at('12:00:10'), pipeline.checkpoint());
    const reason = { machinePath: 'demo/bottling/filler', signal: 'reason', value: 17, quality: 'GOOD' } as const;
    again.readings([reason], at('12:00:10.500'));
    expect(again.drain()).toEqual([
      { path: 'demo/bottling/filler/reason', timeMs: at('12:00:10'), value: 'Jam at infeed', quality: 'GOOD' },
    ]);
  });

  test('two states in the same millisecond: the later one is 1 ms later', () =>
    expect(
      seriesOf(
        play(
          filler(),
          `12:00:00      state=1
           12:00:10.000  state=2 @12:00:10.000
           12:00:10.100  state=3 @12:00:10.000`,
        ),
        'state',
      ),
    ).toEqual(['12:00:00.000 RUNNING', '12:00:10.000 IDLE', '12:00:10.001 FAULT']));

  test('a batch is put into the order of its source times, whatever order it came in', () => {
    const { pipeline } = play(
      filler({ products: [{ code: 'B', idealCycleSeconds: 2 }] }),
      '12:00:00 state=1 produced=0 product=A',
    );
    const reading = (signal: string, value: unknown, time: string) =>
      ({ machinePath: 'demo/bottling/filler', signal, value, quality: 'GOOD', sourceTimeMs: at(time) }) as const;
    pipeline.readings(
      [
        reading('produced', 2, '12:00:01.000'),
        reading('produced', 5, '12:00:01.800'),
        reading('product', 'B', '12:00:01.500'),
        reading('state', 2, '12:00:01.900'),
        reading('state', 3, '12:00:01.700'),
      ],
      at('12:00:02'),
    );
    // Two parts at 0.5 s, three at 2 s; running until :01.7, at fault and idle from then on.
    expect(pipeline.minute(at('12:00:02')).tick).toMatchObject({
      produced: 5,
      'ideal-s': 7,
      'run-s': 1.7,
      'down-s': 0.3,
    });
    expect(pipeline.minute(at('12:00:02')).state).toBe('IDLE');
  });
});
