import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadSites } from '../../lib/site-files.ts';
import { SMALL_TEXT, smallSiteWith } from '../support/site-text.ts';
import { ROOT } from '../support/source-tree.ts';

describe('the files in sites/', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plantbridge-sites-'));
    writeFileSync(join(folder, 'small.yaml'), SMALL_TEXT);
    writeFileSync(join(folder, 'second.yml'), smallSiteWith(['id: small', 'id: second']));
    writeFileSync(join(folder, 'notes.txt'), 'no site');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are all sites, or the one that is asked for', () => {
    expect(loadSites(folder).map(({ site }) => site.id)).toEqual(['second', 'small']);
    expect(loadSites(folder, 'small').map(({ site }) => site.id)).toEqual(['small']);
  });

  test('a site that does not exist is said', () => {
    expect(() => loadSites(folder, 'third')).toThrow(`${folder}:1:1 has no site with the id "third"`);
  });

  test('a faulty file stops all, but not a site beside it that is asked for by name', () => {
    writeFileSync(join(folder, 'third.yaml'), 'version: 1\n');
    expect(() => loadSites(folder)).toThrow(`${join(folder, 'third.yaml')}:1:1 id is missing`);
    expect(loadSites(folder, 'small')).toHaveLength(1);
    rmSync(join(folder, 'third.yaml'));
  });

  test('two files must not have one id', () => {
    writeFileSync(join(folder, 'twin.yaml'), SMALL_TEXT);
    expect(() => loadSites(folder)).toThrow(`has the same id as ${join(folder, 'small.yaml')}: small`);
    rmSync(join(folder, 'twin.yaml'));
  });

  test("only one of an account and Region may set SiteWise's settings", () => {
    const settings: readonly [string, string] = [
      'gateways: [',
      'aws: { account: "123456789012", sitewise: { manageAccountSettings: true } }\ngateways: [',
    ];
    writeFileSync(join(folder, 'one.yaml'), smallSiteWith(settings, ['id: small', 'id: one']));
    writeFileSync(join(folder, 'two.yaml'), smallSiteWith(settings, ['id: small', 'id: two']));
    expect(() => loadSites(folder)).toThrow(
      `${join(folder, 'two.yaml')}:4:68 aws.sitewise.manageAccountSettings must be true for one site of an account and Region only: ${join(folder, 'one.yaml')} sets`,
    );
    rmSync(join(folder, 'one.yaml'));
    rmSync(join(folder, 'two.yaml'));
  });

  test('asked for by name are still held against the others of their account', () => {
    const settings: readonly [string, string] = [
      'gateways: [',
      'aws: { account: "123456789012", apiGateway: { manageAccountSettings: true } }\ngateways: [',
    ];
    writeFileSync(join(folder, 'one.yaml'), smallSiteWith(settings, ['id: small', 'id: one']));
    writeFileSync(join(folder, 'two.yaml'), smallSiteWith(settings, ['id: small', 'id: two']));
    expect(() => loadSites(folder, 'two')).toThrow('aws.apiGateway.manageAccountSettings must be true for one site');
    rmSync(join(folder, 'one.yaml'));
    expect(loadSites(folder, 'two')).toHaveLength(1);
    rmSync(join(folder, 'two.yaml'));
  });

  test('of one account and Region share its quota of SiteWise', () => {
    const heavy = (id: string) =>
      smallSiteWith(
        ['id: small', `id: ${id}`],
        ['gateways: [', 'aws: { account: "123456789012", sitewise: { valuesPerSecondQuota: 6 } }\ngateways: ['],
        ['unit: °C', 'unit: °C, sitewise: true, intervalMs: 250'],
      );
    writeFileSync(join(folder, 'one.yaml'), heavy('one'));
    expect(loadSites(folder, 'one')).toHaveLength(1);
    writeFileSync(join(folder, 'two.yaml'), heavy('two'));
    expect(() => loadSites(folder)).toThrow(
      /two\.yaml:4:\d+ aws\.sitewise\.valuesPerSecondQuota is less than what the sites of 123456789012 in eu-central-1 may send to AWS IoT SiteWise together: one 5\/s, two 5\/s, got: 6/,
    );
    rmSync(join(folder, 'one.yaml'));
    rmSync(join(folder, 'two.yaml'));
  });

  test('of the repository can be deployed', () => {
    expect(loadSites(join(ROOT, 'sites')).map(({ site }) => site.id)).toContain('demo');
  });
});
