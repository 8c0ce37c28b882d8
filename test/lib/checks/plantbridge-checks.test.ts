import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Annotations, App, CfnResource, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { addChecks } from '../../../lib/checks/checks.ts';
import { type Finding, findingsIn, findingText } from '../../../lib/checks/findings.ts';
import { RULES } from '../../../lib/checks/rules/rules.ts';
import { ROOT } from '../../support/source-tree.ts';

const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** What all checks find in an app of one site with one stack. */
function findingsOf(fill: (stack: Stack, site: Stage) => void): Finding[] {
  const outdir = mkdtempSync(join(tmpdir(), 'plantbridge-checks-'));
  folders.push(outdir);
  // The report alone tells: as under the CDK's command line, synthesis itself neither throws nor prints.
  const app = new App({ outdir, context: { ...context, '@aws-cdk/core:failSynthOnValidationErrors': false } });
  addChecks(app);
  const site = new Stage(app, 'site', { env: { account: '123456789012', region: 'eu-central-1' } });
  fill(new Stack(site, 'Stack', { description: 'A stack for tests' }), site);
  app.synth();
  return findingsIn(outdir);
}

function rulesIn(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))];
}

const GATEWAY = {
  GatewayName: 'gw',
  GatewayVersion: '3',
  GatewayPlatform: { GreengrassV2: { CoreDeviceThingName: 'gw' } },
};

function gatewayIn(scope: Construct, properties: Record<string, unknown> = GATEWAY): CfnResource {
  return new CfnResource(scope, 'Gateway', { type: 'AWS::IoTSiteWise::Gateway', properties });
}

const asset = (scope: Construct, properties: Record<string, unknown>) =>
  new CfnResource(scope, 'Asset', {
    type: 'AWS::IoTSiteWise::Asset',
    properties: { AssetName: 'a', AssetModelId: 'externalId:machine', ...properties },
  });

describe('the checks of an app', () => {
  test('find nothing where nothing is wrong', () => {
    expect(findingsOf((stack) => asset(stack, {}))).toEqual([]);
  });

  test('find what CDK itself passes over, with the construct and a sentence', () => {
    const findings = findingsOf((stack) => gatewayIn(new Construct(stack, 'Edge')));
    expect(findings.map(findingText)).toEqual([
      'site/Stack/Edge/Gateway: Plantbridge-GatewayVersion: AWS::IoTSiteWise::Gateway GatewayPlatform.GreengrassV2.CoreDeviceOperatingSystem must be LINUX_AARCH64, LINUX_AMD64, WINDOWS_AMD64, got: nothing',
    ]);
  });

  test("count a warning of CDK's validator: a value that CloudFormation refuses", () => {
    const findings = findingsOf((stack) => {
      const property = { LogicalId: 'run', Alias: '/a', NotificationState: 'PERHAPS' };
      asset(stack, { AssetProperties: [property] });
    });
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'W3030', severity: 'warning', constructPath: 'site/Stack/Asset' }),
    ]);
  });

  test('see what goes across stacks', () => {
    const properties = { AssetProperties: [{ LogicalId: 'run', Alias: '/a' }] };
    const findings = findingsOf((stack, site) => {
      asset(stack, properties);
      asset(new Stack(site, 'Other', { description: 'Another' }), properties);
    });
    expect(findings.map(({ rule, constructPath }) => [rule, constructPath])).toEqual([
      ['Plantbridge-AliasOnce', 'site/Stack/Asset'],
    ]);
  });

  test('tell a stack that is too large, at the stack', () => {
    const findings = findingsOf((stack) => {
      for (let index = 0; index < 481; index++) new CfnResource(stack, `Thing${index}`, { type: 'AWS::IoT::Thing' });
    });
    expect(findings.filter(({ rule }) => rule === 'Plantbridge-StackSize')).toEqual([
      expect.objectContaining({ constructPath: 'site/Stack', severity: 'error' }),
    ]);
  });
});

describe('an acknowledged finding', () => {
  const acknowledged = (id: string, where: (stack: Stack, edge: Construct, gateway: CfnResource) => Construct) =>
    rulesIn(
      findingsOf((stack) => {
        const edge = new Construct(stack, 'Edge');
        const gateway = gatewayIn(edge);
        Validations.of(where(stack, edge, gateway)).acknowledge({ id, reason: 'The test asks for it.' });
      }),
    );

  test.each(['Plantbridge-GatewayVersion', 'Plantbridge::Plantbridge-GatewayVersion'])('is gone: %s', (id) => {
    expect(acknowledged(id, (_stack, _edge, gateway) => gateway)).toEqual([]);
    expect(acknowledged(id, (_stack, edge) => edge)).toEqual([]);
  });

  test('stays where another rule or another construct was meant', () => {
    expect(acknowledged('Plantbridge-GatewayCapabilities', (stack) => stack)).toEqual(['Plantbridge-GatewayVersion']);
    const beside = (stack: Stack) => asset(stack, {});
    expect(acknowledged('Plantbridge-GatewayVersion', beside)).toEqual(['Plantbridge-GatewayVersion']);
  });

  test("of CDK's validator is gone as well", () => {
    const findings = findingsOf((stack) => {
      const property = { LogicalId: 'run', Alias: '/a', NotificationState: 'PERHAPS' };
      const it = asset(stack, { AssetProperties: [property] });
      Validations.of(it).acknowledge({ id: 'CloudFormation-Validate::W3030', reason: 'The test asks for it.' });
    });
    expect(findings).toEqual([]);
  });
});

describe('a warning', () => {
  test('of a construct counts', () => {
    const findings = findingsOf((stack) => Annotations.of(asset(stack, {})).addWarningV2('demo:Odd', 'This is odd'));
    expect(findings.map(({ description }) => description)).toEqual(['This is odd']);
  });

  test('that an API of the CDK is deprecated does not: it says nothing of the template', () => {
    const findings = findingsOf((stack) =>
      Annotations.of(asset(stack, {})).addDeprecation('aws-cdk-lib.Old', 'use New instead'),
    );
    expect(findings).toEqual([]);
  });
});

describe('the rules', () => {
  test('have ids of one form and no two the same', () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids.filter((id) => !/^Plantbridge-[A-Z][A-Za-z]+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('are all in docs/checks.md, as they are', () => {
    const docs = readFileSync(join(ROOT, 'docs/checks.md'), 'utf8');
    const missing = RULES.filter(({ id, asks }) => !docs.includes(`| \`${id}\` | ${asks} |`)).map(
      ({ id, asks }) => `| \`${id}\` | ${asks} |`,
    );
    expect(missing).toEqual([]);
  });
});
