import { describe, expect, test } from '@jest/globals';
import { FILLER, MODBUS, oneFault, PRODUCED, STATE, WASHER } from '../../../support/site-faults.ts';
import { smallSiteWith, warningLines } from '../../../support/site-text.ts';

describe('machines', () => {
  oneFault([
    [
      'a state map knows RUNNING',
      [['1: RUNNING, 2: IDLE', '1: FAULT']],
      `${FILLER}.state.map`,
      'must have a code that means RUNNING, or the machine never runs, got: FAULT',
    ],
    [
      'produced needs an ideal cycle',
      [['        idealCycleSeconds: 0.5\n', '']],
      FILLER,
      'counts parts but has no ideal cycle',
    ],
    [
      "products' ideal cycles need a signal that says which one runs",
      [['idealCycleSeconds: 0.5', 'products: [{ code: 1, idealCycleSeconds: 0.4 }]']],
      `${FILLER}.products`,
      'so its parts have no ideal cycle',
    ],
    [
      'rejected needs produced',
      [[PRODUCED, 'rejected: { node: "ns=2;s=R", counter: { maxRatePerSecond: 5 } }']],
      `${FILLER}.rejected`,
      'needs produced beside it',
    ],
    [
      'the highest rate lets the ideal cycle happen',
      [['maxRatePerSecond: 5', 'maxRatePerSecond: 1.5']],
      `${FILLER}.produced.counter.maxRatePerSecond`,
      'must be at least 2: an ideal cycle of 0.5 s makes that many parts a second, got: 1.5',
    ],
    [
      'time nobody observed stays unknown',
      [[STATE, `${STATE}\n        lossCategories: { UNKNOWN: run }`]],
      `${FILLER}.lossCategories.UNKNOWN`,
      'must stay unknown',
    ],
    [
      'values come before they go stale',
      [['source: plc', 'source: plc\n        stalenessSeconds: 0.5']],
      `${FILLER}.stalenessSeconds`,
      'come every 500 ms (publishingIntervalMs) but go stale after 0.5 s',
    ],
    [
      'a modulus fits its format',
      [
        [
          MODBUS,
          `${MODBUS} }\n        state: { modbus: { table: input-register, address: 9 }, map: { 1: RUNNING } }\n        idealCycleSeconds: 1\n        produced: { modbus: { table: input-register, address: 10 }, counter: { modulus: 1000000, maxRatePerSecond: 2 }`,
        ],
      ],
      `${WASHER}.produced.counter.modulus`,
      'must be at most 65536, since format uint16 counts no further',
    ],
  ]);

  test('products may bring the ideal cycle', () => {
    const text = smallSiteWith([
      'idealCycleSeconds: 0.5',
      'product: { node: "ns=2;s=P" }\n        products: [{ code: 1, idealCycleSeconds: 0.4 }]',
    ]);
    expect(warningLines(text)).toEqual([
      expect.stringContaining('a product code that products does not name counts no ideal time'),
    ]);
  });

  test.each([
    [
      'a rate far above the ideal',
      ['maxRatePerSecond: 5', 'maxRatePerSecond: 500'],
      'so a reset may pass for a rollover',
    ],
    [
      'a counter that rolls over in seconds',
      ['maxRatePerSecond: 5', 'modulus: 50, maxRatePerSecond: 5'],
      'roll over within 10 s',
    ],
    [
      'products without a product signal',
      ['idealCycleSeconds: 0.5', 'idealCycleSeconds: 0.5\n        products: [{ code: 1, idealCycleSeconds: 0.4 }]'],
      'are never chosen',
    ],
    ['a state without a counter', [`        ${PRODUCED}\n`, ''], 'gives availability alone'],
    ['a counter without a state', [`        ${STATE}\n`, ''], 'counts for no OEE'],
  ] as const)('%s is a warning', (_, change, message) => {
    expect(warningLines(smallSiteWith(change))).toEqual([expect.stringContaining(message)]);
  });
});
