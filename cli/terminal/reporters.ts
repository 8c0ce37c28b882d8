import { styleText } from 'node:util';
import { log } from '@clack/prompts';
import type { FactoryReporter } from '../../local/factory/reporter.ts';
import { StatusLine } from './status-line.ts';
import { wrapWords } from './wrap.ts';

/** What each process is, in words for people. */
const TITLES: Readonly<Record<string, string>> = {
  dashboard: 'Dashboard',
  broker: 'MQTT broker',
  simulator: 'Simulated PLCs',
  edge: 'Edge gateway',
  hub: 'Hub',
  history: 'First day of history',
};

export function titleOf(name: string): string {
  return TITLES[name] ?? (name.startsWith('edge-') ? `Edge ${name.slice('edge-'.length)}` : name);
}

/** Work that goes on behind the page: it shows its progress, and its end. */
const ENDS_BY_ITSELF: ReadonlySet<string> = new Set(['history']);
/** How far @clack/prompts indents. */
const INDENT = 3;

/** A reporter that also knows when the start is over. */
export interface TerminalReporter extends FactoryReporter {
  /** The start is over, one way or the other: from now on there is only news. */
  settled(): void;
}

/** For logs and pipes: one line for each thing that happens, nothing is ever overwritten. */
export function plainReporter(write: (line: string) => void): TerminalReporter {
  const lastTenth = new Map<string, number>();
  return {
    starting: () => undefined,
    ready: (name, info, seconds) => {
      if (!ENDS_BY_ITSELF.has(name)) write(`  ${seconds.toFixed(1).padStart(5)} s  ${titleOf(name)}${addressOf(info)}`);
    },
    progress: (label, done) => {
      const tenth = Math.floor(done * 10);
      // The end is news of its own.
      if (done >= 1 || lastTenth.get(label) === tenth) return;
      lastTenth.set(label, tenth);
      write(`  ${label}: ${tenth * 10} %`);
    },
    notice: (text) => write(text),
    settled: () => undefined,
  };
}

/** For people at a terminal: a last line that says what is waited for, and a lasting line for each part that is up. */
export function interactiveReporter(output: NodeJS.WriteStream): TerminalReporter {
  const status = new StatusLine(output);
  const waitingFor = new Set<string>();
  let settled = false;
  const compact = { spacing: 0 };
  const showWaiting = () =>
    status.show(settled || waitingFor.size === 0 ? '' : `Starting: ${[...waitingFor].map(titleOf).join(', ')}`);
  return {
    starting: (name) => {
      if (settled || ENDS_BY_ITSELF.has(name)) return;
      waitingFor.add(name);
      showWaiting();
    },
    ready: (name, info, seconds) => {
      if (ENDS_BY_ITSELF.has(name)) return;
      const expected = waitingFor.delete(name);
      if (settled && !expected) {
        status.above(() => log.success(`${titleOf(name)} is back.`, compact));
        return;
      }
      const details = styleText('dim', `${seconds.toFixed(1)} s${addressOf(info)}`);
      status.above(() => log.success(`${titleOf(name)}  ${details}`, compact));
      showWaiting();
    },
    progress: (label, done) => {
      if (settled) status.show(done >= 1 ? '' : `${label} ${Math.round(done * 100)} %`);
    },
    notice: (text) => status.above(() => log.info(wrapWords(text, output.columns - INDENT).join('\n'), compact)),
    settled: () => {
      settled = true;
      status.show('');
    },
  };
}

function addressOf(info: Readonly<Record<string, string>>): string {
  const address = info.address ?? info.url;
  return address === undefined ? '' : `  ${address}`;
}
