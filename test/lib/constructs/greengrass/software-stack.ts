import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnThingGroup } from 'aws-cdk-lib/aws-iot';
import { addChecks } from '../../../../lib/checks/checks.ts';
import { findingsIn, findingText } from '../../../../lib/checks/findings.ts';
import { GatewaySoftware } from '../../../../lib/constructs/greengrass/gateway-software.ts';
import { type Recipe, recipeSchema } from '../../../../lib/constructs/greengrass/recipe-schema.ts';
import { Deployment } from '../../../../lib/deployment.ts';
import { deployableModels, deployableSite } from '../../../../lib/site-files.ts';
import { ROOT } from '../../../support/source-tree.ts';
import { resourcesOf, type SynthesizedTemplate } from '../../../support/synth.ts';

const { context: CDK_CONTEXT } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};
const { models: MODELS } = deployableModels();

/** The software of one gateway, synthesized in a stack of its own. */
export interface SynthesizedSoftware {
  readonly deployment: Deployment;
  readonly software: GatewaySoftware;
  readonly template: SynthesizedTemplate;
  /** The manifest of assets, by name of the asset. */
  readonly assets: Readonly<Record<string, { readonly source: Readonly<Record<string, unknown>> }>>;
  readonly findings: readonly string[];
  resolve(value: unknown): unknown;
}

/** Makes a thing group and a role, as the gateway's stack does, and deploys the software of a gateway to them. */
export function synthesizeSoftware(
  text: string,
  gatewayId: string,
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly secrets?: readonly string[];
    readonly withChecks?: boolean;
  } = {},
): SynthesizedSoftware {
  const files: Readonly<Record<string, string>> = { 'site.yaml': text, ...options.files };
  const deployment = new Deployment(
    deployableSite('site.yaml', MODELS, (path) => {
      const found = files[path];
      if (found === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' });
      return found;
    }),
  );
  const gateway = deployment.site.gateways.find(({ id }) => id === gatewayId);
  if (gateway === undefined) throw new Error(`The site has no gateway ${gatewayId}.`);
  const outdir = mkdtempSync(join(tmpdir(), 'plantbridge-software-'));
  try {
    // CDK's validator takes longer than everything else: it runs where checks are asked for.
    const validates = options.withChecks === true ? {} : { '@aws-cdk/core:validateAgainstDefaultRules': false };
    const app = new App({ outdir, context: { ...CDK_CONTEXT, 'aws:cdk:disable-asset-staging': true, ...validates } });
    if (options.withChecks === true) addChecks(app);
    const stack = new Stack(app, 'Software', { env: { region: 'eu-central-1', account: '123456789012' } });
    const thingGroup = new CfnThingGroup(stack, 'ThingGroup', { thingGroupName: deployment.names.gateway(gatewayId) });
    const tokenExchangeRole = new Role(stack, 'Role', {
      assumedBy: new ServicePrincipal('credentials.iot.amazonaws.com'),
    });
    const software = new GatewaySoftware(stack, 'GatewaySoftware', {
      deployment,
      gateway,
      thingGroupArn: thingGroup.attrArn,
      tokenExchangeRole,
      ...(options.secrets !== undefined && { secrets: options.secrets }),
    });
    const assembly = (() => {
      try {
        return app.synth();
      } catch (error) {
        if (findingsIn(outdir).length === 0) throw error;
        return undefined;
      }
    })();
    const read = (name: string) => JSON.parse(readFileSync(join(outdir, name), 'utf8')) as unknown;
    const { files: assets } = read('Software.assets.json') as { files: SynthesizedSoftware['assets'] };
    return {
      deployment,
      software,
      template: (assembly?.getStackArtifact(stack.artifactId).template ??
        read('Software.template.json')) as SynthesizedTemplate,
      assets,
      findings: findingsIn(outdir).map(findingText),
      resolve: (value) => stack.resolve(value),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

export interface DeployedComponent {
  readonly ComponentVersion: string;
  readonly ConfigurationUpdate?: { readonly Merge: string; readonly Reset?: readonly string[] };
}
export interface DeploymentProperties {
  readonly TargetArn: unknown;
  readonly Components: Readonly<Record<string, DeployedComponent>>;
  readonly DeploymentPolicies: unknown;
}

export function recipesOf(template: SynthesizedTemplate): Recipe[] {
  return resourcesOf(template, 'AWS::GreengrassV2::ComponentVersion').map(([, { Properties }]) =>
    recipeSchema.parse(JSON.parse(String(Properties?.InlineRecipe))),
  );
}

export function recipeOf({ template }: SynthesizedSoftware, component: string): Recipe {
  const found = recipesOf(template).find(({ ComponentName }) => ComponentName.endsWith(`.${component}`));
  if (found === undefined) throw new Error(`There is no component ${component}.`);
  return found;
}

export function deploymentOf({ template }: SynthesizedSoftware): DeploymentProperties {
  const deployments = resourcesOf(template, 'AWS::GreengrassV2::Deployment');
  expect(deployments).toHaveLength(1);
  return deployments[0]?.[1].Properties as unknown as DeploymentProperties;
}

export type Json = ReturnType<typeof JSON.parse>;
export function configurationOf(synthesized: SynthesizedSoftware, component: string): Json {
  return JSON.parse(deploymentOf(synthesized).Components[component]?.ConfigurationUpdate?.Merge ?? 'null');
}

export function scriptOf(recipe: Recipe, step: 'run' | 'install'): string {
  return recipe.Manifests[0]?.Lifecycle[step]?.Script ?? '';
}

export function versionsOf(synthesized: SynthesizedSoftware): Record<string, string> {
  return Object.fromEntries(recipesOf(synthesized.template).map((each) => [each.ComponentName, each.ComponentVersion]));
}
