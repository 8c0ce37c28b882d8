import { STATE_NAMES } from '../../core/oee/state-names.ts';
import { DEFAULT_LOSS_CATEGORY, type MachineState } from '../../core/telemetry/types.ts';
import type {
  LiveMachine,
  Loss,
  MachineNode,
  OeeFigure,
  SignalNode,
  StateSpan,
  TreeResponse,
} from '../../hub/api/contract.ts';

/** A plant that exists only here: seeded, so that a page of the same time always shows the same. */

const DAY_MS = 86_400_000;

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function seedOf(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  return hash;
}

function sensor(
  machinePath: string,
  id: string,
  name: string,
  unit: string,
  minimum: number,
  maximum: number,
): SignalNode {
  return { path: `${machinePath}/${id}`, id, name, type: 'DOUBLE', unit, minimum, maximum };
}

function machine(line: string, id: string, name: string, cycle: number, protocol: string, counted = true): MachineNode {
  const path = `demo/${line}/${id}`;
  return {
    path,
    id,
    name,
    model: 'discrete-machine',
    protocol,
    endpoint: protocol === 'opcua' ? `opc.tcp://127.0.0.1:4840/${id}` : '127.0.0.1:5020 unit 1',
    hasOee: true,
    counted,
    idealCycleSeconds: cycle,
    stalenessSeconds: 10,
    products: [{ code: '1', name: 'Still water 0.5 l', idealCycleSeconds: cycle }],
    sensors: [
      sensor(path, 'temperature', 'Bearing temperature', '°C', 10, 90),
      sensor(path, 'vibration', 'Vibration', 'mm/s', 0, 12),
      sensor(path, 'pressure', 'Pressure', 'bar', 0, 10),
      sensor(path, 'power', 'Power', 'kW', 0, 60),
    ],
  };
}

const MACHINES = {
  bottling: [
    machine('bottling', 'blow-moulder', 'Blow moulder', 0.6, 'opcua', false),
    machine('bottling', 'filler', 'Filler', 0.6, 'opcua'),
    machine('bottling', 'capper', 'Capper', 0.6, 'modbus-tcp', false),
    machine('bottling', 'labeller', 'Labeller', 0.6, 'modbus-tcp', false),
    machine('bottling', 'packer', 'Packer', 3.6, 'opcua', false),
  ],
  machining: [
    machine('machining', 'lathe', 'CNC lathe', 48, 'opcua'),
    machine('machining', 'mill', 'Milling centre', 64, 'opcua'),
    machine('machining', 'washer', 'Washer', 30, 'modbus-tcp'),
    machine('machining', 'gauge', 'Measuring station', 20, 'modbus-tcp'),
  ],
} as const;

export const TREE: TreeResponse = {
  id: 'demo',
  path: 'demo',
  name: 'Demo plant',
  timeZone: 'Europe/Berlin',
  shifts: [
    { id: 'early', name: 'Early shift', start: '06:00', end: '14:00' },
    { id: 'late', name: 'Late shift', start: '14:00', end: '22:00' },
    { id: 'night', name: 'Night shift', start: '22:00', end: '06:00' },
  ],
  lines: [
    { path: 'demo/bottling', id: 'bottling', name: 'Bottling', machines: MACHINES.bottling },
    { path: 'demo/machining', id: 'machining', name: 'Machining cell', machines: MACHINES.machining },
  ],
  demo: true,
};

const STOPS: readonly (readonly [MachineState, string, number])[] = [
  ['FAULT', 'Bottle jam at infeed', 400],
  ['FAULT', 'Safety door open', 150],
  ['FAULT', 'Servo drive overload', 700],
  ['IDLE', 'Starved: nothing from upstream', 120],
  ['IDLE', 'Blocked: outfeed full', 90],
  ['CHANGEOVER', 'Change of format', 1100],
];

/** A stretch of one state, in ms. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: MachineState;
  readonly reason: string | null;
}

export class MockPlant {
  readonly startedMs: number;
  /** States that a test has forced, by machine. */
  readonly forced = new Map<
    string,
    { readonly sinceMs: number; readonly state: MachineState; readonly reason: string | null }
  >();
  readonly #days = new Map<string, Stretch[]>();

  constructor(startedMs: number) {
    this.startedMs = startedMs;
  }

  #day(path: string, dayMs: number): Stretch[] {
    const key = `${path}@${dayMs}`;
    const known = this.#days.get(key);
    if (known !== undefined) return known;
    const next = random(seedOf(key));
    const stretches: Stretch[] = [];
    let at = dayMs;
    const push = (seconds: number, state: MachineState, reason: string | null) => {
      const toMs = Math.min(at + Math.round(seconds) * 1000, dayMs + DAY_MS);
      if (toMs > at) stretches.push({ fromMs: at, toMs, state, reason });
      at = toMs;
    };
    while (at < dayMs + DAY_MS) {
      push(300 + next() * 2400, 'RUNNING', null);
      const kind = next();
      const [state, reason, mean] = STOPS[Math.floor(next() * STOPS.length)]!;
      if (kind < 0.55) push(8 + next() * 60, 'IDLE', 'Micro-stop');
      else if (kind < 0.93) push(mean * (0.4 + next() * 1.2), state, reason);
      else push(1200 + next() * 900, 'PLANNED_STOP', 'Break');
    }
    this.#days.set(key, stretches);
    return stretches;
  }

  /** States in from..to, holes filled with UNKNOWN. The labeller lost its connection for 25 minutes two hours before the start. */
  states(path: string, fromMs: number, toMs: number, nowMs: number): Stretch[] {
    const all: Stretch[] = [];
    for (let day = Math.floor(fromMs / DAY_MS) * DAY_MS; day < toMs; day += DAY_MS) all.push(...this.#day(path, day));
    const forced = this.forced.get(path);
    let cut = all.filter((each) => each.toMs > fromMs && each.fromMs < Math.min(toMs, nowMs));
    const overlay = (over: Stretch) => {
      cut = cut.flatMap((each) => {
        if (each.toMs <= over.fromMs || each.fromMs >= over.toMs) return [each];
        const before = each.fromMs < over.fromMs ? [{ ...each, toMs: over.fromMs }] : [];
        const after = each.toMs > over.toMs ? [{ ...each, fromMs: over.toMs }] : [];
        return [...before, ...after];
      });
      cut.push(over);
      cut.sort((a, b) => a.fromMs - b.fromMs);
    };
    if (path.endsWith('/labeller')) overlay({ ...this.outage(), state: 'UNKNOWN', reason: null });
    if (forced !== undefined)
      overlay({ fromMs: forced.sinceMs, toMs: nowMs, state: forced.state, reason: forced.reason });
    return cut
      .filter((each) => each.toMs > fromMs && each.fromMs < Math.min(toMs, nowMs))
      .map((each) => ({ ...each, fromMs: Math.max(each.fromMs, fromMs), toMs: Math.min(each.toMs, toMs, nowMs) }));
  }

  /** When nobody confirmed the labeller. */
  outage(): { readonly fromMs: number; readonly toMs: number } {
    return { fromMs: this.startedMs - 7_200_000, toMs: this.startedMs - 5_700_000 };
  }

  /** The figure of machines over from..to; null where nothing is known at all. */
  figure(paths: readonly string[], fromMs: number, toMs: number, nowMs: number): OeeFigure | null {
    const seconds = { run: 0, down: 0, planned: 0, unknown: 0 };
    let ideal = 0;
    let good = 0;
    let produced = 0;
    let rejected = 0;
    for (const path of paths) {
      const cycle = this.machine(path).idealCycleSeconds ?? 1;
      let run = 0;
      for (const each of this.states(path, fromMs, toMs, nowMs)) {
        const length = (each.toMs - each.fromMs) / 1000;
        seconds[DEFAULT_LOSS_CATEGORY[each.state]] += length;
        if (each.state === 'RUNNING') run += length;
      }
      const parts = Math.floor((run * 0.93) / cycle);
      const bad = Math.floor(parts * (0.006 + 0.02 * random(seedOf(`${path}${fromMs}`))()));
      produced += parts;
      rejected += bad;
      ideal += parts * cycle;
      good += (parts - bad) * cycle;
    }
    const busy = seconds.run + seconds.down;
    if (busy + seconds.planned === 0) return null;
    const ratio = (a: number, b: number) => (b > 0 ? a / b : null);
    return {
      start: iso(fromMs),
      end: iso(toMs),
      availability: ratio(seconds.run, busy),
      performance: ratio(ideal, seconds.run),
      quality: ratio(good, ideal),
      oee: ratio(good, busy),
      runSeconds: seconds.run,
      downSeconds: seconds.down,
      plannedSeconds: seconds.planned,
      unknownSeconds: seconds.unknown,
      busySeconds: busy,
      idealSeconds: ideal,
      goodSeconds: good,
      produced,
      rejected,
      producedUnattributed:
        paths.some((path) => path.endsWith('/labeller')) && fromMs < this.outage().toMs && toMs > this.outage().toMs
          ? 1840
          : 0,
      complete: toMs <= nowMs,
      simulated: fromMs < this.startedMs,
      confirmedUntil: null,
      partsKnown: true,
      settling: seconds.run < 30,
      warnings:
        paths.length === 1 && paths[0]?.endsWith('/gauge')
          ? ['Performance was above 100 % in 2 of the windows: the ideal cycle of 20 s is too long.']
          : [],
    };
  }

  losses(paths: readonly string[], fromMs: number, toMs: number, nowMs: number): Loss[] {
    const found = new Map<
      string,
      { state: MachineState; reason: string | null; seconds: number; parts: number; occurrences: number }
    >();
    for (const path of paths) {
      const cycle = this.machine(path).idealCycleSeconds ?? 1;
      for (const each of this.states(path, fromMs, toMs, nowMs)) {
        if (DEFAULT_LOSS_CATEGORY[each.state] !== 'down') continue;
        const key = `${each.state}/${each.reason}`;
        const entry = found.get(key) ?? {
          state: each.state,
          reason: each.reason,
          seconds: 0,
          parts: 0,
          occurrences: 0,
        };
        entry.seconds += (each.toMs - each.fromMs) / 1000;
        entry.parts += (each.toMs - each.fromMs) / 1000 / cycle;
        entry.occurrences += 1;
        found.set(key, entry);
      }
    }
    const losses: Loss[] = [...found.values()].map((each) => ({
      kind: 'downtime',
      label: each.reason ?? STATE_NAMES[each.state],
      state: each.state,
      reason: each.reason,
      minutes: each.seconds / 60,
      parts: Math.round(each.parts),
      occurrences: each.occurrences,
    }));
    const figure = this.figure(paths, fromMs, toMs, nowMs);
    const plain = { state: null, reason: null } as const;
    if (figure !== null) {
      const slow = (figure.runSeconds - figure.idealSeconds) / 60;
      const bad = (figure.idealSeconds - figure.goodSeconds) / 60;
      losses.push({
        ...plain,
        kind: 'speed',
        label: 'Slower than the ideal cycle',
        minutes: slow,
        parts: Math.round(figure.produced * 0.075),
        occurrences: 0,
      });
      losses.push({
        ...plain,
        kind: 'quality',
        label: 'Rejected parts',
        minutes: bad,
        parts: figure.rejected,
        occurrences: figure.rejected,
      });
    }
    return losses.sort((a, b) => b.minutes - a.minutes);
  }

  machine(path: string): MachineNode {
    const found = TREE.lines.flatMap((line) => line.machines).find((each) => each.path === path);
    if (found === undefined) throw new Error(`no machine ${path}`);
    return found;
  }

  live(path: string, nowMs: number): LiveMachine {
    const all = this.states(path, nowMs - 6 * 3_600_000, nowMs, nowMs);
    const last = all.at(-1)!;
    const stale = last.state === 'UNKNOWN';
    return {
      path,
      state: last.state,
      category: DEFAULT_LOSS_CATEGORY[last.state],
      reason: last.reason,
      product: 'Still water 0.5 l',
      since: iso(last.fromMs),
      confirmedAt: iso(stale ? last.fromMs : nowMs - 400),
      stale,
      clockSkewMs: 12,
      producedThisHour: this.figure([path], Math.floor(nowMs / 3_600_000) * 3_600_000, nowMs, nowMs)?.produced ?? 0,
    };
  }

  /** A sensor's value: waves and noise around a middle of its own, lower where the machine stands. */
  value(path: string, timeMs: number): number {
    const machinePath = path.split('/').slice(0, 3).join('/');
    const level = { temperature: 58, vibration: 2.4, pressure: 5.2, power: 31 }[path.split('/')[3] ?? ''] ?? 10;
    const seconds = timeMs / 1000;
    const phase = (seedOf(path) % 1000) / 100;
    const noise = random(seedOf(path) ^ Math.floor(seconds))() - 0.5;
    const running = this.states(machinePath, timeMs - 1000, timeMs, timeMs).at(-1)?.state === 'RUNNING';
    return (
      level *
      ((running ? 1 : 0.55) + 0.06 * Math.sin(seconds / 47 + phase) + 0.03 * Math.sin(seconds / 9) + 0.04 * noise)
    );
  }

  spans(path: string, fromMs: number, toMs: number, nowMs: number): StateSpan[] {
    return this.states(path, fromMs, toMs, nowMs).map((each) => ({
      from: iso(each.fromMs),
      to: iso(each.toMs),
      state: each.state,
      category: DEFAULT_LOSS_CATEGORY[each.state],
      reason: each.reason,
      simulated: each.toMs <= this.startedMs,
    }));
  }
}

/** ISO 8601 with offset. */
export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('Z', '+00:00');
}

/** The machines that make a path's figure. */
export function countedPaths(path: string): string[] {
  const [, line, machineId] = path.split('/');
  if (machineId !== undefined) return [path.split('/').slice(0, 3).join('/')];
  return TREE.lines
    .filter((each) => line === undefined || each.id === line)
    .flatMap((each) => each.machines.filter((one) => one.counted).map((one) => one.path));
}
