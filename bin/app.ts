import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { UserFault } from '../core/user-fault.ts';
import { addChecks } from '../lib/checks/checks.ts';
import { findingsIn, findingText } from '../lib/checks/findings.ts';
import { loadSites } from '../lib/site-files.ts';
import { SiteStage } from '../lib/stages/site-stage.ts';

/**
 * The CDK app: a stage for each file in sites/, or only `cdk synth -c site=<id>`. Further context: `delete-data=<site>` and
 * `allow-phase-down=<site>`, and `sites=<folder>` for site files elsewhere, see docs.
 */
const app = new App();
const root = fileURLToPath(new URL('..', import.meta.url));
const asked = (key: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(key);
  return typeof value === 'string' ? value : undefined;
};
try {
  const folder = relative(process.cwd(), join(root, asked('sites') ?? 'sites')) || '.';
  addChecks(app);
  for (const deployable of loadSites(folder, asked('site'))) {
    const { id } = deployable.site;
    new SiteStage(app, {
      ...deployable,
      deleteDataConfirmed: asked('delete-data') === id,
      phaseDownAllowed: asked('allow-phase-down') === id,
    });
  }
  // Under the CDK's command line the checks do not throw, and with no stack chosen it does not look at their report.
  const findings = findingsIn(app.synth().directory);
  for (const finding of findings) console.error(findingText(finding));
  if (findings.length > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof UserFault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
