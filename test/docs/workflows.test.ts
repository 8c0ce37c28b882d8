import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from '../support/source-tree.ts';

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>>;
}

const FOLDER = join(ROOT, '.github/workflows');
const WORKFLOWS = readdirSync(FOLDER).map((name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  return { name, text, workflow: parse(text) as Workflow };
});
const STEPS = WORKFLOWS.flatMap(({ name, workflow }) =>
  Object.values(workflow.jobs).flatMap(({ steps }) => steps.map((step) => ({ name, step }))),
);

describe('the workflows of a fork', () => {
  test('may read the code alone unless a job asks for more, and end by themselves', () => {
    for (const { workflow } of WORKFLOWS) {
      expect(workflow.permissions).toEqual({ contents: 'read' });
      for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(120);
    }
  });

  test('log in to AWS by OIDC: no stored credential', () => {
    for (const { text } of WORKFLOWS) expect(text).not.toMatch(/secrets\.|aws-access-key-id|aws-secret-access-key/);
    expect(STEPS.filter(({ step }) => step.uses?.startsWith('aws-actions/configure-aws-credentials'))).toHaveLength(2);
  });

  test('put nothing that an outsider can choose into a shell line', () => {
    // A branch's or input's name could be `$(...)`: it goes through an environment variable, which the shell does not run.
    const risky = STEPS.filter(({ step }) => /\$\{\{/.test(step.run ?? '')).map(({ step }) => step.run);
    expect(risky).toEqual([]);
  });

  test('run scripts of npm and files that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const lines = STEPS.map(({ step }) => step.run ?? '').join('\n');
    for (const [, script = ''] of lines.matchAll(/npm run (?:--silent )?([\w:]+)/g))
      expect(scripts).toHaveProperty(script);
    for (const [, file = ''] of lines.matchAll(/bash (\S+)/g)) expect(existsSync(join(ROOT, file))).toBe(true);
  });

  test('deploy one site by its id, with the quotes that the docs have', () => {
    const commands = STEPS.map(({ step }) => step.run ?? '').filter((run) => run.includes('cdk deploy'));
    expect(commands).toEqual(['npx cdk deploy -c "site=$SITE" "$SITE/**" --require-approval never --concurrency 4']);
  });
});
