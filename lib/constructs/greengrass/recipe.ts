import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from '../../../core/site/document.ts';
import { formatFault, type SiteFault } from '../../../core/site/fault.ts';
import { schemaAt } from '../../../core/site/schema-at.ts';
import { translateIssue } from '../../../core/site/translate.ts';
import { UserFault } from '../../../core/user-fault.ts';
import { type Recipe, recipeSchema } from './recipe-schema.ts';

const RECIPES = 'assets/greengrass/recipes';
const FOLDER = join(import.meta.dirname, '../../..', RECIPES);

/** What stands in a recipe's template as `<<name>>`. */
export type RecipeValues = Readonly<Record<string, string>>;

/** A recipe that is ready, and the version that its content gave it. */
export interface VersionedRecipe {
  readonly version: string;
  readonly recipe: Recipe;
}

/** A template of assets/greengrass/recipes as text, e.g. `connector`. */
export function recipeTemplate(name: string): { readonly file: string; readonly text: string } {
  return { file: `${RECIPES}/${name}.yaml`, text: readFileSync(join(FOLDER, `${name}.yaml`), 'utf8') };
}

/**
 * Fills a template, gives it the version of its content and holds it against Greengrass' rules. A version is registered once
 * for ever: the same content keeps its version, and any change (a script, a dependency, an artifact) makes another.
 * @param contentHashes of the artifacts.
 * @throws UserFault with file, line and column of each thing that Greengrass would refuse or pass over.
 */
export function versionedRecipe(
  { file, text }: { readonly file: string; readonly text: string },
  values: RecipeValues,
  contentHashes: readonly string[],
): VersionedRecipe {
  // Names of buckets are tokens and differ by account: the artifacts' hashes say what is in them.
  const content = JSON.stringify([text, Object.entries(withoutTokens(values)).toSorted(), contentHashes]);
  const version = versionOf(createHash('sha256').update(content).digest('hex'));
  return { version, recipe: checkedRecipe(file, filled(file, text, { ...values, version })) };
}

/**
 * `1.<minor>.<patch>` of 40 bits of a hash. Which of two is greater says nothing: deployments name versions exactly.
 */
export function versionOf(hash: string): string {
  const million = 1_000_000n;
  const number = BigInt(`0x${hash.slice(0, 16)}`) % (million * million);
  return `1.${number / million}.${number % million}`;
}

/** @throws UserFault with the faults of a recipe. */
export function checkedRecipe(file: string, text: string): Recipe {
  const document = readDocument(file, text);
  if (!('locate' in document)) throw faulty(document);
  const result = recipeSchema.safeParse(document.value);
  if (result.success) return result.data;
  throw faulty(
    result.error.issues.flatMap((issue) =>
      translateIssue(issue, {
        root: document.value,
        locate: document.locate.bind(document),
        locateKey: document.locateKey.bind(document),
        schemaAt: (path) => schemaAt(recipeSchema, path, document.value),
      }),
    ),
  );
}

function faulty(faults: readonly SiteFault[]): UserFault {
  return new UserFault(faults.map(formatFault).join('\n'));
}

function filled(file: string, text: string, values: RecipeValues): string {
  return text.replaceAll(/<<(\w+)>>/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new UserFault(`${file} names <<${name}>>, for which there is no value.`);
    return value;
  });
}

/** URIs hold the names of buckets. */
function withoutTokens(values: RecipeValues): RecipeValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.endsWith('Uri')));
}
