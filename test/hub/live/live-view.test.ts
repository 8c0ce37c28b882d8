import { beforeEach, describe, expect, test } from '@jest/globals';
import type { MinuteMessage } from '../../../core/telemetry/message.ts';
import { toMachineMessages } from '../../../core/telemetry/message.ts';
import { LiveView, type MachineNow } from '../../../hub/live/live-view.ts';
import { MemoryHistorian } from '../../support/memory-historian.ts';
import { smallSite } from '../../support/small-site.ts';

const FILLER = 'demo/bottling/filler';
const START = Date.UTC(2026, 10, 22, 12);
const STALENESS_MS = 10_000;

let changes: MachineNow[];
let view: LiveView;

beforeEach(() => {
  changes = [];
  const listener = {
    machine: (now: MachineNow) => void changes.push(now),
    value: () => undefined,
    minute: () => undefined,
  };
  view = new LiveView(smallSite({ bottling: ['filler'] }), listener, START);
});

function minute(asOf: number, state: MinuteMessage['state'], more: Partial<MinuteMessage> = {}): MinuteMessage {
  return { version: 1, machine: FILLER, minuteEnd: START + 60_000, asOf, tick: {}, state, confirmedAt: asOf, ...more };
}

const state = (timeMs: number, value: string) => {
  const [message] = toMachineMessages([{ path: `${FILLER}/state`, timeMs, value, quality: 'GOOD' }]);
  if (message === undefined) throw new Error('no message');
  return message;
};

describe('a machine, live', () => {
  test('is UNKNOWN and stale until something confirms it', () => {
    expect(view.machine(FILLER)).toMatchObject({ state: 'UNKNOWN', stale: true, confirmedAtMs: undefined });
    view.minute(minute(START + 100, 'RUNNING'), START + 110);
    expect(view.machine(FILLER)).toMatchObject({ state: 'RUNNING', stale: false, confirmedAtMs: START + 110 });
    expect(changes).toHaveLength(1);
  });

  test('shows a change at once, with the time of the change', () => {
    view.minute(minute(START + 100, 'RUNNING'), START + 110);
    view.samples(state(START + 200, 'FAULT'), START + 210);
    expect(changes.at(-1)).toMatchObject({ state: 'FAULT', sinceMs: START + 200 });
  });

  test('says nothing again while nothing changes', () => {
    for (let second = 1; second <= 5; second += 1) {
      view.minute(minute(START + second * 1000, 'RUNNING'), START + second * 1000);
    }
    expect(changes).toHaveLength(1);
  });

  test('learns from the retained state since when, but is not confirmed by it', () => {
    view.state(FILLER, { t: START - 3_600_000, v: 'RUNNING', q: 'GOOD' });
    expect(view.machine(FILLER)).toMatchObject({ state: 'UNKNOWN', stale: true });
    view.minute(minute(START + 100, 'RUNNING'), START + 110);
    expect(view.machine(FILLER)).toMatchObject({ state: 'RUNNING', sinceMs: START - 3_600_000 });
  });

  test('becomes UNKNOWN when nobody confirmed it for the staleness limit, from that moment on', () => {
    view.minute(minute(START, 'RUNNING'), START);
    view.advance(START + STALENESS_MS);
    expect(view.machine(FILLER)?.stale).toBe(false);
    view.advance(START + STALENESS_MS + 1);
    expect(changes.at(-1)).toMatchObject({ state: 'UNKNOWN', stale: true, sinceMs: START + STALENESS_MS });
    view.minute(minute(START + 20_000, 'RUNNING'), START + 20_000);
    expect(changes.at(-1)).toMatchObject({ state: 'RUNNING', stale: false });
  });

  test('is not confirmed by a gateway that goes on without its machine', () => {
    view.minute(minute(START, 'RUNNING'), START);
    for (let second = 1; second <= 12; second += 1) {
      view.minute(minute(START + second * 1000, 'RUNNING', { confirmedAt: START }), START + second * 1000);
      view.advance(START + second * 1000);
    }
    expect(view.machine(FILLER)).toMatchObject({ state: 'UNKNOWN', stale: true });
  });

  test('begins after a restart with the product that the historian knows', async () => {
    const historian = new MemoryHistorian();
    const product = { path: `${FILLER}/product`, timeMs: START - 1000, value: 'Water', quality: 'GOOD' as const };
    await historian.commit('g', [{ version: 1, outbox: 'o', sequence: 1, machines: toMachineMessages([product]) }]);
    await view.load(historian, START);
    expect(view.machine(FILLER)).toMatchObject({ product: 'Water', stale: true });
  });
});
