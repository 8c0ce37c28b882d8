import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addTotals,
  type FigureMachine,
  figuresOf,
  idealCycleOf,
  NO_TOTALS,
  type OeeTotals,
  ratiosOf,
  totalsOf,
} from '../../../core/oee/figures.ts';

const totals = (some: Partial<OeeTotals>): OeeTotals => ({ ...NO_TOTALS, ...some });
const percent = (value: number | null) => (value === null ? '-' : (value * 100).toFixed(1));
const show = (of: OeeTotals) => {
  const { availability, performance, quality, oee } = ratiosOf(of);
  return [availability, performance, quality, oee].map(percent).join(' ');
};

describe('figures from sums', () => {
  test.each([
    // run   busy  ideal good   A    P     Q     OEE
    [2400, 3600, 2160, 2052, '66.7 90.0 95.0 57.0'],
    [0, 3600, 0, 0, '0.0 - - 0.0'],
    [3600, 3600, 0, 0, '100.0 0.0 - 0.0'],
    [0, 0, 0, 0, '- - - -'],
    [3600, 3600, 3960, 3960, '100.0 110.0 100.0 110.0'],
    [3600, 3600, 3600, 0, '100.0 100.0 0.0 0.0'],
  ])('run %d, busy %d, ideal %d, good %d s: %5$s', (runSeconds, busySeconds, idealSeconds, goodSeconds, expected) => {
    expect(show(totals({ runSeconds, busySeconds, idealSeconds, goodSeconds }))).toBe(expected);
  });

  test('OEE is availability x performance x quality wherever all three exist', () => {
    const seconds = fc.integer({ min: 0, max: 86_400_000 }).map((ms) => ms / 1000);
    fc.assert(
      fc.property(seconds, seconds, seconds, seconds, (runSeconds, busySeconds, idealSeconds, goodSeconds) => {
        const ratios = ratiosOf(totals({ runSeconds, busySeconds, idealSeconds, goodSeconds }));
        const { availability: a, performance: p, quality: q, oee } = ratios;
        if (a === null || p === null || q === null) return;
        expect(oee === null ? Number.NaN : Math.abs(a * p * q - oee)).toBeLessThanOrEqual(1e-9 * (oee ?? 0));
      }),
    );
  });

  test('a machine without a parts counter has availability alone, and a line with it too', () => {
    const sums = new Map([
      ['run-s', 2700],
      ['down-s', 900],
      ['busy-s', 3600],
    ]);
    const alone = totalsOf(sums);
    expect(show(alone)).toBe('75.0 - - -');
    expect(
      figuresOf(alone, [{ machine: { name: 'Washer', idealCycleSeconds: 2, products: [] }, totals: alone }]),
    ).toMatchObject({
      partsKnown: false,
      settling: false,
      warnings: ['No parts counter: only availability is known.'],
    });
    const full = totals({ runSeconds: 3600, busySeconds: 3600, idealSeconds: 3600, goodSeconds: 3600, produced: 1800 });
    expect(show(addTotals([full, alone]))).toBe('87.5 - - -');
  });

  test('parts of which no ideal cycle is known give no performance, instead of 0', () => {
    expect(show(totals({ runSeconds: 3600, busySeconds: 3600, produced: 5 }))).toBe('100.0 - - -');
  });

  test('nothing is ever NaN or infinite', () => {
    const seconds = fc.double({ min: 0, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, seconds, seconds, (runSeconds, busySeconds, idealSeconds, goodSeconds) => {
        const ratios = ratiosOf(totals({ runSeconds, busySeconds, idealSeconds, goodSeconds }));
        for (const value of Object.values(ratios)) expect(value === null || Number.isFinite(value)).toBe(true);
      }),
    );
  });

  test('MES corrections lower quality and raise the rejects', () => {
    const sums = new Map([
      ['run-s', 3600],
      ['busy-s', 3600],
      ['produced', 1800],
      ['rejected', 0],
      ['ideal-s', 3600],
      ['good-s', 3600],
      ['mes-s', -180],
      ['mes-rejected', 90],
    ]);
    expect(show(totalsOf(sums))).toBe('100.0 100.0 95.0 95.0');
    expect(totalsOf(sums).rejected).toBe(90);
  });

  test('totals add up in any grouping', () => {
    const one = totals({ runSeconds: 10, busySeconds: 20, produced: 3 });
    const other = totals({ runSeconds: 5, plannedSeconds: 7, rejected: 1 });
    expect(addTotals([one, other])).toEqual(
      totals({ runSeconds: 15, busySeconds: 20, plannedSeconds: 7, produced: 3, rejected: 1 }),
    );
    expect(addTotals([])).toEqual(NO_TOTALS);
  });
});

describe('a figure of a short run', () => {
  const cell = { name: 'Cell', idealCycleSeconds: 60, products: [] };
  // The top of the hour: the part that was begun 43 s before it is done 17 s after it.
  const first = totals({
    runSeconds: 17,
    downSeconds: 22,
    busySeconds: 39,
    idealSeconds: 62,
    goodSeconds: 62,
    produced: 1,
  });

  test('is what the definition says, but settling, and the ideal cycle is not blamed', () => {
    expect(show(first)).toBe('43.6 364.7 100.0 159.0');
    expect(figuresOf(first, [{ machine: cell, totals: first }])).toMatchObject({
      settling: true,
      warnings: ['Only 17 s of run time, less than 10 cycles: too short to judge performance.'],
    });
  });

  test.each([
    [599, 11, true, ['Only 599 s']],
    // Never rounded up to the ten cycles that it lacks.
    [599.7, 11, true, ['Only 599 s']],
    [0.4, 1, true, ['Less than 1 s of run time']],
    [600, 11, false, ['Performance is 110.0 %']],
    [600, 9, false, []],
    // Nothing made yet: the cycle is the one that the site file gives.
    [599, 0, true, ['Only 599 s']],
    [600, 0, false, []],
    // It did not run at all: there is no performance that could settle, and its OEE of 0 is true.
    [0, 0, false, []],
  ])('%d s of run time and %d parts of 60 s: settling is %s', (runSeconds, produced, settling, warnings) => {
    const ideal = { idealSeconds: produced * 60, goodSeconds: produced * 60 };
    const hour = totals({ runSeconds, busySeconds: 3600, produced, ...ideal });
    const figures = figuresOf(hour, [{ machine: cell, totals: hour }]);
    expect(figures.settling).toBe(settling);
    expect(figures.warnings).toEqual(warnings.map((text) => expect.stringContaining(text)));
  });

  describe('of a line', () => {
    const filler = { name: 'Filler', idealCycleSeconds: 0.5, products: [] };
    const running = (runSeconds: number, produced: number, cycle: number) => {
      const idealSeconds = produced * cycle;
      return totals({ runSeconds, busySeconds: runSeconds, idealSeconds, goodSeconds: idealSeconds, produced });
    };
    const fast = { machine: filler, totals: running(300, 540, 0.5) };
    const slow = { machine: cell, totals: running(300, 5, 60) };
    const line = (...machines: readonly { machine: FigureMachine['machine']; totals: OeeTotals }[]) => {
      return figuresOf(addTotals(machines.map((each) => each.totals)), machines);
    };

    test('settles while no machine that ran did so for ten of its own cycles', () => {
      expect(line(slow, slow)).toMatchObject({
        settling: true,
        warnings: ['Only 600 s of run time, less than 10 cycles on each machine: too short to judge performance.'],
      });
      // Nine machines of 60 s for 245 s each are 2205 s, but each of them made about four parts.
      const nine = Array.from({ length: 9 }, () => ({ machine: cell, totals: running(244.919, 4, 60) }));
      expect(line(...nine).warnings).toEqual([
        'Only 2204 s of run time, less than 10 cycles on each machine: too short to judge performance.',
      ]);
    });

    test('is settled once one machine is, and says of the others nothing that is false', () => {
      expect(line(fast)).toMatchObject({ settling: false, warnings: [] });
      expect(line(fast, slow)).toMatchObject({ settling: false, warnings: [] });
    });

    test('does not hear the machines that stand: none of their parts is under way', () => {
      const standing = { machine: cell, totals: totals({ downSeconds: 300, busySeconds: 300 }) };
      expect(line(fast, standing).settling).toBe(false);
      expect(line(slow, standing)).toMatchObject({
        settling: true,
        warnings: ['Only 300 s of run time, less than 10 cycles: too short to judge performance.'],
      });
    });

    test('blames the ideal cycle only for what settled machines made', () => {
      // The cell finished a part that it had begun before: 270 + 60 s of parts in 300 + 17 s.
      const begun = { machine: cell, totals: running(17, 1, 60) };
      const figures = line(fast, begun);
      expect(figures.performance).toBeCloseTo(330 / 317);
      expect(figures.warnings).toEqual([]);
      const tooFast = { machine: filler, totals: running(300, 660, 0.5) };
      expect(line(tooFast, begun).warnings).toEqual([expect.stringContaining('Performance is 123.0 %')]);
    });
  });

  test('the cycle is that of the parts made, else of the machine, else the longest of its products', () => {
    const products = [{ idealCycleSeconds: 2 }, { idealCycleSeconds: 8 }];
    expect(idealCycleOf(totals({ produced: 4, idealSeconds: 20 }), { products })).toBe(5);
    expect(idealCycleOf(NO_TOTALS, { idealCycleSeconds: 3, products })).toBe(3);
    expect(idealCycleOf(NO_TOTALS, { products })).toBe(8);
    expect(idealCycleOf(NO_TOTALS, { products: [] })).toBe(0);
  });
});

describe('warnings', () => {
  test.each([
    [
      'performance over 1',
      totals({ runSeconds: 3600, busySeconds: 3600, idealSeconds: 3960, goodSeconds: 3960, produced: 1980 }),
      'Performance is 110.0 %',
    ],
    [
      'parts without an ideal cycle',
      totals({ runSeconds: 60, busySeconds: 60, produced: 5 }),
      'no ideal cycle is known',
    ],
    [
      'parts of a machine that never ran',
      totals({ busySeconds: 60, downSeconds: 60, produced: 5, idealSeconds: 10, goodSeconds: 10 }),
      'although the machine never ran',
    ],
    [
      'more rejects than parts',
      totals({ runSeconds: 60, busySeconds: 60, produced: 5, rejected: 6, idealSeconds: 10, goodSeconds: -2 }),
      'More parts rejected (6) than produced (5)',
    ],
  ])('say %s', (_what, of, text) => {
    expect(figuresOf(of).warnings.join(' ')).toContain(text);
  });

  test('say how many minutes have no data, of the machine that lacks most', () => {
    const good = totals({ runSeconds: 2880, busySeconds: 2880, idealSeconds: 2880, goodSeconds: 2880, produced: 1440 });
    const told = (name: string, minutesWithTicks: number): FigureMachine => {
      const machine = { name, idealCycleSeconds: 2, products: [] };
      return { machine, totals: good, coverage: { minutesWithTicks, minutesElapsed: 60 } };
    };
    const warnings = (...machines: readonly FigureMachine[]) => figuresOf(good, machines).warnings;
    expect(warnings(told('Filler', 48))).toEqual(['No data for 12 of 60 minutes: the figure counts the rest.']);
    expect(warnings(told('Filler', 60))).toEqual([]);
    expect(warnings(told('Filler', 60), told('Cell 1', 20), told('Cell 2', 60))).toEqual([
      'No data for 40 of 60 minutes of Cell 1: the figure counts the rest.',
    ]);
    expect(warnings(told('Filler', 48), told('Cell 1', 0))).toEqual([
      'No data for 60 of 60 minutes of Cell 1 and some of 1 other machine: the figure counts the rest.',
    ]);
    expect(warnings(told('Filler', 48), told('Cell 1', 20), told('Cell 2', 59))).toEqual([
      'No data for 40 of 60 minutes of Cell 1 and some of 2 other machines: the figure counts the rest.',
    ]);
    expect(figuresOf(good).warnings).toEqual([]);
  });

  test('stay silent at exactly 100 %, rounding included', () => {
    const exact = totals({
      runSeconds: 0.1 + 0.2,
      busySeconds: 0.3,
      idealSeconds: 0.3 + 1e-12,
      goodSeconds: 0.3,
      produced: 1,
    });
    expect(figuresOf(exact).warnings).toEqual([]);
  });
});
