import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Site } from '../../core/site/site.ts';
import { loadSites } from '../../lib/site-files.ts';
import { SiteStage } from '../../lib/stages/site-stage.ts';
import { loadText, SMALL_TEXT, smallSiteWith } from '../support/site-text.ts';
import { ROOT } from '../support/source-tree.ts';

const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };

function stageOf(site: Site): SiteStage {
  return new SiteStage(new App({ context }), site);
}

describe("a site's stage", () => {
  const { site } = loadText(SMALL_TEXT);

  test('is named after the site and deployed in Frankfurt unless the file says otherwise', () => {
    expect(stageOf(site).foundation.stackName).toBe('plantbridge-small-Foundation');
    expect(stageOf(site).foundation.region).toBe('eu-central-1');
    const elsewhere = loadText(
      smallSiteWith(['id: small', 'id: small\naws: { region: eu-west-1, account: "123456789012" }']),
    );
    expect(stageOf(elsewhere.site).foundation).toMatchObject({ region: 'eu-west-1', account: '123456789012' });
  });

  test('has a key that is rotated and retained', () => {
    const template = Template.fromStack(stageOf(site).foundation);
    template.hasResource('AWS::KMS::Key', {
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/plantbridge/small' });
  });

  test('has a bucket for access logs: private, encrypted, over TLS only, retained', () => {
    const template = Template.fromStack(stageOf(site).foundation);
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: Match.anyValue(),
        VersioningConfiguration: { Status: 'Enabled' },
        Tags: Match.arrayWith([{ Key: 'plantbridge:site', Value: 'small' }]),
      },
      DeletionPolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('holds no secret and is the same each time it is synthesized', () => {
    const secret = loadText(
      smallSiteWith(['protocol: opcua', 'protocol: opcua, user: me, passwordFrom: "env:PLC"']),
    ).site;
    const [first, second] = [secret, secret].map((each) =>
      JSON.stringify(
        stageOf(each)
          .synth()
          .stacks.map(({ template }) => template),
      ),
    );
    expect(first).toBe(second);
    expect(stageOf(secret).synth().stacks).toHaveLength(1);
  });
});

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
    expect(loadSites(folder).map(({ id }) => id)).toEqual(['second', 'small']);
    expect(loadSites(folder, 'small').map(({ id }) => id)).toEqual(['small']);
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

  test('of the repository can be deployed', () => {
    expect(loadSites(join(ROOT, 'sites')).map(({ id }) => id)).toContain('demo');
  });
});
