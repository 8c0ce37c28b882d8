import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import { addChecks } from '../../../../lib/checks/checks.ts';
import { findingsIn, findingText } from '../../../../lib/checks/findings.ts';
import type { Watched } from '../../../../lib/constructs/observability/watched.ts';
import { Deployment } from '../../../../lib/deployment.ts';
import { deployableSite } from '../../../../lib/site-files.ts';
import { FoundationStack } from '../../../../lib/stacks/foundation-stack.ts';
import { ObservabilityStack } from '../../../../lib/stacks/observability-stack.ts';
import { ROOT } from '../../../support/source-tree.ts';
import type { SynthesizedTemplate } from '../../../support/synth.ts';

/** An Observability stack beside a stack with the things that it watches. */
export interface WatchedStage {
  readonly template: SynthesizedTemplate;
  /** What the checks found in it; only `withChecks`. */
  readonly findings: readonly string[];
}

/** What there is to watch. */
export type ThingsToWatch = (scope: Construct, deployment: Deployment) => Watched;

/** One of each thing that can be watched. */
export const ONE_OF_EACH: ThingsToWatch = (scope, deployment) => {
  const handler = functionIn(scope, 'Consumer');
  const api = new RestApi(scope, 'Api');
  api.root.addMethod('GET');
  return {
    functions: [handler],
    streamConsumers: [handler],
    streams: [new Stream(scope, 'Stream')],
    deadLetterQueues: [new Queue(scope, 'Queue')],
    deadLetterBuckets: [bucketIn(scope, 'DeadLetters')],
    deliveryStreams: ['lake-delivery'],
    topicRules: [deployment.names.rule('live-raw')],
    apis: [api],
    gateways: deployment.scope.gateways.map(({ id }) => ({ gatewayId: id, thingName: deployment.names.gateway(id) })),
    databases: ['historian'],
    services: [{ clusterName: 'outpost', serviceName: 'hub' }],
    siteWiseWriters: [handler],
    lakes: [
      {
        database: deployment.names.database,
        table: 'samples_raw',
        view: 'samples',
        workGroup: 'lake',
        bucket: bucketIn(scope, 'Lake'),
        resultBucket: bucketIn(scope, 'Results'),
      },
    ],
  };
};

function bucketIn(scope: Construct, id: string): IBucket {
  return new Bucket(scope, id) as IBucket;
}

/** A function to be watched. */
export function functionIn(scope: Construct, id: string): LambdaFunction {
  return new LambdaFunction(scope, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {}'),
  });
}

/** Synthesizes a site's Observability stack with things to watch. */
export function watchedStage(siteText: string, things: ThingsToWatch, withChecks = false): WatchedStage {
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  const deployment = new Deployment(deployableSite('site.yaml', undefined, () => siteText));
  const outdir = mkdtempSync(join(tmpdir(), 'plantbridge-watched-'));
  try {
    const app = new App({ outdir, context: { ...context, 'aws:cdk:disable-asset-staging': true } });
    if (withChecks) addChecks(app);
    const stage = new Stage(app, 'watched', { stageName: deployment.names.prefix, env: { region: 'eu-central-1' } });
    const foundation = new FoundationStack(stage, 'Foundation', { deployment });
    const watched = [things(new Stack(stage, 'Things'), deployment)];
    new ObservabilityStack(stage, 'Observability', { deployment, foundation, watched });
    if (withChecks) {
      try {
        app.synth();
      } catch (error) {
        if (findingsIn(outdir).length === 0) throw error;
      }
    } else stage.synth();
    const assembly = withChecks ? new CloudAssembly(join(outdir, 'assembly-watched')) : stage.synth();
    const stack = assembly.stacks.find(({ hierarchicalId }) => hierarchicalId.endsWith('/Observability'));
    return {
      template: stack?.template as SynthesizedTemplate,
      findings: findingsIn(outdir)
        .filter(({ constructPath }) => constructPath.includes('Observability') || constructPath.includes('LakeReader'))
        .map(findingText),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
