import { describe, expect, test } from '@jest/globals';
import {
  checkedRecipe,
  recipeTemplate,
  versionedRecipe,
  versionOf,
} from '../../../../lib/constructs/greengrass/recipe.ts';
import { COMPONENT_VERSION_PATTERN } from '../../../../lib/constructs/greengrass/recipe-schema.ts';

const FILE = 'assets/greengrass/recipes/example.yaml';
const RECIPE = `RecipeFormatVersion: '2020-01-25'
ComponentName: com.example.Program
ComponentVersion: 1.2.3
ComponentType: aws.greengrass.generic
ComponentDescription: A program
ComponentPublisher: Example
Manifests:
  - Platform: { os: linux, architecture: amd64 }
    Lifecycle:
      run: { Script: ./program }
    Artifacts:
      - URI: s3://bucket/program.zip
        Unarchive: ZIP
        Permission: { Read: OWNER, Execute: OWNER }
`;

describe('a recipe', () => {
  test('that keeps the rules is taken', () => {
    expect(checkedRecipe(FILE, RECIPE).Manifests[0]?.Lifecycle).toEqual({ run: { Script: './program' } });
  });

  test.each([
    ['run:', 'Run:', `${FILE}:10:7 Manifests[0].Lifecycle.Run is not a key that may stand here`],
    ['Script:', 'script:', `${FILE}:10:14 Manifests[0].Lifecycle.run.script is not a key that may stand here`],
    ['os:', 'OS:', `${FILE}:8:17 Manifests[0].Platform.OS is not a key that may stand here`],
    ['URI:', 'Uri:', `${FILE}:12:9 Manifests[0].Artifacts[0].Uri is not a key that may stand here`],
    ['ComponentVersion:', 'componentVersion:', `${FILE}:3:1 componentVersion is not a key that may stand here`],
  ])('with the misspelt key %s as %s is refused with file, line and column', (key, misspelt, fault) => {
    expect(() => checkedRecipe(FILE, RECIPE.replace(key, misspelt))).toThrow(fault);
  });

  test.each([
    ['architecture: amd64', 'architecture: x86_64'],
    ['Unarchive: ZIP', 'Unarchive: TGZ'],
    ['Read: OWNER', 'Read: EVERYBODY'],
    ['URI: s3://bucket/program.zip', 'URI: https://example.org/program.zip'],
    ['ComponentVersion: 1.2.3', 'ComponentVersion: 1.2'],
    ["'2020-01-25'", "'2021-01-25'"],
    ['run: { Script: ./program }', 'run: { Script: ./a }\n      startup: { Script: ./b }'],
  ])('with %s as %s is refused', (right, wrong) => {
    expect(() => checkedRecipe(FILE, RECIPE.replace(right, wrong))).toThrow(`${FILE}:`);
  });

  test('that names a value which nobody gives is refused', () => {
    const template = { file: FILE, text: RECIPE.replace('./program', './<<folder>>') };
    expect(() => versionedRecipe(template, {}, [])).toThrow(`${FILE} names <<folder>>, for which there is no value.`);
  });
});

describe('the version of a recipe', () => {
  const VALUES = { name: 'com.example.Program', artifactUri: 's3://bucket/program.zip' };
  const text = RECIPE.replace('com.example.Program', "'<<name>>'").replace('1.2.3', "'<<version>>'");
  const version = (template = text, values: Record<string, string> = VALUES, hashes = ['a']) =>
    versionedRecipe({ file: FILE, text: template }, values, hashes).version;

  test('is one that Greengrass takes, and is written into it', () => {
    const { recipe, version: given } = versionedRecipe({ file: FILE, text }, VALUES, ['a']);
    expect(given).toMatch(COMPONENT_VERSION_PATTERN);
    expect(recipe.ComponentVersion).toBe(given);
  });

  test('stays with the content, in whichever bucket it lies', () => {
    expect(version()).toBe(version());
    expect(version(text, { ...VALUES, artifactUri: 's3://another/program.zip' })).toBe(version());
  });

  test('changes with one character of the recipe, a value or an artifact', () => {
    const others = [
      version(text.replace('./program', './programs')),
      version(text, { ...VALUES, name: 'b' }),
      version(text, VALUES, ['b']),
    ];
    expect(new Set([version(), ...others]).size).toBe(4);
  });

  test('has three parts of six digits at most, from 40 bits of the hash', () => {
    expect(versionOf('0000000000000001'.padEnd(64, '0'))).toBe('1.0.1');
    // 0xe8d4a51000 is 10^12: the first number that comes round again.
    expect(versionOf('000000e8d4a50fff'.padEnd(64, '0'))).toBe('1.999999.999999');
    expect(versionOf('000000e8d4a51000'.padEnd(64, '0'))).toBe('1.0.0');
  });
});

test.each(['node', 'configuration', 'connector', 'hub'])('the recipe %s names its own place in messages', (name) => {
  expect(recipeTemplate(name).file).toBe(`assets/greengrass/recipes/${name}.yaml`);
});
