import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../support/site-faults.ts';
import { faultLines, faultsOf, smallSiteWith, warningLines } from '../../../support/site-text.ts';

describe('rules', () => {
  const rule = (when: string): Change => [
    'source: plc',
    `source: plc\n        rules:\n          - id: hot\n            when: ${when}\n            do: { command: stop }`,
  ];

  test.each([
    '\'temperature > 80 and state == "RUNNING"\'',
    'temperature > 80',
    '\'abs(temperature - 20) > 5 or not (state != "FAULT")\'',
  ])('%s is right', (when) => expect(warningLines(smallSiteWith(rule(when)))).toEqual([]));

  test('an unknown signal is told where it stands within the text', () => {
    const [plain] = faultsOf(smallSiteWith(rule('temperature > 80 and presure > 3')));
    expect(plain).toMatchObject({ path: 'lines[0].machines[0].rules[0].when', line: 15, column: 19 + 21 });
    expect(plain?.message).toContain("There is no variable 'presure'");
    const [quoted] = faultsOf(smallSiteWith(rule('"temperature > 80 and presure > 3"')));
    expect(quoted).toMatchObject({ line: 15, column: 19 + 1 + 21 });
    const [block] = faultsOf(smallSiteWith(rule('|\n              presure > 3')));
    expect(block).toMatchObject({ line: 15 });
  });

  test.each([
    ['temperature >', 'is not a valid formula'],
    ['state', 'must be a condition'],
    ['1 > 0', 'uses no signal of the machine'],
    ['avg(temperature) > 3', 'is not a valid formula'],
  ])('%s is a fault', (when, message) => {
    const lines = faultLines(smallSiteWith(rule(when)));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });

  test('a state that does not exist is a warning', () => {
    expect(warningLines(smallSiteWith(rule(`'state == "RUNING"'`)))).toEqual([
      expect.stringContaining('Did you mean RUNNING?'),
    ]);
  });
});
