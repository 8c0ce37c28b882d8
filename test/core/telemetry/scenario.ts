import { expect } from '@jest/globals';
import type { SensorConfig } from '../../../core/site/schema.ts';
import type { Machine } from '../../../core/site/site.ts';
import { MachinePipeline, type PipelineCheckpoint } from '../../../core/telemetry/machine-pipeline.ts';
import type { ProblemKind } from '../../../core/telemetry/problems.ts';
import { DEFAULT_LOSS_CATEGORY, type Quality, type Reading, type Sample } from '../../../core/telemetry/types.ts';

/** A filler: ideal cycle 0.5 s, 2 parts a second at most 4, totaliser up to 65536; codes 0 stop, 1 run, 2 idle, 3 fault, 4 changeover. */
export function filler(changes: Partial<Machine> = {}): Machine {
  return {
    id: 'filler',
    path: 'demo/bottling/filler',
    name: 'Filler',
    lineId: 'bottling',
    gatewayId: 'gateway-1',
    model: 'discrete-machine',
    source: 'plc',
    idealCycleSeconds: 0.5,
    stalenessSeconds: 10,
    products: [],
    lossCategories: {},
    categoryOfState: DEFAULT_LOSS_CATEGORY,
    state: { map: { 0: 'PLANNED_STOP', 1: 'RUNNING', 2: 'IDLE', 3: 'FAULT', 4: 'CHANGEOVER' } },
    reason: { map: { 17: 'Jam at infeed' } },
    product: {},
    produced: { scale: 1, counter: { modulus: 65_536, maxRatePerSecond: 4 } },
    rejected: { scale: 1, counter: { modulus: 65_536, maxRatePerSecond: 4 } },
    sensors: [sensor('temperature')],
    rules: [],
    ...changes,
  };
}

export function sensor(id: string, changes: Partial<SensorConfig> = {}): SensorConfig {
  return { id, type: 'DOUBLE', sitewise: false, ...changes };
}

/** `12:00:03.250` on 2026-03-02 UTC, in ms since 1970. */
export function at(time: string): number {
  const ms = Date.parse(`2026-03-02T${time.length === 5 ? `${time}:00` : time}Z`);
  if (Number.isNaN(ms)) throw new Error(`no time: ${time}`);
  return ms;
}

/** What came of a scenario. */
export interface Outcome {
  readonly samples: readonly Sample[];
  readonly pipeline: MachinePipeline;
  readonly problems: ReadonlySet<ProblemKind>;
}

/**
 * Plays a scenario. Each line is `time what`; in between, the source confirms its connection each full second and the gateway lets
 * time pass each full second. What there is: `state=1 produced=5` (one batch of readings; `@12:00:00.250` for its source time,
 * `!BAD` for its quality) · `lost` · `quiet` (no more confirmations, though not lost) · `alive` (they go on) · `gateway off` · `gateway on`
 * (a restart from the checkpoint) · `clock 12:00:00` (what the source's own clock shows) · `end`.
 */
export function play(machine: Machine, script: string): Outcome {
  const steps = script
    .trim()
    .split('\n')
    .map((line) => {
      const [time = '', ...what] = line.trim().split(/\s+/);
      return { ms: at(time), what };
    });
  let now = steps[0]?.ms ?? 0;
  let pipeline: MachinePipeline | undefined = new MachinePipeline(machine, now);
  let checkpoint: PipelineCheckpoint | undefined;
  let confirming = false;
  const samples: Sample[] = [];
  const problems = new Set<ProblemKind>();
  const drain = () => {
    if (pipeline === undefined) return;
    samples.push(...pipeline.drain());
    for (const kind of pipeline.problems.keys()) problems.add(kind);
  };
  for (const { ms, what } of steps) {
    for (let second = Math.floor(now / 1000) * 1000 + 1000; second <= ms; second += 1000) {
      if (confirming && second < ms) pipeline?.confirmed(second);
      pipeline?.advance(second);
      drain();
    }
    now = ms;
    const [first = '', second = ''] = what;
    if (first === 'gateway' && second === 'off') {
      drain();
      checkpoint = JSON.parse(JSON.stringify(pipeline?.checkpoint())) as PipelineCheckpoint;
      pipeline = undefined;
    } else if (first === 'gateway') {
      pipeline = new MachinePipeline(machine, ms, checkpoint);
      confirming = false;
    } else if (first === 'lost') {
      confirming = false;
      pipeline?.lost(ms);
    } else if (first === 'quiet') confirming = false;
    else if (first === 'alive') confirming = true;
    else if (first === 'clock') pipeline?.clock(at(second), ms);
    else if (first !== 'end') {
      confirming = true;
      pipeline?.readings(readingsOf(machine, what), ms);
    }
    drain();
  }
  if (pipeline === undefined) throw new Error('the scenario ends without a gateway');
  return { samples, pipeline, problems };
}

function readingsOf(machine: Machine, words: readonly string[]): Reading[] {
  const time = words.find((word) => word.startsWith('@'));
  const quality = (words.find((word) => word.startsWith('!'))?.slice(1) ?? 'GOOD') as Quality;
  return words
    .filter((word) => word.includes('='))
    .map((word) => {
      const [signal = '', text = ''] = word.split('=');
      const value = text === 'NaN' ? Number.NaN : text === 'null' ? null : /^[\d.-]+$/.test(text) ? Number(text) : text;
      const sourceTimeMs = time === undefined ? undefined : at(time.slice(1));
      return { machinePath: machine.path, signal, value, quality, sourceTimeMs };
    });
}

/** Compares the ticks with a table; the first line names the columns (`end` is the minute's end). */
export function expectTicks({ samples }: Outcome, table: string): void {
  const [head = '', ...rows] = table.trim().split('\n');
  const columns = head.trim().split(/\s+/);
  const ends = [...new Set(samples.filter(({ path }) => path.endsWith('/run-s')).map(({ timeMs }) => timeMs))];
  const got = ends.map((end) =>
    columns.map((column) => {
      if (column === 'end') return new Date(end).toISOString().slice(11, 16);
      const tick = samples.filter(({ path, timeMs }) => path.endsWith(`/${column}`) && timeMs === end);
      return tick.length === 1 ? String(tick[0]?.value) : `${tick.length} ticks`;
    }),
  );
  expect(got).toEqual(rows.map((row) => row.trim().split(/\s+/)));
}

/** The samples of one signal as `12:00:00.000 value quality` (GOOD is not said). */
export function seriesOf({ samples }: Outcome, signal: string): string[] {
  return samples
    .filter(({ path }) => path.endsWith(`/${signal}`))
    .map(({ timeMs, value, quality }) => {
      const text = `${new Date(timeMs).toISOString().slice(11, 23)} ${value === '' ? "''" : value}`;
      return quality === 'GOOD' ? text : `${text} ${quality}`;
    });
}
