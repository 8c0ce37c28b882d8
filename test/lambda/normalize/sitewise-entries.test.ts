import { describe, expect, test } from '@jest/globals';
import type { Sample } from '../../../core/telemetry/types.ts';
import type { SiteWiseSelection } from '../../../lambda/normalize/contract.ts';
import { selectedType, siteWiseWork } from '../../../lambda/normalize/sitewise-entries.ts';

const SELECTION: SiteWiseSelection = {
  signalsOfModel: { 'discrete-machine': { 'run-s': 'DOUBLE', reason: 'STRING', count: 'INTEGER', open: 'BOOLEAN' } },
  machines: {
    'demo/bottling/filler': { model: 'discrete-machine', gateway: 'gw', sensors: { temperature: 'DOUBLE' } },
    'demo/bottling/capper': { model: 'discrete-machine', gateway: 'gw' },
  },
};
const TIME = Date.parse('2026-03-02T12:00:00.250Z');

function sample(signal: string, value: Sample['value'], more: Partial<Sample> = {}): Sample {
  return { path: `demo/bottling/filler/${signal}`, timeMs: TIME, value, quality: 'GOOD', ...more };
}

describe('what goes to SiteWise', () => {
  test.each([
    ["a model's input", 'demo/bottling/capper/run-s', 'DOUBLE'],
    ['a marked sensor', 'demo/bottling/filler/temperature', 'DOUBLE'],
    ['an unmarked sensor', 'demo/bottling/filler/vibration', undefined],
    ["another machine's marked sensor", 'demo/bottling/capper/temperature', undefined],
    ['a machine that is not deployed', 'demo/packing/packer/run-s', undefined],
    ['a word of JavaScript', 'demo/bottling/filler/constructor', undefined],
  ])('%s', (_, path, type) => expect(selectedType(path, SELECTION)).toBe(type));

  test('is an entry a property, with alias, the exact time and quality of each value', () => {
    const { entries, refused } = siteWiseWork(
      [
        sample('temperature', 21.5),
        sample('reason', 'Jam'),
        sample('temperature', 22, { timeMs: TIME + 1000, quality: 'UNCERTAIN' }),
      ],
      SELECTION,
    );
    expect(refused).toEqual([]);
    expect(entries).toEqual([
      {
        entryId: '0',
        propertyAlias: '/demo/bottling/filler/temperature',
        propertyValues: [
          {
            timestamp: { timeInSeconds: 1772452800, offsetInNanos: 250_000_000 },
            quality: 'GOOD',
            value: { doubleValue: 21.5 },
          },
          {
            timestamp: { timeInSeconds: 1772452801, offsetInNanos: 250_000_000 },
            quality: 'UNCERTAIN',
            value: { doubleValue: 22 },
          },
        ],
      },
      {
        entryId: '1',
        propertyAlias: '/demo/bottling/filler/reason',
        propertyValues: [
          {
            timestamp: { timeInSeconds: 1772452800, offsetInNanos: 250_000_000 },
            quality: 'GOOD',
            value: { stringValue: 'Jam' },
          },
        ],
      },
    ]);
  });

  test('is at most ten values an entry', () => {
    const samples = Array.from({ length: 21 }, (_, index) => sample('run-s', index, { timeMs: TIME + index }));
    const { entries } = siteWiseWork(samples, SELECTION);
    expect(entries.map(({ entryId, propertyValues }) => [entryId, propertyValues?.length])).toEqual([
      ['0', 10],
      ['1', 10],
      ['2', 1],
    ]);
  });

  test('leaves out what has no value: the lake has it', () => {
    expect(siteWiseWork([sample('temperature', null, { quality: 'BAD' })], SELECTION)).toEqual({
      entries: [],
      refused: [],
    });
  });

  test('has the variant of the property, not of the value', () => {
    const { entries } = siteWiseWork([sample('count', 3), sample('open', true), sample('run-s', true)], SELECTION);
    expect(entries.map(({ propertyValues }) => propertyValues?.[0]?.value)).toEqual([
      { integerValue: 3 },
      { booleanValue: true },
      { doubleValue: 1 },
    ]);
  });

  test.each([
    ['a number beyond 10^10', sample('run-s', 1.1e10)],
    ['a text for a number', sample('run-s', '60')],
    ['a fraction for an integer', sample('count', 1.5)],
    ['an integer beyond 32 bits', sample('count', 2 ** 31)],
    ['a number for a boolean', sample('open', 1)],
    ['a control character', sample('reason', 'a\nb')],
  ])('refuses %s before SiteWise refuses the whole request', (_, bad) => {
    const { entries, refused } = siteWiseWork([bad], SELECTION);
    expect(entries).toEqual([]);
    expect(refused).toEqual([
      { path: bad.path, ts: TIME, quality: 'GOOD', value: bad.value, reason: expect.stringMatching(/^(SiteWise|The)/) },
    ]);
  });
});
