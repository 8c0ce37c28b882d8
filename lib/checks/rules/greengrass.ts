import { parse } from 'yaml';
import { isIntrinsic, type JsonObject, listOf, objectOf, shown, textOf } from '../json.ts';
import { type CheckedResource, type CheckRule, type Fault, mustBe, resourceRule, resourcesOfTypes } from '../rule.ts';

const EXACT_VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/** Keys of a component recipe (recipe format 2020-01-25); they are case-sensitive, and a misspelt one is passed over in silence. */
const RECIPE_KEYS = [
  'RecipeFormatVersion',
  'ComponentName',
  'ComponentVersion',
  'ComponentDescription',
  'ComponentPublisher',
  'ComponentConfiguration',
  'ComponentDependencies',
  'ComponentType',
  'ComponentSource',
  'Manifests',
  'Lifecycle',
];
const MANIFEST_KEYS = ['Name', 'Platform', 'Lifecycle', 'Selections', 'Artifacts'];
const LIFECYCLE_KEYS = ['Setenv', 'install', 'run', 'startup', 'shutdown', 'recover', 'bootstrap'];
const ARTIFACT_KEYS = ['Uri', 'URI', 'Unarchive', 'Permission', 'Digest', 'Algorithm'];
const STEP_KEYS = ['Script', 'RequiresPrivilege', 'Skipif', 'Timeout', 'Setenv', 'BootstrapOnRollback'];

function* unknownKeys(at: string, value: unknown, allowed: readonly string[]): Generator<Fault> {
  for (const key of Object.keys(objectOf(value)))
    if (!allowed.includes(key)) {
      const meant = allowed.find((each) => each.toLowerCase() === key.toLowerCase());
      const fix = meant === undefined ? '' : `. Write ${meant}: keys are case-sensitive`;
      yield { at: `${at}.${key}`, text: `must be one of ${allowed.join(', ')}, got: "${key}"${fix}` };
    }
}

function recipeOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function* recipeFaults({ InlineRecipe }: JsonObject): Generator<Fault> {
  if (InlineRecipe === undefined) return;
  const text = textOf(InlineRecipe);
  const recipe = objectOf(text === undefined ? undefined : recipeOf(text));
  const at = 'InlineRecipe';
  if (Object.keys(recipe).length === 0) {
    yield mustBe(at, 'a recipe as a string of JSON or YAML', InlineRecipe, 'Use JSON.stringify');
    return;
  }
  yield* unknownKeys(at, recipe, RECIPE_KEYS);
  // YAML reads an unquoted date as one.
  const format = recipe.RecipeFormatVersion;
  if (String(format instanceof Date ? format.toISOString().slice(0, 10) : format) !== '2020-01-25')
    yield mustBe(`${at}.RecipeFormatVersion`, '"2020-01-25"', format);
  if (typeof recipe.ComponentName !== 'string' || !/^[\w.…-]{1,128}$/.test(recipe.ComponentName))
    yield mustBe(`${at}.ComponentName`, 'letters, digits, "_", "-" and ".", 128 at most', recipe.ComponentName);
  if (typeof recipe.ComponentVersion !== 'string' || !EXACT_VERSION.test(recipe.ComponentVersion))
    yield mustBe(`${at}.ComponentVersion`, 'a version of three numbers, e.g. "1.0.0"', recipe.ComponentVersion);
  yield* lifecycleFaults(`${at}.Lifecycle`, recipe.Lifecycle);
  const manifests = listOf(recipe.Manifests);
  if (manifests.length === 0) yield mustBe(`${at}.Manifests`, 'a list of at least one manifest', recipe.Manifests);
  for (const [index, manifest] of manifests.entries()) {
    const place = `${at}.Manifests[${index}]`;
    yield* unknownKeys(place, manifest, MANIFEST_KEYS);
    yield* lifecycleFaults(`${place}.Lifecycle`, objectOf(manifest).Lifecycle);
    for (const [number, artifact] of listOf(objectOf(manifest).Artifacts).entries()) {
      yield* unknownKeys(`${place}.Artifacts[${number}]`, artifact, ARTIFACT_KEYS);
      const { Uri, URI } = objectOf(artifact);
      const uri = Uri ?? URI;
      if (typeof uri !== 'string' || !/^(s3:\/\/[^/]+\/.+|docker:.+|greengrass:.+)/.test(uri))
        yield mustBe(`${place}.Artifacts[${number}].Uri`, 's3://bucket/key, or docker:image', uri);
    }
  }
}

function* lifecycleFaults(at: string, lifecycle: unknown): Generator<Fault> {
  yield* unknownKeys(at, lifecycle, LIFECYCLE_KEYS);
  for (const [step, details] of Object.entries(objectOf(lifecycle)))
    if (step !== 'Setenv' && typeof details !== 'string') yield* unknownKeys(`${at}.${step}`, details, STEP_KEYS);
}

function* deploymentFaults({ Components, DeploymentPolicies }: JsonObject): Generator<Fault> {
  for (const [name, specification] of Object.entries(objectOf(Components))) {
    const { ComponentVersion, ConfigurationUpdate } = objectOf(specification);
    if (!isIntrinsic(ComponentVersion) && !EXACT_VERSION.test(String(ComponentVersion)))
      yield mustBe(
        `Components.${name}.ComponentVersion`,
        'one exact version, e.g. "2.18.0"',
        ComponentVersion,
        'Otherwise a new release changes the gateways on its own day',
      );
    const { Merge } = objectOf(ConfigurationUpdate);
    if (Merge === undefined) continue;
    const text = textOf(Merge);
    const merged = text === undefined ? undefined : recipeOf(text);
    if (typeof merged !== 'object' || merged === null || !text?.trimStart().startsWith('{'))
      yield mustBe(`Components.${name}.ConfigurationUpdate.Merge`, 'JSON as a string', Merge, 'Use JSON.stringify');
  }
  const { FailureHandlingPolicy } = objectOf(DeploymentPolicies);
  if (FailureHandlingPolicy !== 'ROLLBACK')
    yield mustBe('DeploymentPolicies.FailureHandlingPolicy', '"ROLLBACK"', FailureHandlingPolicy);
}

/** A target as a text that is the same for the same target: what only CloudFormation knows counts within its stack. */
function targetOf({ stack, properties }: CheckedResource): string {
  const text = textOf(properties.TargetArn, '');
  const whole = JSON.stringify(properties.TargetArn) ?? '';
  const isOfStack = /"(Ref|Fn::GetAtt)":(?!"AWS::)/.test(whole);
  return `${stack.environment} ${isOfStack ? stack.path : ''} ${text === '' || isOfStack ? whole : text}`;
}

/** What AWS IoT Greengrass asks of recipes and deployments, and CloudFormation does not look at. */
export const GREENGRASS_RULES: readonly CheckRule[] = [
  resourceRule(
    'Plantbridge-Recipe',
    'A component recipe has only the keys that Greengrass knows, in their spelling, and an exact version.',
    ['AWS::GreengrassV2::ComponentVersion'],
    ({ properties }) => recipeFaults(properties),
  ),
  resourceRule(
    'Plantbridge-Deployment',
    'A Greengrass deployment pins each component, merges JSON given as a string, and rolls back on failure.',
    ['AWS::GreengrassV2::Deployment'],
    ({ properties }) => deploymentFaults(properties),
  ),
  {
    id: 'Plantbridge-OneDeployment',
    asks: 'A thing group has one Greengrass deployment: of two, the newer silently replaces the other.',
    *faults(stacks) {
      const first = new Map<string, CheckedResource>();
      for (const resource of resourcesOfTypes(stacks, ['AWS::GreengrassV2::Deployment'])) {
        const target = targetOf(resource);
        const other = first.get(target);
        if (other === undefined) first.set(target, resource);
        else
          yield {
            at: 'TargetArn',
            stack: resource.stack,
            resource,
            text: `must be a target without another deployment, got: ${shown(resource.properties.TargetArn)}, which ${other.stack.path}/${other.logicalId} deploys to. Put the components into one deployment`,
          };
      }
    },
  },
];
