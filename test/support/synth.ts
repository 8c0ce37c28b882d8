import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { addChecks } from '../../lib/checks/checks.ts';
import { type Finding, findingsIn, findingText } from '../../lib/checks/findings.ts';
import { deployableModels, deployableSite } from '../../lib/site-files.ts';
import { SiteStage } from '../../lib/stages/site-stage.ts';
import { ROOT } from './source-tree.ts';

const { context: CDK_CONTEXT } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};
const { models: MODELS } = deployableModels();

/** A synthesized site. */
export interface SynthesizedSite {
  readonly stage: SiteStage;
  /** Ids of its stacks, e.g. `Foundation`, `Line-bottling`. */
  readonly stackIds: readonly string[];
  /** The template of a stack as plain JSON. */
  json(stackId: string): SynthesizedTemplate;
  /** The template of a stack for assertions. */
  template(stackId: string): Template;
  /** What the checks found in a stack, a line each; only `withChecks`. */
  findings(stackId: string): string[];
}

/** A template as CloudFormation gets it. */
export interface SynthesizedTemplate {
  readonly Resources: Readonly<Record<string, SynthesizedResource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface SynthesizedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** How to synthesize. */
export interface SynthOptions {
  /** cdk-nag and all other checks of an app run too: see `findings`. @default false */
  readonly withChecks?: boolean;
  /** Further files beside the site file. @default none */
  readonly files?: Readonly<Record<string, string>>;
  readonly deleteDataConfirmed?: boolean;
  readonly phaseDownAllowed?: boolean;
}

/**
 * Synthesizes a site from its text, as `cdk synth` would: the same context, the same stage. Assets stay where they are.
 * @throws SiteFileError with the site file's faults.
 */
export function synthesizeText(text: string, options: SynthOptions = {}): SynthesizedSite {
  const files: Readonly<Record<string, string>> = { 'site.yaml': text, ...options.files };
  const deployable = deployableSite('site.yaml', MODELS, (path) => {
    const found = files[path];
    if (found === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' });
    return found;
  });
  const outdir = mkdtempSync(join(tmpdir(), 'plantbridge-synth-'));
  try {
    const app = new App({
      outdir,
      context: { ...CDK_CONTEXT, 'aws:cdk:disable-asset-staging': true, 'aws:cdk:disable-stack-trace': true },
    });
    if (options.withChecks === true) addChecks(app);
    const stage = new SiteStage(app, {
      ...deployable,
      deleteDataConfirmed: options.deleteDataConfirmed ?? false,
      phaseDownAllowed: options.phaseDownAllowed ?? false,
    });
    let assembly: CloudAssembly;
    let found: readonly Finding[] = [];
    if (options.withChecks === true) {
      synthesizeChecked(app, outdir);
      found = findingsIn(outdir);
      assembly = new CloudAssembly(join(outdir, `assembly-${deployable.site.id}`));
    } else {
      assembly = stage.synth();
    }
    const templates = new Map(
      assembly.stacks.map((stack) => [
        stack.hierarchicalId.split('/').at(-1) ?? '',
        stack.template as SynthesizedTemplate,
      ]),
    );
    const json = (stackId: string): SynthesizedTemplate => {
      const found = templates.get(stackId);
      if (found === undefined)
        throw new Error(`The site has no stack ${stackId}. It has: ${[...templates.keys()].join(', ')}.`);
      return found;
    };
    return {
      stage,
      stackIds: [...templates.keys()],
      json,
      template: (stackId) => Template.fromJSON(json(stackId)),
      findings: (stackId) =>
        found.filter(({ constructPath }) => constructPath.split('/')[1] === stackId).map(findingText),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Synthesizes an app with its checks; their findings are read from the report, so that they can be told by stack. */
function synthesizeChecked(app: App, outdir: string): void {
  try {
    app.synth();
  } catch (error) {
    if (findingsIn(outdir).length === 0) throw error;
  }
}

/** The resources of a type in a template, by logical id. */
export function resourcesOf(template: SynthesizedTemplate, type: string): [string, SynthesizedResource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** A site file of test/sites as text, e.g. `outpost-gen1`. */
export function testSite(name: string): string {
  return readFileSync(join(ROOT, 'test/sites', `${name}.yaml`), 'utf8');
}
