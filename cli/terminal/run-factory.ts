import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { intro, outro } from '@clack/prompts';
import { UserFault } from '../../core/process.ts';
import { SiteFileError } from '../../core/site/load.ts';
import { Factory, type FactoryOptions } from '../../local/factory.ts';
import { factoryCard } from './factory-card.ts';
import { readablePath } from './readable-path.ts';
import { interactiveReporter, plainReporter } from './reporters.ts';
import { wrapWords } from './wrap.ts';

/** Exit codes: what a script wants to know. */
export const EXIT = { ok: 0, unexpected: 1, fault: 2 } as const;

/** How far @clack/prompts indents. */
const INDENT = 3;

/**
 * Runs a factory in this terminal until Ctrl-C, SIGTERM or a fault that only a person can mend.
 * @param openBrowser whether to show the page, where there is a screen.
 * @returns the exit code.
 */
export async function runFactory(options: FactoryOptions, openBrowser: boolean): Promise<number> {
  const interactive = process.stdout.isTTY === true && process.env.CI === undefined;
  const columns = () => (interactive ? process.stdout.columns : Number.POSITIVE_INFINITY);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const reporter = interactive ? interactiveReporter(process.stdout) : plainReporter(say);
  const began = performance.now();
  if (interactive) intro('Plantbridge');
  else say(`Plantbridge starts ${options.siteFile}`);
  let factory: Factory | undefined;
  try {
    factory = Factory.prepare(options, reporter);
    const interrupted = interruption(() => factory?.kill());
    const up = await Promise.race([factory.start().then(() => true), interrupted.then(() => false)]);
    reporter.settled();
    if (up) {
      say(factoryCard(factory, options.simulate, (performance.now() - began) / 1000, columns()));
      if (openBrowser && interactive) showInBrowser(factory.url);
      const fault = await Promise.race([interrupted, factory.ended]);
      reporter.settled();
      if (fault !== undefined) throw fault;
    }
    say('Stopping ...');
    const seconds = await stopped(factory);
    const where = readablePath(factory.dataFolder);
    const goodbye = `Stopped after ${seconds.toFixed(1)} s. The data are in ${where}; the next start goes on with them.`;
    if (interactive) outro(wrapWords(goodbye, columns() - INDENT).join(`\n${' '.repeat(INDENT)}`));
    else say(goodbye);
    return EXIT.ok;
  } catch (error) {
    reporter.settled();
    await factory?.stop();
    return sayFault(error, options);
  }
}

/** Settles at the first Ctrl-C or SIGTERM; whoever presses Ctrl-C twice means it. */
function interruption(killAll: () => void): Promise<undefined> {
  return new Promise((resolve) => {
    let times = 0;
    const interrupt = () => {
      times += 1;
      if (times === 1) return resolve(undefined);
      killAll();
      process.exit(EXIT.unexpected);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  });
}

async function stopped(factory: Factory): Promise<number> {
  const began = performance.now();
  await factory.stop();
  return (performance.now() - began) / 1000;
}

/** One clear sentence for what a person can mend; where to look for everything else. */
function sayFault(error: unknown, options: FactoryOptions): number {
  const width = process.stderr.isTTY ? process.stderr.columns : Number.POSITIVE_INFINITY;
  const write = (text: string) => {
    const lines = text.split('\n').flatMap((line) => wrapWords(line, width));
    process.stderr.write(`${lines.join('\n')}\n`);
  };
  if (error instanceof UserFault || error instanceof SiteFileError) {
    write(error.message);
    return EXIT.fault;
  }
  write(`Something unexpected happened: ${error instanceof Error ? error.message : String(error)}`);
  write(`The logs are in ${join(options.dataFolder, 'logs')}.`);
  return EXIT.unexpected;
}

/** Best effort: a machine without a screen has the address in the terminal. */
function showInBrowser(url: string): void {
  const hasScreen = process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
  const command =
    process.platform === 'darwin' ? 'open' : process.platform === 'linux' && hasScreen ? 'xdg-open' : undefined;
  if (command === undefined) return;
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
