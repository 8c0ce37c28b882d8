import { describe, expect, test } from '@jest/globals';
import { isAggregateSignal } from '../../../core/telemetry/residency.ts';
import { RESERVED_SIGNALS, TICK_SIGNALS } from '../../../core/telemetry/types.ts';

describe('what may leave a site that keeps its raw values', () => {
  test.each([...TICK_SIGNALS, 'produced-unattributed', 'mes-s', 'mes-rejected'])('%s may', (signal) =>
    expect(isAggregateSignal(signal)).toBe(true),
  );

  test.each(['state', 'reason', 'product', 'clock-skew-ms', 'bearing-temperature', 'constructor'])(
    '%s stays',
    (signal) => expect(isAggregateSignal(signal)).toBe(false),
  );

  test('is a matter of reserved signals alone: a sensor cannot take such a name', () => {
    const aggregates = [...TICK_SIGNALS, 'produced-unattributed', 'rejected-unattributed', 'mes-s', 'mes-rejected'];
    expect(aggregates.filter((signal) => !RESERVED_SIGNALS.includes(signal))).toEqual([]);
  });
});
