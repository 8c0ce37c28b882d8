import { describe, expect, test } from '@jest/globals';
import { foundBy, stackOf } from '../../../support/rules.ts';

const RECIPE = {
  RecipeFormatVersion: '2020-01-25',
  ComponentName: 'plantbridge.demo.connector',
  ComponentVersion: '1.0.0',
  Manifests: [
    {
      Platform: { os: 'linux' },
      Lifecycle: { run: { Script: 'node index.mjs', RequiresPrivilege: false } },
      Artifacts: [{ Uri: 's3://bucket/key.zip', Unarchive: 'ZIP' }],
    },
  ],
};
const component = (recipe: unknown) => ({
  Component: { Type: 'AWS::GreengrassV2::ComponentVersion', Properties: { InlineRecipe: recipe } },
});
const recipeWith = (changes: object) => component(JSON.stringify({ ...RECIPE, ...changes }));
const manifestWith = (changes: object) => recipeWith({ Manifests: [{ ...RECIPE.Manifests[0], ...changes }] });

describe('a component recipe', () => {
  test.each([
    ['JSON', component(JSON.stringify(RECIPE))],
    [
      'YAML',
      component(
        'RecipeFormatVersion: "2020-01-25"\nComponentName: a\nComponentVersion: 1.0.0\nManifests: [{ Lifecycle: { run: x } }]\n',
      ),
    ],
    [
      'with what CloudFormation completes',
      component({
        'Fn::Join': [
          '',
          JSON.stringify(RECIPE)
            .split('bucket')
            .flatMap((part, index) => (index === 0 ? [part] : [{ Ref: 'B' }, part])),
        ],
      }),
    ],
  ])('is accepted as %s', (_what, template) => expect(foundBy('Plantbridge-Recipe', template)).toEqual([]));

  test.each([
    [component(RECIPE), 'InlineRecipe must be a recipe as a string of JSON or YAML'],
    [
      manifestWith({ Lifecycle: { Run: 'x' } }),
      'Manifests[0].Lifecycle.Run must be one of Setenv, install, run, startup, shutdown, recover, bootstrap, got: "Run". Write run: keys are case-sensitive',
    ],
    [manifestWith({ Lifecycle: { run: { script: 'x' } } }), 'Lifecycle.run.script must be one of Script'],
    [recipeWith({ manifests: [] }), 'InlineRecipe.manifests must be one of'],
    [recipeWith({ Manifests: [] }), 'Manifests must be a list of at least one manifest'],
    [recipeWith({ RecipeFormatVersion: '2020-01-26' }), 'RecipeFormatVersion must be "2020-01-25", got: "2020-01-26"'],
    [
      recipeWith({ ComponentVersion: 'latest' }),
      'ComponentVersion must be a version of three numbers, e.g. "1.0.0", got: "latest"',
    ],
    [manifestWith({ Artifacts: [{ Uri: 'https://x/y' }] }), 'Artifacts[0].Uri must be s3://bucket/key'],
  ])('is refused where Greengrass would pass over it (%#)', (template, text) => {
    expect(foundBy('Plantbridge-Recipe', template)).toEqual([expect.stringContaining(text)]);
  });
});

const deployment = (
  components: object,
  target: unknown = 'arn:aws:iot:eu-central-1:1:thinggroup/gw',
  policy = 'ROLLBACK',
) => ({
  Deployment: {
    Type: 'AWS::GreengrassV2::Deployment',
    Properties: { TargetArn: target, Components: components, DeploymentPolicies: { FailureHandlingPolicy: policy } },
  },
});
const nucleus = (version: unknown, merge?: unknown) => ({
  'aws.greengrass.Nucleus': {
    ComponentVersion: version,
    ConfigurationUpdate: merge === undefined ? {} : { Merge: merge },
  },
});

describe('a Greengrass deployment', () => {
  test('is accepted with exact versions, JSON as a string, and rollback', () => {
    expect(foundBy('Plantbridge-Deployment', deployment(nucleus('2.18.0', '{"a":1}')))).toEqual([]);
    const joined = { 'Fn::Join': ['', ['{"a":"', { Ref: 'B' }, '"}']] };
    expect(foundBy('Plantbridge-Deployment', deployment(nucleus({ Ref: 'V' }, joined)))).toEqual([]);
  });

  test.each([
    [
      deployment(nucleus('2.18')),
      'Components.aws.greengrass.Nucleus.ComponentVersion must be one exact version, e.g. "2.18.0", got: "2.18"',
    ],
    [deployment(nucleus('>=2.0.0')), 'must be one exact version'],
    [deployment(nucleus(undefined)), 'must be one exact version, e.g. "2.18.0", got: nothing'],
    [
      deployment(nucleus('2.18.0', { a: 1 })),
      'ConfigurationUpdate.Merge must be JSON as a string, got: {"a":1}. Use JSON.stringify',
    ],
    [deployment(nucleus('2.18.0', 'a: 1')), 'ConfigurationUpdate.Merge must be JSON as a string'],
    [deployment(nucleus('2.18.0'), 'arn', 'DO_NOTHING'), 'FailureHandlingPolicy must be "ROLLBACK", got: "DO_NOTHING"'],
  ])('is refused (%#)', (template, text) => {
    expect(foundBy('Plantbridge-Deployment', template)).toEqual([expect.stringContaining(text)]);
  });

  test('is the only one of its target, over all stacks', () => {
    const one = stackOf(deployment({}), 'site/Gateway-1');
    const other = stackOf(deployment({}), 'site/Gateway-2');
    expect(foundBy('Plantbridge-OneDeployment', one, other)).toEqual([
      expect.stringContaining('which site/Gateway-1/Deployment deploys to'),
    ]);
    const own = (path: string) => stackOf(deployment({}, { 'Fn::GetAtt': ['Group', 'Arn'] }), path);
    expect(foundBy('Plantbridge-OneDeployment', own('site/Gateway-1'), own('site/Gateway-2'))).toEqual([]);
  });
});
