import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { COMPONENT_VERSION_PATTERN, type Recipe } from '../../../../lib/constructs/greengrass/recipe-schema.ts';
import { NODE_RUNTIMES, PUBLIC_COMPONENT_VERSIONS } from '../../../../lib/greengrass-versions.ts';
import { ROOT } from '../../../support/source-tree.ts';
import { resourcesOf, testSite } from '../../../support/synth.ts';
import {
  configurationOf,
  deploymentOf,
  type Json,
  recipeOf,
  recipesOf,
  type SynthesizedSoftware,
  scriptOf,
  synthesizeSoftware,
  versionsOf,
} from './software-stack.ts';

const SECRETS = ['plant/filler-plc'];
const PILOT = testSite('pilot');
const pilot = synthesizeSoftware(PILOT, 'gateway-1', { withChecks: true, secrets: SECRETS });
const native = synthesizeSoftware(testSite('outpost-gen2'), 'gateway-2', { withChecks: true });
const arm = synthesizeSoftware(testSite('outpost-gen1'), 'gateway-2');
const aggregates = synthesizeSoftware(testSite('aggregates'), 'gateway-1', { secrets: SECRETS });
const ALL: readonly [string, SynthesizedSoftware][] = [
  ['pilot', pilot],
  ['native', native],
  ['arm', arm],
  ['aggregates', aggregates],
];

describe('the components of a gateway', () => {
  test.each(ALL)('keep the rules of recipes: %s', (_, { template }) => {
    expect(() => recipesOf(template)).not.toThrow();
  });

  test('are connector, hub, their Node and their configuration, named after site and gateway', () => {
    const names = ['node', 'configuration', 'connector', 'hub'].map(
      (each) => `plantbridge.pilot-site.gateway-1.${each}`,
    );
    expect(recipesOf(pilot.template).map(({ ComponentName }) => ComponentName)).toEqual(names);
  });

  test('have no hub where an Outpost runs it, and nothing at all where AWS reads every source', () => {
    expect(Object.keys(versionsOf(arm))).toEqual(
      ['node', 'configuration', 'connector'].map((each) => `plantbridge.gen1.gateway-2.${each}`),
    );
    expect(recipesOf(native.template)).toEqual([]);
  });

  test('run on the processor of the gateway', () => {
    expect(recipeOf(pilot, 'connector').Manifests[0]?.Platform).toEqual({ os: 'linux', architecture: 'amd64' });
    expect(recipeOf(arm, 'connector').Manifests[0]?.Platform).toEqual({ os: 'linux', architecture: 'aarch64' });
    const commands = Object.values(arm.assets).flatMap(({ source }) => source.executable ?? []);
    expect(commands).toEqual(['node', 'lib/constructs/greengrass/node-runtime-main.ts', 'arm64']);
  });

  test('have the version in their logical id, so that a new version is a new resource', () => {
    for (const [id, { Properties }] of resourcesOf(pilot.template, 'AWS::GreengrassV2::ComponentVersion')) {
      const { ComponentVersion } = JSON.parse(String(Properties?.InlineRecipe)) as Recipe;
      expect(id).toContain(`Version${ComponentVersion.replaceAll('.', '')}`);
      expect(ComponentVersion).toMatch(COMPONENT_VERSION_PATTERN);
    }
  });

  test('start Node of their own with the folders that Greengrass unpacks to', () => {
    const { Manifests, ComponentDependencies } = recipeOf(pilot, 'connector');
    const script = scriptOf(recipeOf(pilot, 'connector'), 'run');
    const node = 'plantbridge.pilot-site.gateway-1.node';
    const [, archive = ''] = /\/([0-9a-f]+)\.zip$/.exec(Manifests[0]?.Artifacts[0]?.URI ?? '') ?? [];
    const nodeArchive = recipeOf(pilot, 'node').Manifests[0]?.Artifacts[0]?.URI.split('/').at(-1);
    expect(script).toContain(`exec '{${node}:artifacts:decompressedPath}/${nodeArchive}/node' `);
    expect(script).toContain(` '{artifacts:decompressedPath}/${archive}/main.mjs' `);
    expect(ComponentDependencies?.[node]?.VersionRequirement).toBe(versionsOf(pilot)[node]);
  });

  test('give their program options that are JSON, with data in the folder that outlives updates', () => {
    const [options = ''] = /\{"siteFile".*\}(?='$)/.exec(scriptOf(recipeOf(pilot, 'connector'), 'run')) ?? [];
    expect(JSON.parse(options)).toMatchObject({
      dataFolder: '{work:path}',
      gateway: 'gateway-1',
      brokerUrl: 'mqtts://localhost:8883',
      brokerTls: { key: '/etc/plantbridge/broker/client.key' },
    });
    const [hub = ''] = /\{"siteFile".*\}(?='$)/.exec(scriptOf(recipeOf(pilot, 'hub'), 'run')) ?? [];
    expect(JSON.parse(hub.replace('{configuration:/port}', '8700'))).toMatchObject({
      host: '{configuration:/host}',
      port: 8700,
    });
  });

  test('hold no secret and no token in a recipe', () => {
    const text = JSON.stringify(pilot.template);
    expect(text).not.toContain('passwordFrom');
    expect(scriptOf(recipeOf(pilot, 'hub'), 'install')).toContain('/dev/urandom');
  });
});

describe('versions', () => {
  test('stay where nothing of the component changed: the same, with other values of the cloud', () => {
    const other = PILOT.replace('PB-0001, ', '').replace(
      'phase: pilot',
      'phase: pilot\nobservability: { grafana: true }',
    );
    expect(other).not.toBe(PILOT);
    expect(versionsOf(synthesizeSoftware(other, 'gateway-1', { secrets: SECRETS }))).toEqual(versionsOf(pilot));
  });

  test('change where the site that a program reads changed, and with it those that name it', () => {
    const changed = versionsOf(synthesizeSoftware(PILOT.replace('deadband: 0.2', 'deadband: 0.3'), 'gateway-1'));
    const before = versionsOf(pilot);
    const same = Object.keys(before).filter((name) => before[name] === changed[name]);
    expect(same).toEqual(['plantbridge.pilot-site.gateway-1.node']);
  });
});

describe('the deployment', () => {
  test.each(ALL)('names exactly the versions of our components that there are: %s', (_, synthesized) => {
    const { Components } = deploymentOf(synthesized);
    const own = Object.entries(Components).filter(([name]) => name.startsWith('plantbridge.'));
    expect(Object.fromEntries(own.map(([name, { ComponentVersion }]) => [name, ComponentVersion]))).toEqual(
      versionsOf(synthesized),
    );
  });

  test.each(ALL)('pins each component of AWS to the version of the one list: %s', (_, synthesized) => {
    const aws = Object.entries(deploymentOf(synthesized).Components).filter(([name]) => name.startsWith('aws.'));
    expect(aws.length).toBeGreaterThan(6);
    for (const [name, { ComponentVersion }] of aws) {
      expect([name, ComponentVersion]).toEqual([name, (PUBLIC_COMPONENT_VERSIONS as Record<string, string>)[name]]);
    }
  });

  test.each(ALL)(
    'merges configuration as text that is JSON, and leaves nothing of earlier ones: %s',
    (_, synthesized) => {
      for (const [name, { ConfigurationUpdate }] of Object.entries(deploymentOf(synthesized).Components)) {
        if (ConfigurationUpdate === undefined) continue;
        expect(typeof ConfigurationUpdate.Merge).toBe('string');
        expect(typeof JSON.parse(ConfigurationUpdate.Merge)).toBe('object');
        // What enrolment wrote into the nucleus' configuration must stay.
        expect([name, ConfigurationUpdate.Reset]).toEqual([name, name === 'aws.greengrass.Nucleus' ? undefined : ['']]);
      }
    },
  );

  test('goes back as a whole where a part of it fails, and asks programs before it updates them', () => {
    expect(deploymentOf(pilot).DeploymentPolicies).toEqual({
      FailureHandlingPolicy: 'ROLLBACK',
      ComponentUpdatePolicy: { Action: 'NOTIFY_COMPONENTS', TimeoutInSeconds: 60 },
      ConfigurationValidationPolicy: { TimeoutInSeconds: 60 },
    });
  });

  test('goes to the thing group of the gateway, after the components and the right to fetch them are there', () => {
    expect(deploymentOf(pilot).TargetArn).toEqual({ 'Fn::GetAtt': ['ThingGroup', 'Arn'] });
    const [[, deployment] = []] = resourcesOf(pilot.template, 'AWS::GreengrassV2::Deployment');
    const before = resourcesOf(pilot.template, 'AWS::GreengrassV2::ComponentVersion').map(([id]) => id);
    const [[policy] = []] = resourcesOf(pilot.template, 'AWS::IAM::Policy');
    expect(deployment?.DependsOn).toEqual(expect.arrayContaining([...before, policy]));
  });

  test("takes the gateway's proxy, but not for what is on the gateway itself", () => {
    expect(configurationOf(native, 'aws.greengrass.Nucleus').networkProxy).toEqual({
      proxy: { url: 'http://proxy.plant.example:3128' },
      noProxyAddresses: 'localhost,127.0.0.1,10.0.0.0/8',
    });
    expect(configurationOf(pilot, 'aws.greengrass.Nucleus').networkProxy).toBeUndefined();
  });

  test('forwards logs of system and programs within limits; of programs none where raw values stay in the factory', () => {
    const logs = configurationOf(pilot, 'aws.greengrass.LogManager').logsUploaderConfiguration;
    expect(Object.keys(logs.componentLogsConfigurationMap)).toEqual([
      'plantbridge.pilot-site.gateway-1.connector',
      'plantbridge.pilot-site.gateway-1.hub',
    ]);
    expect(logs.systemLogsConfiguration).toMatchObject({
      uploadToCloudWatch: 'true',
      diskSpaceLimit: '50',
      minimumLogLevel: 'INFO',
    });
    const terse = configurationOf(aggregates, 'aws.greengrass.LogManager').logsUploaderConfiguration;
    expect(terse.componentLogsConfigurationMap).toEqual({});
    expect(terse.systemLogsConfiguration.minimumLogLevel).toBe('WARN');
    expect(recipeOf(aggregates, 'connector').ComponentConfiguration?.DefaultConfiguration).toEqual({
      logLevel: 'warn',
    });
  });

  test('gives the secret manager the secrets that programs read, and is without it where there are none', () => {
    expect(configurationOf(pilot, 'aws.greengrass.SecretManager').cloudSecrets).toEqual([
      { arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:plant/filler-plc' },
    ]);
    expect(deploymentOf(arm).Components).not.toHaveProperty(['aws.greengrass.SecretManager']);
  });
});

test('a gateway may fetch exactly the artifacts of its components', () => {
  const uris = recipesOf(pilot.template).flatMap(({ Manifests }) =>
    Manifests.flatMap(({ Artifacts }) => Artifacts.map(({ URI }) => URI.replace('s3://', 'arn:aws:s3:::'))),
  );
  expect(uris).toHaveLength(5);
  const [[, policy] = [], ...others] = resourcesOf(pilot.template, 'AWS::IAM::Policy');
  expect(others).toEqual([]);
  const { Statement } = (policy?.Properties?.PolicyDocument ?? {}) as Json;
  const [bucket] = uris.map((uri) => uri.slice(0, uri.lastIndexOf('/')));
  expect(Statement).toEqual([
    { Effect: 'Allow', Action: 's3:GetObject', Resource: expect.any(Array) },
    // Of the bucket, the place alone: its other archives can not even be listed.
    { Effect: 'Allow', Action: 's3:GetBucketLocation', Resource: bucket },
  ]);
  expect(Statement[0].Resource.toSorted()).toEqual(uris.toSorted());
});

test.each(ALL.slice(0, 2))('no check finds anything: %s', (_, { findings }) => {
  expect(findings).toEqual([]);
});

test('gateways run the Node that the tests run with', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Json;
  for (const { version } of Object.values(NODE_RUNTIMES)) expect(version).toBe(devDependencies.node);
});
