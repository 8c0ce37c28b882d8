import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { topics } from '../../../core/path.ts';
import {
  decodeBatch,
  decodeCommand,
  decodeCursor,
  decodeHello,
  decodeMachine,
  decodeMinute,
  decodeState,
  MESSAGE_LIMITS,
} from '../../../core/telemetry/decode.ts';
import { MachinePipeline } from '../../../core/telemetry/machine-pipeline.ts';
import { toMachineMessages } from '../../../core/telemetry/message.ts';
import { at, filler, sensor } from './scenario.ts';

const text = readFileSync(new URL('../../../docs/telemetry.md', import.meta.url), 'utf8');
const examples = new Map(
  [...text.matchAll(/<!-- example: (\w+) -->\n```json\n(.*?)```/gs)].map(([, name = '', json = '']) => [name, json]),
);

describe('docs/telemetry.md', () => {
  test.each([
    ['machine', decodeMachine],
    ['batch', decodeBatch],
    ['hello', decodeHello],
    ['cursor', decodeCursor],
    ['state', decodeState],
    ['minute', decodeMinute],
    ['command', decodeCommand],
  ] as const)('the %s message is one that the decoder takes', (name, decoder) => {
    const json = examples.get(name) ?? '';
    expect(decoder(json)).toEqual(JSON.parse(json));
  });

  test('the readings of the example give the message of the example', () => {
    const machine = filler({ sensors: [sensor('temperature', { scale: 0.1 })] });
    const start = at('12:00');
    const pipeline = new MachinePipeline(machine, start);
    const readings = JSON.parse(examples.get('readings') ?? '') as {
      arrival: number;
      signal: string;
      value: unknown;
      source?: number;
    }[];
    for (const [arrival, together] of Map.groupBy(readings, (reading) => reading.arrival)) {
      for (let second = pipeline.checkpoint().lastMs; second < start + arrival; second += 1000)
        pipeline.confirmed(second);
      pipeline.readings(
        together.map(({ signal, value, source }) => ({
          machinePath: machine.path,
          signal,
          value,
          quality: 'GOOD' as const,
          sourceTimeMs: source === undefined ? undefined : start + source,
        })),
        start + arrival,
      );
    }
    expect(toMachineMessages(pipeline.drain())).toEqual([JSON.parse(examples.get('machine') ?? '')]);
  });

  test('names the topics and limits that the code has', () => {
    const path = '<site>/<line>/<machine>';
    for (const topic of [topics.machine(path), topics.state(path), topics.minute(path), topics.command(path)]) {
      expect(text).toContain(`\`${topic}\``);
    }
    expect(text).toContain(topics.hello('<site>', '<gateway>'));
    const { bytes, signals, values } = MESSAGE_LIMITS;
    const limits = `${bytes / 2 ** 20} MiB, ${signals.toLocaleString('en')} signals or ${values.toLocaleString('en')} values`;
    expect(text).toContain(limits);
  });
});
