#!/usr/bin/env node
/** The command line. It runs under the Node 24 that the project brings (npm scripts and npx put it first on the PATH). */
import { Command } from 'commander';
import { projectVersion } from '../cli/version.ts';

/** Each command is loaded when it is asked for: `plant formula` need not wait for a factory's code. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('../cli/start.ts')).startCommand(),
  run: async () => (await import('../cli/run.ts')).runCommand(),
  check: async () => (await import('../cli/check.ts')).checkCommand(),
  trust: async () => (await import('../cli/trust.ts')).trustCommand(),
  gateway: async () => (await import('../cli/gateway.ts')).gatewayCommand(),
  formula: async () => (await import('../cli/formula.ts')).formulaCommand(),
};

const program = new Command('plant')
  .description('Plantbridge: a factory and its enterprise systems, on this machine and on AWS.')
  .version(projectVersion(), '--version', 'prints the version')
  .showHelpAfterError('Run "plant --help" for what there is.')
  .showSuggestionAfterError();
const asked = COMMANDS[process.argv[2] ?? ''];
const needed = asked === undefined ? Object.values(COMMANDS) : [asked];
for (const command of await Promise.all(needed.map((load) => load())))
  program.addCommand(command.copyInheritedSettings(program));
await program.parseAsync();
