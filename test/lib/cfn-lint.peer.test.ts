import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ALL_SITES } from '../support/all-sites.ts';
import { whatToInstall } from '../support/python-peer.ts';
import { synthesizeText } from '../support/synth.ts';

const PYTHON = process.env.PLANT_PEERS_PYTHON ?? '.venv/bin/python';
const folder = mkdtempSync(join(tmpdir(), 'plantbridge-cfn-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What cfn-lint says of templates, a line each: `demo.Ingest.json:12:3: E3002 ...`. */
function findingsOf(files: readonly string[], region: string): string[] {
  const parameters = [
    '-c',
    'import sys, cfnlint.runner; sys.exit(cfnlint.runner.main())',
    '--format',
    'parseable',
    '--regions',
    region,
    '--',
    ...files,
  ];
  const { status, stdout, stderr, error } = spawnSync(PYTHON, parameters, { cwd: process.cwd(), encoding: 'utf8' });
  if (error !== undefined) throw new Error(whatToInstall(error.message));
  if (/No module named/.test(stderr)) throw new Error(whatToInstall(stderr.trim()));
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length === 0 && status !== 0) throw new Error(`cfn-lint ended with ${status}: ${stderr}`);
  return lines.map((line) => line.replace(`${folder}/`, ''));
}

function written(name: string, template: unknown): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(template, undefined, 1));
  return file;
}

describe('cfn-lint', () => {
  test.each(Object.entries(ALL_SITES))('finds nothing in the templates of %s', (name, text) => {
    const site = synthesizeText(text);
    const files = site.stackIds.map((id) => written(`${name}.${id}`, site.json(id)));
    expect(findingsOf(files, 'eu-central-1')).toEqual([]);
  });

  test('would find something', () => {
    const faulty = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueu: true } } } };
    expect(findingsOf([written('faulty', faulty)], 'eu-central-1')).toEqual([expect.stringContaining('E3002')]);
  });
});
