import { type BatchMessage, toMachineMessages } from '../../core/telemetry/message.ts';
import { type Sample, TICK_SIGNALS, type TickValues } from '../../core/telemetry/types.ts';

/** What a minute of a machine was like; what is left out is 0, and down fills the minute. */
export interface MinuteFacts {
  readonly run?: number;
  readonly planned?: number;
  readonly unknown?: number;
  readonly produced?: number;
  readonly rejected?: number;
  /** Ideal cycle in seconds. @default 2 */
  readonly cycle?: number;
}

/** The tick values of a minute: what is neither run, planned nor unknown is down. */
export function tick({
  run = 0,
  planned = 0,
  unknown = 0,
  produced = 0,
  rejected = 0,
  cycle = 2,
}: MinuteFacts): TickValues {
  const down = 60 - run - planned - unknown;
  return {
    'run-s': run,
    'down-s': down,
    'planned-s': planned,
    'unknown-s': unknown,
    'busy-s': run + down,
    produced,
    rejected,
    'ideal-s': produced * cycle,
    'good-s': (produced - rejected) * cycle,
  };
}

/** The samples of a tick, stamped with the minute's end. */
export function tickSamples(machinePath: string, minuteEndMs: number, values: TickValues): Sample[] {
  return TICK_SIGNALS.map((signal) => ({
    path: `${machinePath}/${signal}`,
    timeMs: minuteEndMs,
    value: values[signal],
    quality: 'GOOD' as const,
  }));
}

/** Samples as the only batch of an outbox entry. */
export function batchOf(samples: readonly Sample[], sequence = 1, simulated = false): BatchMessage {
  return {
    version: 1,
    outbox: '00000000-0000-4000-8000-000000000000',
    sequence,
    ...(simulated && { simulated }),
    machines: toMachineMessages(samples),
  };
}
