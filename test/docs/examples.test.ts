import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parseDocument, parse as parseYaml } from 'yaml';
import { AssetModelError, loadAssetModels } from '../../core/asset-model/load.ts';
import { functionNames } from '../../core/formula/index.ts';
import { LONGEST_SITE_FILE } from '../../core/site/document.ts';
import { siteJsonSchema } from '../../core/site/json-schema.ts';
import { formatFault } from '../../core/site/load.ts';
import { DEFAULT_REGION } from '../../core/site/regions.ts';
import { siteSchema } from '../../core/site/schema.ts';
import { machinesOf } from '../../core/site/site.ts';
import { LONGEST_RANGE_MS } from '../../hub/api/oee-windows.ts';
import { openApiDocument } from '../../hub/api/openapi.ts';
import { ApiFixture } from '../support/api-fixture.ts';
import { loadText, SMALL_TEXT } from '../support/site-text.ts';
import { ROOT, sourceFiles } from '../support/source-tree.ts';
import { type Block, documents, inlineCode } from './documents.ts';

const DOCUMENTS = documents();
const BLOCKS = DOCUMENTS.flatMap(({ blocks }) => blocks);

function documentNamed(path: string) {
  const found = DOCUMENTS.find((document) => document.path === path);
  if (found === undefined) throw new Error(`There is no ${path}.`);
  return found;
}

/** The blocks of a language in a document. */
function blocksOf(path: string, language: string): Block[] {
  return documentNamed(path).blocks.filter((block) => block.language === language);
}

/** How a block of each language can be wrong by itself; sh and console are commands.test.ts's. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  sh: (text) => text,
  console: (text) => text,
  text: (text) => text,
  ts: (text) => text,
  mermaid: (text) => expect(text).toMatch(/^flowchart (LR|TB)\n/),
  json: (text) => JSON.parse(text),
  csv: (text) => parse(text, { columns: true }),
  yaml: (text) => expect(parseDocument(text).errors).toEqual([]),
};

describe('the examples of the docs', () => {
  test.each(BLOCKS.map((block) => [`${block.document}:${block.line}`, block] as const))(
    '%s can be read',
    (at, block) => {
      const reader = READERS[block.language];
      if (reader === undefined)
        throw new Error(`${at}: the block has no language that a test reads: "${block.language}"`);
      reader(block.text);
    },
  );

  test('stand between fences: indented ones would be read by no test', () => {
    const indented = DOCUMENTS.flatMap(({ path, prose }) =>
      prose.split('\n').flatMap((line, index) => {
        return /^ {4,}(?:npx?|plant|curl|export|GET|python3?|sudo|node) /.test(line) ? [`${path}:${index + 1}`] : [];
      }),
    );
    expect(indented).toEqual([]);
  });
});

describe('docs/connect-machines.md', () => {
  const path = 'docs/connect-machines.md';

  test.each(blocksOf(path, 'yaml').map(({ line, text }) => [line, text] as const))(
    'line %d is a part of a site file',
    (_line, text) => {
      const frame = 'version: 1\nid: plant\ntimeZone: Europe/Berlin\ngateways: [{ id: gateway-1 }]\n';
      const { site, warnings } = loadText(frame + text);
      expect(warnings).toEqual([]);
      expect(machinesOf(site)).toHaveLength(1);
    },
  );

  test('quotes messages that gateways write', () => {
    const code = sourceFiles().filter((file) => file.path.startsWith('edge/'));
    const [, table = ''] = documentNamed(path).prose.split('| message | what to do |');
    const messages = [...table.matchAll(/^\| ([^|-].*?) \|/gm)].map(([, message = '']) => message);
    expect(messages.length).toBeGreaterThan(5);
    const invented = messages.filter((message) => {
      const parts = message.split('...').map((part) => part.trim());
      return !parts.every((part) => code.some(({ text }) => text.includes(part)));
    });
    expect(invented).toEqual([]);
  });
});

describe('docs/site-file.md', () => {
  test('says what holds where a key is left out', () => {
    const { prose } = documentNamed('docs/site-file.md');
    const site = siteSchema.parse(parseYaml(SMALL_TEXT));
    const [opcua, modbus] = site.sources;
    if (opcua?.protocol !== 'opcua' || modbus?.protocol !== 'modbus-tcp')
      throw new Error('The small site has one source of each kind.');
    expect(prose).toContain(
      `| default ${opcua.samplingIntervalMs} and ${opcua.publishingIntervalMs}; a sampling interval of 0`,
    );
    expect(prose).toContain(`| default port ${modbus.port}, unit ${modbus.unitId} |`);
    expect(prose).toContain(`| default ${modbus.pollingIntervalMs} and ${modbus.timeoutMs} |`);
    expect(prose).toContain(`in one request; default ${modbus.maxGapRegisters} |`);
    expect(prose).toContain(`may still count; ${site.stalenessSeconds} for the site by default.`);
    expect(prose).toContain(`\`hub.retentionDays\`, ${site.hub.retentionDays} unless told otherwise`);
    expect(prose).toContain(`(${DEFAULT_REGION} unless told otherwise)`);
    expect(prose).toContain(`site file has ${LONGEST_SITE_FILE / 1e6} million characters at most`);
  });

  test('names every key that a site file may have', () => {
    const keys = new Set<string>();
    const collect = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      if ('properties' in schema) for (const key of Object.keys(schema.properties ?? {})) keys.add(key);
      for (const part of Object.values(schema)) collect(part);
    };
    collect(siteJsonSchema());
    expect(keys.size).toBeGreaterThan(80);
    const { text } = documentNamed('docs/site-file.md');
    expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([]);
  });
});

describe('docs/api.md', () => {
  test('has every address of the API, and none that there is not', () => {
    const document = openApiDocument() as { paths: Record<string, Record<string, unknown>> };
    const real = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const [, table = ''] = documentNamed('docs/api.md').prose.split('| address | answers |');
    const named = [...table.matchAll(/`((?:GET|POST) \/[\w/.]+)/g)].map(([, address]) => address);
    expect(named.toSorted()).toEqual(real.toSorted());
  });

  test('shows the problem that the API answers', async () => {
    const [example] = blocksOf('docs/api.md', 'json');
    const { body, type } = await new ApiFixture().get(
      '/oee?path=demo&window=2h&from=2026-11-22T06:00:00Z&to=2026-11-22T07:00:00Z',
    );
    expect(type).toBe('application/problem+json');
    expect(JSON.parse(example?.text ?? '')).toEqual(body);
  });

  test('says how long a range may be', () => {
    const days = (window: keyof typeof LONGEST_RANGE_MS) => LONGEST_RANGE_MS[window] / 86_400_000;
    expect(days('1d')).toBe(days('day'));
    expect(documentNamed('docs/api.md').prose).toContain(
      `| \`/oee\` \`5m\` · \`15m\` · \`1h\` · \`shift\` · \`1d\`, \`day\` | ${days('5m')} · ${days('15m')} · ${days('1h')} · ${days('shift')} · ${days('1d')} days |`,
    );
  });
});

describe('docs/formula.md', () => {
  test('the example of the library prints what is shown', () => {
    const [program] = blocksOf('docs/formula.md', 'ts');
    const [shown] = blocksOf('docs/formula.md', 'text');
    const parameters = [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module-typescript',
      '-e',
      program?.text ?? '',
    ];
    const env = { ...process.env, NODE_OPTIONS: '' };
    expect(execFileSync(process.execPath, parameters, { cwd: ROOT, env, encoding: 'utf8' })).toBe(shown?.text);
  });

  test('names every function', () => {
    const words = new Set(
      inlineCode(documentNamed('docs/formula.md')).flatMap((code) => code.toLowerCase().split(/[^a-z0-9]+/)),
    );
    const names = [...functionNames('metric'), ...functionNames('transform'), ...functionNames('condition')];
    expect(names.length).toBeGreaterThan(80);
    expect(names.filter((name) => !words.has(name.toLowerCase()))).toEqual([]);
  });
});

describe('docs/asset-models.md', () => {
  test('a wrong expression reads as shown', () => {
    const [model] = blocksOf('docs/asset-models.md', 'yaml');
    const [shown] = blocksOf('docs/asset-models.md', 'text');
    const read = (text: string) =>
      loadAssetModels([
        { file: 'assets/asset-models/press.yaml', text },
        { file: 'sensor.yaml', text: readFileSync(join(ROOT, 'assets/asset-models/sensor.yaml'), 'utf8') },
      ]);
    let faults: string[] = [];
    try {
      read((model?.text ?? '').replace('sum(x)', 'sum(y)'));
    } catch (error) {
      if (!(error instanceof AssetModelError)) throw error;
      faults = error.faults.map(formatFault);
    }
    expect(faults).toEqual([shown?.text.trim()]);
  });
});
