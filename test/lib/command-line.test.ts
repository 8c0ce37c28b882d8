import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SMALL_TEXT } from '../support/site-text.ts';
import { ROOT } from '../support/source-tree.ts';

/** Synthesis with all checks by the CDK's command line, on a machine that does other things too. */
const LONGEST_MS = 180_000;
/** What of the repository the app needs beside itself. */
const LINKED = [
  'core',
  'lib',
  'lambda',
  'edge',
  'hub',
  'assets',
  'node_modules',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

const folder = mkdtempSync(join(tmpdir(), 'plantbridge-cdk-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `cdk synth --quiet` in a folder, offline. */
function synthesize(cwd: string, ...options: readonly string[]) {
  const cdk = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  const parameters = [cdk, 'synth', '--quiet', '--no-notices', '--output', join(folder, 'cdk.out'), ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd,
    encoding: 'utf8',
    // The credentials of whoever runs the tests are none of its business, and a colour is no part of a message.
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', CI: 'true' },
  });
  return { status, output: `${stdout}${stderr}` };
}

describe('cdk synth', () => {
  test(
    'of the demo ends with 0 and says nothing of faults',
    () => {
      const { status, output } = synthesize(ROOT, '-c', 'site=demo');
      expect(output).not.toMatch(/error|warning/i);
      expect(status).toBe(0);
    },
    LONGEST_MS,
  );

  describe('in a repository with other sites', () => {
    const copy = join(folder, 'repository');
    const site = (name: string, text: string) => writeFileSync(join(copy, 'sites', `${name}.yaml`), text);
    beforeAll(() => {
      mkdirSync(join(copy, 'sites'), { recursive: true });
      cpSync(join(ROOT, 'bin/app.ts'), join(copy, 'bin/app.ts'));
      for (const name of LINKED) symlinkSync(join(ROOT, name), join(copy, name));
      site('small', SMALL_TEXT);
      // Named by its file, so that it alone is read; where nothing is so named, all are.
      site('faulty', SMALL_TEXT.replace('timeZone: Europe/Berlin', 'timezone: Europe/Berlin'));
    });

    test(
      'ends with 1 for a faulty site, with the place of each fault and no stack trace',
      () => {
        const { status, output } = synthesize(copy, '-c', 'site=faulty');
        expect(status).toBe(1);
        expect(output).toMatch(/^sites\/faulty\.yaml:3:1 .*timezone/m);
        expect(output).not.toMatch(/^\s+at /m);
      },
      LONGEST_MS,
    );

    test(
      'ends with 1 for a site that is not there, and says so',
      () => {
        rmSync(join(copy, 'sites/faulty.yaml'));
        const { status, output } = synthesize(copy, '-c', 'site=nowhere');
        expect(status).toBe(1);
        expect(output).toContain('sites:1:1 has no site with the id "nowhere"');
        expect(output).not.toMatch(/^\s+at /m);
      },
      LONGEST_MS,
    );
  });
});
