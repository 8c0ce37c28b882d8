import { Stack, Token } from 'aws-cdk-lib';
import { CfnComponentVersion } from 'aws-cdk-lib/aws-greengrassv2';
import { Construct } from 'constructs';
import type { ComponentArtifact } from './component-artifact.ts';
import { type RecipeValues, recipeTemplate, versionedRecipe } from './recipe.ts';
import type { Recipe } from './recipe-schema.ts';

/** What a {@link Component} is made of. */
export interface ComponentProps {
  /** Its name in Greengrass, see `SiteNames.component`. */
  readonly componentName: string;
  /** The template in assets/greengrass/recipes, without its ending. */
  readonly recipe: string;
  /** What the template names beside `name`, `version` and its artifacts. */
  readonly values: RecipeValues;
  /** Its artifacts, by the template's name for their address: `artifactUri`. */
  readonly artifacts: Readonly<Record<string, ComponentArtifact>>;
}

/**
 * One of our programs on a gateway, as a version that its content names. Versions are never changed: another content is
 * another resource, and the one before it is removed when the deployment no longer names it.
 */
export class Component extends Construct {
  readonly componentName: string;
  readonly componentVersion: string;
  readonly artifacts: readonly ComponentArtifact[];
  readonly resource: CfnComponentVersion;

  /** @throws UserFault with the faults of the recipe, by file and line. */
  constructor(scope: Construct, id: string, { componentName, recipe: name, values, artifacts }: ComponentProps) {
    super(scope, id);
    this.artifacts = Object.values(artifacts);
    const uris = Object.entries(artifacts).map(([uri, { bucketName, objectKey }]) => [
      uri,
      `s3://${bucketName}/${objectKey}`,
    ]);
    const { recipe, version } = versionedRecipe(
      recipeTemplate(name),
      { ...values, ...Object.fromEntries(uris), name: componentName },
      this.artifacts.map(({ contentHash }) => contentHash),
    );
    this.componentName = componentName;
    this.componentVersion = version;
    this.resource = new CfnComponentVersion(this, `Version${version.replaceAll('.', '-')}`, {
      inlineRecipe: this.#text(recipe),
    });
  }

  /** JSON is a YAML that everybody reads the same; buckets' names may be tokens. */
  #text(recipe: Recipe): string {
    const text = JSON.stringify(recipe, undefined, 1);
    return Token.isUnresolved(text) ? Stack.of(this).toJsonString(recipe, 1) : text;
  }
}
