import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, BenchFigure } from './bench.ts';

/** What a run of bench/synth-main.ts says of itself. */
export interface SynthMeasurement {
  /** What the checks found: 0, or the run counts for nothing. */
  readonly findings: number;
  readonly stacks: number;
  readonly largestStackResources: number;
  readonly largestStackBytes: number;
  /** The most memory that it had at any time, MB (10^6 bytes). */
  readonly rssMb: number;
}

const MAIN = join(import.meta.dirname, 'synth-main.ts');
const MOST_SECONDS = 30;
const MOST_MEMORY_MB = 1000;
/** How much more a line may take in a site of 100 lines than in one of 10. */
const MOST_GROWTH = 1.5;
const run = promisify(execFile);

/** A site from one line to a hundred, synthesized with all checks. */
export const synthBench: Bench = {
  name: 'synth',
  method:
    'sites of 1, 10 and 100 lines with 20 machines of 4 sensors each (all sitewise: true, a gateway each 10 lines), every stack of phase rollout without an Outpost, synthesized by a Node process each as `cdk synth` does: site file, constructs, bundles (from the cache where there are some), templates, cdk-nag twice and the other checks of the project. Seconds = wall time of the process from start to end; rssMb = the most memory that the process with 100 lines had. linearity = seconds that a further line takes from 10 to 100 lines, over what it takes from 1 to 10.',
  async run() {
    const one = await measure(1);
    const ten = await measure(10);
    const hundred = await measure(100);
    const findings = one.findings + ten.findings + hundred.findings;
    const growth = (hundred.seconds - ten.seconds) / 90 / ((ten.seconds - one.seconds) / 9);
    return [
      row('findings', findings, '', '= 0', findings === 0),
      row('seconds1Line', one.seconds, 's'),
      row('seconds10Lines', ten.seconds, 's'),
      row('seconds100Lines', hundred.seconds, 's', `< ${MOST_SECONDS}`, hundred.seconds < MOST_SECONDS),
      row('linearity', growth, '', `< ${MOST_GROWTH}`, growth < MOST_GROWTH),
      row('rssMb', hundred.rssMb, 'MB', `< ${MOST_MEMORY_MB}`, hundred.rssMb < MOST_MEMORY_MB),
      row('stacks', hundred.stacks, ''),
      row('largestStack', hundred.largestStackResources, 'resources', '<= 480', hundred.largestStackResources <= 480),
      row('largestStackKb', hundred.largestStackBytes / 1000, 'kB', '< 1000', hundred.largestStackBytes < 1_000_000),
    ];
  },
};

async function measure(lines: number): Promise<SynthMeasurement & { readonly seconds: number }> {
  const startedMs = performance.now();
  const { stdout, stderr } = await run(process.execPath, [MAIN, String(lines)], { maxBuffer: 16 * 2 ** 20 });
  const seconds = (performance.now() - startedMs) / 1000;
  if (stderr !== '') console.error(stderr.trimEnd());
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  return { ...(JSON.parse(last) as SynthMeasurement), seconds };
}

function row(figure: string, value: number, unit: string, target = '', holds = true): BenchFigure {
  return { bench: 'synth', figure, value, unit, target, holds };
}
