import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { siteJsonSchema } from '../../../core/site/json-schema.ts';
import { SIGNAL_COLUMNS } from '../../../core/site/signals-csv.ts';
import { machinesOf } from '../../../core/site/site.ts';
import { faultLines, loadText } from '../../support/site-text.ts';
import { ROOT } from '../../support/source-tree.ts';

const DOCS = readFileSync(join(ROOT, 'docs/site-file.md'), 'utf8');

/** The first code block of a language in docs/site-file.md. */
function block(language: string): string {
  const text = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(DOCS)?.[1];
  if (text === undefined) throw new Error(`docs/site-file.md has no block of ${language}.`);
  return text;
}

describe('docs/site-file.md', () => {
  test("the pilot's site file is right, without a warning", () => {
    const { site, warnings } = loadText(block('yaml'));
    expect(warnings).toEqual([]);
    expect(machinesOf(site).map(({ path }) => path)).toEqual(['augsburg/line-1/filler']);
  });

  test('the CSV file joins it', () => {
    const text = block('yaml').replace('        sensors:', '        signals: { csv: tags.csv }\n        sensors:');
    const [filler] = machinesOf(loadText(text, { 'tags.csv': block('csv') }).site);
    expect(filler?.sensors.map(({ id }) => id)).toEqual([
      'bearing-temperature',
      'filling-pressure',
      'product-temperature',
    ]);
  });

  test('the faults read as shown', () => {
    const shown = block('text').trim().split('\n');
    const change = (from: string, to: string) =>
      faultLines(block('yaml').replace(from, to)).map((line) => line.replace('site.yaml', 'sites/augsburg.yaml'));
    expect([
      ...change('idealCycleSeconds: 0.5', 'idealCycleSeconds: -1'),
      ...change('source: filler-plc', 'source: filer-plc'),
    ]).toEqual(expect.arrayContaining(shown));
  });

  test('names every column of the CSV file and every key of the site', () => {
    for (const column of SIGNAL_COLUMNS) expect(DOCS).toMatch(new RegExp(`\\b${column}\\b`));
    for (const key of Object.keys(siteJsonSchema().properties ?? {})) expect(DOCS).toMatch(new RegExp(`\\b${key}\\b`));
  });
});
