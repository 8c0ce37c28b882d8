import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadSite } from '../../../../core/site/load.ts';
import { resolveSecret } from '../../../../core/site/secret.ts';
import { HUB_NODE_ARGUMENTS } from '../../../../hub/options.ts';
import {
  BROKER_PASSWORD_VARIABLE,
  DASHBOARD_PACKAGES,
  HUB_FOLDER,
  HUB_PACKAGES,
  hubImageContext,
  RDS_CERTIFICATES,
} from '../../../../lib/constructs/on-prem/hub-image.ts';
import { HEALTH_PATH, HUB_PORT } from '../../../../lib/constructs/on-prem/hub-options.ts';
import { packageFiles } from '../../../../lib/constructs/on-prem/image-packages.ts';
import { Deployment } from '../../../../lib/deployment.ts';
import { deployableModels, deployableSite } from '../../../../lib/site-files.ts';
import { importedPath, importsOf, packageOf, ROOT, sourceFiles } from '../../../support/source-tree.ts';
import { testSite } from '../../../support/synth.ts';

const { models } = deployableModels();

function contextOf(files: Readonly<Record<string, string>>) {
  const [siteFile = ''] = Object.keys(files);
  const deployable = deployableSite(siteFile, models, (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no ${path}`);
    return text;
  });
  return hubImageContext(new Deployment(deployable));
}

const context = contextOf({ 'site.yaml': testSite('outpost-gen1') });
const read = (path: string) => readFileSync(join(context.folder, path), 'utf8');
const dockerfile = read('Dockerfile');

/** Instructions of the Dockerfile, in their order: `COPY core/ core/`. */
const instructions = dockerfile
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const last = (name: string) => instructions.findLast((line) => line.startsWith(`${name} `)) ?? '';

describe("the hub's image", () => {
  test('is built from a whole folder, whatever an interrupted run left there', () => {
    const site = { 'site.yaml': `${testSite('outpost-gen1')}# interrupted\n` };
    const { folder } = contextOf(site);
    rmSync(join(folder, 'core'), { recursive: true });
    writeFileSync(join(folder, 'Dockerfile'), '');
    expect(contextOf(site).folder).toBe(folder);
    expect(existsSync(join(folder, 'core'))).toBe(true);
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(dockerfile);
  });

  test('copies only what its build context holds', () => {
    const sources = instructions
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((path) => !existsSync(join(context.folder, path)))).toEqual([]);
  });

  test('holds every file that the hub imports, and nothing of the other tiers', () => {
    const inside = readdirSync(context.folder, { recursive: true, encoding: 'utf8' });
    const imported = sourceFiles()
      .filter(({ path }) => /^(hub|core)\//.test(path) && !path.startsWith('hub/web/'))
      .flatMap(({ path, text }) => importsOf(text).map(({ specifier }) => importedPath(path, specifier)))
      .filter((path) => path !== undefined);
    expect(imported.length).toBeGreaterThan(100);
    expect(imported.filter((path) => !inside.includes(path))).toEqual([]);
    expect(inside.filter((path) => /^(edge|lib|lambda|cli|local|test|node_modules)(\/|$)/.test(path))).toEqual([]);
  });

  test('holds every package that the hub imports, and its dashboard is built with', () => {
    const packagesOf = (isOne: (path: string) => boolean) =>
      new Set(
        sourceFiles()
          .filter(({ path }) => isOne(path))
          .flatMap(({ path, text }) => importsOf(text).map(({ specifier }) => [path, specifier] as const))
          .filter(([path, specifier]) => importedPath(path, specifier) === undefined && !specifier.startsWith('node:'))
          .map(([, specifier]) => packageOf(specifier)),
      );
    const ofHub = packagesOf((path) => /^(hub|core)\//.test(path) && !path.startsWith('hub/web/'));
    expect([...ofHub].toSorted()).toEqual([...HUB_PACKAGES].toSorted());
    const ofDashboard = packagesOf((path) => path.startsWith('hub/web/'));
    expect([...ofDashboard].filter((name) => !DASHBOARD_PACKAGES.includes(name))).toEqual([]);
  });

  test("has each package at the repository's own version and hash", () => {
    const whole = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    const lock = JSON.parse(read('packages/hub/package-lock.json'));
    const { '': root, ...packages } = lock.packages as Record<string, { version: string; integrity?: string }>;
    expect(Object.keys((root as unknown as { dependencies: object }).dependencies)).toEqual(HUB_PACKAGES);
    expect(Object.keys(packages)).toContain('node_modules/pg-protocol');
    expect(Object.keys(packages)).not.toContain('node_modules/aws-cdk-lib');
    for (const [path, { version, integrity }] of Object.entries(packages)) {
      expect([path, version, integrity]).toEqual([path, whole.packages[path].version, whole.packages[path].integrity]);
      expect(integrity).toMatch(/^sha512-/);
    }
    expect(() => packageFiles(['no-such-package'])).toThrow('package-lock.json has no no-such-package');
  });

  test('runs the very Node of the repository, with what the hub needs of it, as nobody special', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const bases = instructions.filter((line) => line.startsWith('FROM '));
    expect(bases).toHaveLength(3);
    for (const base of bases) expect(base).toContain(`node:${devDependencies.node}-`);
    expect(last('USER')).toBe('USER 10001:10001');
    expect(JSON.parse(last('ENTRYPOINT').replace('ENTRYPOINT ', ''))).toEqual([
      'node',
      ...HUB_NODE_ARGUMENTS,
      'hub/main.ts',
    ]);
    expect(last('WORKDIR')).toBe(`WORKDIR ${HUB_FOLDER}`);
    expect(last('EXPOSE')).toBe(`EXPOSE ${HUB_PORT}`);
    expect(last('HEALTHCHECK')).toContain(`http://127.0.0.1:${HUB_PORT}${HEALTH_PATH}`);
    expect(last('ADD')).toContain(` ${RDS_CERTIFICATES}`);
  });

  test('holds no secret: the password of the broker is read from the environment', () => {
    expect(context.siteFile).toBe('/app/site/site.yaml');
    const site = loadSite(join(context.folder, 'site/site.yaml'), (path) => readFileSync(path, 'utf8'));
    const reference = site.broker?.passwordFrom ?? '';
    const env = { [BROKER_PASSWORD_VARIABLE]: 'x' };
    expect(resolveSecret(reference, { env, readText: () => '', siteFile: 'site.yaml' })).toBe('x');
    expect(dockerfile).not.toMatch(/^(ARG|ENV) .*(TOKEN|PASSWORD|SECRET)/m);
  });

  test('takes CSV files along, beside the site file as they were', () => {
    const text = testSite('outpost-gen1').replace(
      /( {8}sensors:\n(?: {10}- .*\n){2})/,
      '        signals: { csv: ../tags/filler.csv }\n        sensors: []\n',
    );
    const csv = 'id,name,node\nbearing-temperature,Bearing temperature,ns=2;s=T\nvibration,Vibration,ns=2;s=V\n';
    const { folder, siteFile } = contextOf({
      '/etc/plant/sites/a.yaml': text,
      '/etc/plant/sites/../tags/filler.csv': csv,
    });
    expect(siteFile).toBe('/app/site/sites/a.yaml');
    expect(readdirSync(join(folder, 'site')).toSorted()).toEqual(['sites', 'tags']);
    const site = loadSite(join(folder, 'site', siteFile.slice('/app/site/'.length)), (path) =>
      readFileSync(path, 'utf8'),
    );
    expect(site.lines[0]?.machines[0]?.sensors.map(({ id }) => id)).toEqual(['bearing-temperature', 'vibration']);
  });

  test('keeps its build context while nothing changes, and gets another by a change in the site file', () => {
    expect(contextOf({ 'site.yaml': testSite('outpost-gen1') })).toEqual(context);
    const changed = testSite('outpost-gen1').replace('Generation 1', 'Another name');
    expect(contextOf({ 'site.yaml': changed }).folder).not.toBe(context.folder);
  });
});
