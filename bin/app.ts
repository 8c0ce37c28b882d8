import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { SiteFileError } from '../core/site/load.ts';
import { loadSites } from '../lib/site-files.ts';
import { SiteStage } from '../lib/stages/site-stage.ts';

/** The CDK app: a stage for each file in sites/, or only `cdk synth -c site=<id>`. */
const app = new App();
const root = fileURLToPath(new URL('..', import.meta.url));
const asked: unknown = app.node.tryGetContext('site');
try {
  const folder = relative(process.cwd(), join(root, 'sites')) || '.';
  for (const site of loadSites(folder, typeof asked === 'string' ? asked : undefined)) new SiteStage(app, site);
  app.synth();
} catch (error) {
  if (!(error instanceof SiteFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
