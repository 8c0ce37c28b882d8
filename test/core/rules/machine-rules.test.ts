import { describe, expect, test } from '@jest/globals';
import { MachineRules } from '../../../core/rules/machine-rules.ts';
import { machineSchema } from '../../../core/site/schema.ts';
import type { MachineMessage, SignalColumn } from '../../../core/telemetry/message.ts';

const STALENESS_MS = 10_000;
const START = 1_760_000_000_000;

/** A machine with a temperature, a pressure, a state, and one rule. */
function rulesOf(when: string): MachineRules {
  const machine = machineSchema.parse({
    id: 'm',
    source: 'plc',
    state: { node: 'ns=1;s=State', map: { 1: 'RUNNING' } },
    reason: { node: 'ns=1;s=Reason' },
    sensors: [
      { id: 'bearing-temperature', node: 'ns=1;s=T' },
      { id: 'pressure', node: 'ns=1;s=P' },
    ],
    rules: [{ id: 'r', when, do: { command: 'slow-down' } }],
  });
  return new MachineRules({ ...machine, path: 's/l/m', stalenessSeconds: STALENESS_MS / 1000 });
}

function message(timeMs: number, signals: Record<string, SignalColumn>): MachineMessage {
  return { version: 1, machine: 's/l/m', base: timeMs, signals };
}

const temperature = (timeMs: number, value: number, q?: string) =>
  message(timeMs, { 'bearing-temperature': { t: [0], v: [value], ...(q !== undefined && { q }) } });

/** Feeds temperatures one second apart; gives whether the rule fired at each. */
function firings(rules: MachineRules, values: readonly number[]): boolean[] {
  return values.map((value, index) => {
    const nowMs = START + index * 1000;
    return rules.samples(temperature(nowMs, value), nowMs).length > 0;
  });
}

describe('local rules of a machine', () => {
  test('fire when the condition becomes true, not while it stays true', () => {
    const rules = rulesOf('bearing_temperature > 80');
    expect(firings(rules, [79, 81, 85, 90, 79, 82])).toEqual([false, true, false, false, false, true]);
  });

  test('join signals of several messages and the state', () => {
    const rules = rulesOf('bearing_temperature > 80 and state == "RUNNING"');
    expect(rules.samples(temperature(START, 90), START)).toEqual([]);
    const running = message(START + 5, { state: { t: [0], v: ['RUNNING'] } });
    expect(rules.samples(running, START + 5).map(({ id }) => id)).toEqual(['r']);
  });

  test('know the state from the running minute where no change has come since the hub started', () => {
    const rules = rulesOf('bearing_temperature > 80 and state == "RUNNING"');
    rules.samples(temperature(START, 90), START);
    const minute = {
      version: 1,
      machine: 's/l/m',
      minuteEnd: START + 20_000,
      asOf: START + 100,
      tick: {},
      state: 'RUNNING',
      confirmedAt: START + 90,
    } as const;
    expect(rules.minute(minute, START + 100)).toHaveLength(1);
    expect(rules.minute({ ...minute, asOf: START + 1100, confirmedAt: START + 1090 }, START + 1100)).toEqual([]);
  });

  test('see a short excursion within one message', () => {
    const rules = rulesOf('bearing_temperature > 80');
    const burst = message(START, { 'bearing-temperature': { t: [0, 10, 20], v: [70, 95, 70] } });
    expect(rules.samples(burst, START)).toHaveLength(1);
    expect(rules.samples(burst, START)).toEqual([]);
  });

  test('take values of one time together', () => {
    const rules = rulesOf('bearing_temperature > 80 and pressure < 2');
    const both = message(START, {
      'bearing-temperature': { t: [0, 10], v: [90, 70] },
      pressure: { t: [0, 10], v: [5, 1] },
    });
    expect(rules.samples(both, START)).toEqual([]);
  });

  test('ignore values that are older than what is known', () => {
    const rules = rulesOf('bearing_temperature > 80');
    rules.samples(temperature(START, 70), START);
    expect(rules.samples(temperature(START - 1000, 90), START + 1)).toEqual([]);
  });

  test('do nothing while a signal has never been seen', () => {
    const rules = rulesOf('bearing_temperature > 80 or pressure < 2');
    expect(rules.samples(temperature(START, 90), START)).toEqual([]);
  });

  test('keep the newest GOOD value through a short disturbance, but not beyond the staleness limit', () => {
    const rules = rulesOf('bearing_temperature > 80 and pressure < 2');
    const pressure = (timeMs: number, value: number) => message(timeMs, { pressure: { t: [0], v: [value] } });
    rules.samples(temperature(START, 90), START);
    rules.samples(temperature(START + 1, 0, 'B'), START + 1);
    expect(rules.samples(pressure(START + 2, 1), START + 2)).toHaveLength(1);
    rules.samples(pressure(START + 3, 3), START + 3);
    const late = START + STALENESS_MS + 100;
    rules.samples(temperature(late, 0, 'B'), late);
    expect(rules.samples(pressure(late + 1, 1), late + 1)).toEqual([]);
  });

  test('fire anew when the machine comes back after nobody confirmed it for the staleness limit', () => {
    const rules = rulesOf('bearing_temperature > 80');
    expect(rules.samples(temperature(START, 90), START)).toHaveLength(1);
    const silent = START + STALENESS_MS + 1;
    const dead = {
      version: 1,
      machine: 's/l/m',
      minuteEnd: START + 40_000,
      asOf: silent,
      tick: {},
      state: 'UNKNOWN',
    } as const;
    expect(rules.minute(dead, silent)).toEqual([]);
    expect(rules.samples(temperature(silent + 1000, 90), silent + 1000)).toHaveLength(1);
  });

  test('stay quiet for a sensor that does not change while the machine is confirmed', () => {
    const rules = rulesOf('bearing_temperature > 80');
    rules.samples(temperature(START, 90), START);
    const fired = Array.from({ length: 60 }, (_, second) => {
      const nowMs = START + second * 1000;
      const minute = {
        version: 1,
        machine: 's/l/m',
        minuteEnd: START + 40_000,
        asOf: nowMs,
        tick: {},
        state: 'RUNNING',
      } as const;
      return rules.minute({ ...minute, confirmedAt: nowMs }, nowMs).length;
    });
    expect(fired.every((count) => count === 0)).toBe(true);
    const pressed = START + 60_000;
    rules.samples(temperature(pressed, 70), pressed);
    expect(rules.samples(temperature(pressed + 1, 90), pressed + 1)).toHaveLength(1);
  });
});
