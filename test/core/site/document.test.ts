import { describe, expect, test } from '@jest/globals';
import { loadSiteWithWarnings } from '../../../core/site/load.ts';
import { faultLines, faultsOf, SMALL_TEXT, smallSiteWith } from '../../support/site-text.ts';

/** Each level holds the one before nine times: 9^9 values if anybody unfolded them. */
const LAUGHS = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...Array.from('bcdefghi', (name, index) => {
    const before = 'abcdefgh'[index];
    return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
  }),
].join('\n');

describe('a file that can not be read is one clear fault', () => {
  test.each([
    ['an empty file', '', 'site.yaml:1:1 is empty'],
    ['a file of comments', '# nothing yet\n', 'site.yaml:1:1 is empty'],
    ['a list', '- version: 1\n- id: x\n', 'must be a map of keys (version, id, lines, ...), got: a list'],
    [
      'a single value',
      'hello',
      'must be a map of keys (version, id, lines, ...), got: the single value of type string',
    ],
    ['binary data', '\u0000\u0001PNG', 'is not a text file in UTF-8'],
    ['another encoding', 'name: M\uFFFDller', 'is not a text file in UTF-8'],
    ['ten megabytes', `# ${'x'.repeat(10_000_000)}`, 'is longer than 4000000 characters, got: 10000002'],
    ['a billion laughs', LAUGHS, 'uses so many YAML aliases (*name) that they would fill the memory'],
    ['bottomless nesting', `a: ${'['.repeat(100_000)}`, 'is nested too deeply to be read'],
    ['two documents', `${SMALL_TEXT}---\n${SMALL_TEXT}`, 'holds several YAML documents'],
  ])('%s', (_, text, message) => {
    const lines = faultLines(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });

  test('a file that is not there', () => {
    expect(() =>
      loadSiteWithWarnings('sites/x.yaml', () => {
        throw Object.assign(new Error('ENOENT: no such file, /secret/path'), { code: 'ENOENT' });
      }),
    ).toThrow("sites/x.yaml:1:1 can't be read: there is no such file");
  });
});

describe('YAML that is not valid', () => {
  test('a key that stands twice is named with its line', () => {
    const [fault] = faultsOf(smallSiteWith(['id: small', 'id: small\nid: other']));
    expect(fault).toMatchObject({ line: 3, column: 1 });
    expect(fault?.message).toContain('this key stands twice in the same map');
  });

  test.each([
    ['a tab', smallSiteWith(['  - id: line-1', '\t- id: line-1']), 9],
    ['a quote left open', smallSiteWith(['unit: °C', 'unit: "°C']), 17],
    ['an unknown alias', smallSiteWith(['source: plc', 'source: *plc']), 12],
    ['a tag', smallSiteWith(['id: small', 'id: !secret small']), 2],
    ['a merge of nothing', smallSiteWith(['id: small', 'id: small\n<<: 5']), 3],
    ['a map as a key', smallSiteWith(['id: small', 'id: small\n? { a: 1 }\n: x']), 3],
    ['a missing bracket', smallSiteWith(['[{ id: gateway-1 }]', '[{ id: gateway-1 }']), 4],
  ])('%s is told with its line', (_, text, line) => {
    const faults = faultsOf(text);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]?.message).toContain('is not valid YAML');
    expect(faults[0]?.line).toBeGreaterThanOrEqual(line);
    expect(faults[0]?.line).toBeLessThanOrEqual(line + 1);
  });
});

describe('where a fault stands', () => {
  test('within an alias: where the value is written', () => {
    const text = smallSiteWith(
      ['unit: °C }', 'unit: °C, modbus: &m { table: coils, address: 1 } }'],
      ['modbus: { table: holding-register, address: 0, format: float32 }', 'modbus: *m'],
    );
    const places = faultsOf(text).filter(({ path }) => path.endsWith('table'));
    expect(places.map(({ line }) => line)).toEqual([17, 17]);
  });

  test('within a merge key: where the value is written', () => {
    const text = smallSiteWith(['unit: °C }', 'unit: °C, &x }']);
    expect(faultsOf(text).length).toBeGreaterThan(0);
    const merged = smallSiteWith([
      '- { id: temperature, node: "ns=2;s=Temperature", unit: °C }',
      '- &t { id: temperature, node: n, scale: x }\n          - { <<: *t, id: second }',
    ]);
    expect(
      faultsOf(merged)
        .filter(({ path }) => path.endsWith('scale'))
        .map(({ line }) => line),
    ).toEqual([17, 17]);
  });
});
