import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { checkCommand } from '../../cli/check.ts';
import { formulaCommand } from '../../cli/formula.ts';
import { gatewayCommand } from '../../cli/gateway.ts';
import { runCommand } from '../../cli/run.ts';
import { DEFAULT_BROKER_PORT, DEFAULT_PORT, startCommand } from '../../cli/start.ts';
import { trustCommand } from '../../cli/trust.ts';
import { loadSite } from '../../core/site/load.ts';
import { ApiFixture, TOKEN } from '../support/api-fixture.ts';
import { DEMO_TEXT } from '../support/site-text.ts';
import { ROOT } from '../support/source-tree.ts';
import { commandsOf, type DocumentedCommand, documentOf, documents, inlineCode } from './documents.ts';
import { Workspace } from './workspace.ts';

const DOCUMENTS = documents();
const COMMANDS = DOCUMENTS.flatMap(({ blocks }) =>
  blocks.filter(({ language }) => ['sh', 'console'].includes(language)).flatMap(commandsOf),
);
const PILOT =
  DOCUMENTS.find(({ path }) => path === 'docs/site-file.md')?.blocks.find(({ language }) => language === 'yaml')
    ?.text ?? '';
const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
const BENCHES = readFileSync(join(ROOT, 'bench/main.ts'), 'utf8');
const PLANT = [startCommand(), runCommand(), checkCommand(), trustCommand(), formulaCommand(), gatewayCommand()];

/** Commands that another test executes, and what that one has to hold. */
const EXECUTED_ELSEWHERE: readonly { readonly command: RegExp; readonly file: string; readonly holds: string }[] = [
  { command: /^npm ci$/, file: '.ci/run', holds: 'npm ci' },
  { command: /^npm test$/, file: '.ci/run', holds: 'npm test' },
  { command: /^npm run lint$/, file: '.ci/run', holds: 'run --silent lint' },
  { command: /^npm run types$/, file: '.ci/run', holds: 'run --silent types' },
  { command: /^npm run synth$/, file: '.ci/run', holds: 'run --silent synth' },
  { command: /^npm run test:peers$/, file: '.ci/run', holds: 'npm run test:peers' },
  { command: /^npm start$/, file: '.ci/start', holds: 'npm start' },
  { command: /^npx plant run /, file: 'test/cli/run.peer.test.ts', holds: "'run', siteFile" },
  { command: /^npx plant trust /, file: 'test/cli/trust.test.ts', holds: 'trustCommand(' },
  {
    command: /^sudo apt-get install chromium mosquitto postgresql python3-venv$/,
    file: '.ci/run',
    holds: 'apt-get install',
  },
  { command: /^python3 -m venv .venv$/, file: '.ci/run', holds: 'python3 -m venv .venv' },
  {
    command: /^.venv\/bin\/pip install -r test\/peers\/requirements.txt$/,
    file: '.ci/run',
    holds: '-r test/peers/requirements.txt',
  },
  { command: /^uaread /, file: 'test/docs/foreign-clients.peer.test.ts', holds: 'uaread' },
  { command: /^python3 -c /, file: 'test/docs/foreign-clients.peer.test.ts', holds: 'python3 -c' },
];

const workspace = new Workspace({
  'sites/augsburg.yaml': PILOT,
  'sites/my-plant.yaml': PILOT,
  '.plant/token': `${TOKEN}\n`,
});
afterAll(() => workspace[Symbol.dispose]());

/** Commands that are executed here. */
const EXECUTED_HERE: readonly { readonly command: RegExp; execute(documented: DocumentedCommand): Promise<void> }[] = [
  {
    command: /^cat \S+$/,
    // What the reader is shown of a file is the file that the commands after it read.
    execute: async ({ command, output }) => workspace.write(command.slice('cat '.length), output ?? ''),
  },
  {
    command: /^npx plant (check|formula) /,
    execute: async ({ command, output }) => {
      const { exitCode, output: real, errors } = await workspace.run(command);
      expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
      if (output !== undefined) expect(real).toBe(output);
      else expect(real).toMatch(/ is in order\.\n|"valid": true/);
    },
  },
  {
    command: /^curl /,
    execute: async ({ command }) => {
      const { exitCode, output } = await workspace.run(command);
      expect(exitCode).toBe(0);
      const { url, headers } = requestOf(output.trimEnd().split('\n'));
      expect(new URL(url).port).toBe(String(DEFAULT_PORT));
      const api = new ApiFixture({ site: loadSite('sites/demo.yaml', () => DEMO_TEXT) });
      const response = await api.app.request(url, { headers });
      expect({ status: response.status, body: await response.json() }).toMatchObject({ status: 200, body: {} });
    },
  },
];

/** What curl would send. */
function requestOf(parameters: readonly string[]): { url: string; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let url = '';
  for (let next = 0; next < parameters.length; next += 1) {
    const parameter = parameters[next] ?? '';
    if (parameter === '-H') {
      next += 1;
      const [name = '', value = ''] = (parameters[next] ?? '').split(/: (.*)/s);
      headers[name] = value;
    } else if (parameter.startsWith('-')) throw new Error(`This test does not know curl's ${parameter}.`);
    else url = parameter;
  }
  return { url, headers };
}

function wayOf({ command }: DocumentedCommand) {
  return [...EXECUTED_HERE, ...EXECUTED_ELSEWHERE].find((way) => way.command.test(command));
}

/** What is wrong with a call of `plant` or npm in the text, as a sentence. */
function inlineFault(code: string): string | undefined {
  const script = /^npm (?:run ([\w:]+)|(start|test))\b/.exec(code);
  const name = script?.[1] ?? script?.[2];
  if (name !== undefined && SCRIPTS[name] === undefined) return `\`${code}\`: package.json has no script ${name}`;
  const [, bench] = /^npm run bench -- (\w+)/.exec(code) ?? [];
  if (bench !== undefined && !BENCHES.includes(`  ${bench}: `)) return `\`${code}\`: there is no benchmark ${bench}`;
  const [, subcommand] = /^(?:npx )?plant(?: (\w+)|$)/.exec(code) ?? [];
  const command = name === 'start' ? PLANT[0] : PLANT.find((each) => each.name() === subcommand);
  if (subcommand !== undefined && command === undefined) return `\`${code}\`: plant has no command ${subcommand}`;
  const known = (command === undefined ? PLANT : [command])
    .flatMap((each) => [each, ...each.commands])
    .flatMap(({ options }) => options.map(({ long }) => long));
  const isOurs = command !== undefined || code.startsWith('--');
  const unknown = (isOurs ? (code.match(/(?<=^|\s)--[a-z][a-z-]*/g) ?? []) : []).filter(
    (each) => !known.includes(each),
  );
  return unknown.length === 0 ? undefined : `\`${code}\`: plant has no option ${unknown.join(', ')}`;
}

describe('the commands of the docs', () => {
  test('are each executed by a test', () => {
    expect(COMMANDS.length).toBeGreaterThan(15);
    const unknown = COMMANDS.filter((documented) => wayOf(documented) === undefined).map(
      ({ at, command }) =>
        `${at}: no test executes "${command}". Execute it in test/docs/commands.test.ts, or name there the test that does.`,
    );
    expect(unknown).toEqual([]);
  });

  test.each(EXECUTED_ELSEWHERE)('$command is executed by $file', ({ command, file, holds }) => {
    expect(existsSync(join(ROOT, file)) && readFileSync(join(ROOT, file), 'utf8')).toContain(holds);
    // A line of this table that no document needs any more only misleads.
    expect(COMMANDS.some((documented) => command.test(documented.command))).toBe(true);
  });

  // In the order of the documents: a command may need the file that an earlier one showed.
  for (const documented of COMMANDS) {
    const way = EXECUTED_HERE.find(({ command }) => command.test(documented.command));
    if (way !== undefined) test(`${documented.at}: ${documented.command}`, () => way.execute(documented));
  }

  test('`npx plant` is the command line of this tree', () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> };
    expect(bin).toEqual({ plant: 'bin/plant.ts' });
    expect(statSync(join(ROOT, 'bin/plant.ts')).mode & 0o111).not.toBe(0);
  });

  test('within the text name commands, scripts and options that there are', () => {
    const faults = DOCUMENTS.flatMap((document) =>
      inlineCode(document).flatMap((code) => {
        const fault = inlineFault(code);
        return fault === undefined ? [] : [`${document.path}: ${fault}`];
      }),
    );
    expect(faults).toEqual([]);
  });

  test('and the text name ports that there are', () => {
    const real = [
      DEFAULT_PORT,
      DEFAULT_BROKER_PORT,
      ...[...DEMO_TEXT.matchAll(/(?::|port: )(\d{4,5})\b/g)].map(([, port]) => port),
    ];
    const faults = DOCUMENTS.flatMap(({ path, text }) =>
      [...text.matchAll(/(?:127\.0\.0\.1:|localhost:|\bport[ =])(\d{4,5})\b/g)]
        .filter(([, port]) => !real.map(String).includes(String(port)))
        .map(([found]) => `${path}: ${found}`),
    );
    expect(faults).toEqual([]);
    expect(documents().find(({ path }) => path === 'docs/demo.md')?.text).toContain(
      `port ${DEFAULT_PORT} (\`--port\`)`,
    );
    expect(documents().find(({ path }) => path === 'docs/demo.md')?.text).toContain(
      `port ${DEFAULT_BROKER_PORT} (\`--broker-port\`)`,
    );
  });

  test('are all in the table of the README', () => {
    const readme = DOCUMENTS.find(({ path }) => path === 'README.md');
    const table = (readme === undefined ? [] : inlineCode(readme)).join('\n');
    for (const name of ['run', 'check', 'trust', 'formula'])
      expect(table).toMatch(new RegExp(`^npx plant ${name}\\b`, 'm'));
    for (const script of ['npm start', 'npm test', 'npm run test:peers', 'npm run bench', 'npm run synth'])
      expect(table).toContain(script);
  });
});

describe('the reader of commands', () => {
  const read = (text: string) =>
    documentOf('x.md', text)
      .blocks.flatMap(commandsOf)
      .map(({ command, output }) => [command, output]);

  test('leaves comments out, joins lines that go on, and keeps the output of a console', () => {
    const text = '```sh\na b # c\n# d\ne "f\n#g"\n```\n\n- ```console\n  $ h\n  i\n  $ j\n  ```\n';
    expect(read(text.replace('- ```', '  ```'))).toEqual([
      ['a b', undefined],
      ['e "f\n#g"', undefined],
      ['h', 'i\n'],
      ['j', ''],
    ]);
  });

  test.each([
    ['npx plant paint', /no command paint/],
    ['npx plant run <site file> --colour', /no option --colour/],
    ['npm run nothing', /no script nothing/],
    ['npm run bench -- nothing', /no benchmark nothing/],
    ['--nothing', /no option --nothing/],
  ])('refuses `%s`', (code, fault) => expect(inlineFault(code)).toMatch(fault));
});
