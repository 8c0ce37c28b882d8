import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { addChecks } from '../lib/checks/checks.ts';
import { findingsIn, findingText } from '../lib/checks/findings.ts';
import { deployableModels, deployableSite } from '../lib/site-files.ts';
import { SiteStage } from '../lib/stages/site-stage.ts';
import { manyLinesText } from './many-lines.ts';
import type { SynthMeasurement } from './synth.ts';

/** Synthesizes a site with the number of lines that its argument gives, as `cdk synth` does, and says on its output what that took. */
const lines = Number(process.argv[2]);
const outdir = mkdtempSync(join(tmpdir(), 'plantbridge-bench-'));
try {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../cdk.json'), 'utf8')) as {
    context: Record<string, unknown>;
  };
  const app = new App({ outdir, context });
  addChecks(app);
  const text = manyLinesText({ lines });
  new SiteStage(
    app,
    deployableSite('many-lines.yaml', deployableModels().models, () => text),
  );
  let failure: unknown;
  try {
    app.synth();
  } catch (error) {
    failure = error;
  }
  const findings = findingsIn(outdir);
  if (failure !== undefined && findings.length === 0) throw failure;
  // What is not in order must not be measured as if it were.
  for (const finding of findings.slice(0, 20)) process.stderr.write(`${findingText(finding)}\n`);
  const templates = readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.template.json'),
  );
  let largest = { resources: 0, bytes: 0 };
  for (const name of templates) {
    const { Resources = {} } = JSON.parse(readFileSync(join(outdir, name), 'utf8')) as { Resources?: object };
    const resources = Object.keys(Resources).length;
    if (resources > largest.resources) largest = { resources, bytes: statSync(join(outdir, name)).size };
  }
  const measurement: SynthMeasurement = {
    findings: findings.length,
    stacks: templates.length,
    largestStackResources: largest.resources,
    largestStackBytes: largest.bytes,
    rssMb: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
