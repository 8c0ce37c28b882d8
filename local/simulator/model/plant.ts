import type { Machine, Site } from '../../../core/site/site.ts';
import { SimulatedLine } from './line.ts';
import type { DemoAction, SimulatedMachine } from './machine.ts';
import { hashOf } from './random.ts';
import { Schedule } from './schedule.ts';
import { type Sensor, sensorsOf } from './sensors.ts';

/** Length of one step of the virtual clock. */
export const STEP_MS = 200;
/**
 * The plant begins anew, from a seed of its own, at each full day after its start: so its state at any time can be
 * found within a second, however long ago the start was. The first day is the history, the second begins live.
 */
export const STRETCH_MS = 86_400_000;

const MINUTE_MS = 60_000;

/** What the PLC of a machine would show now, in engineering terms and the PLC's own codes. */
export interface PlcView {
  readonly state: string;
  /** '' for none. */
  readonly reason: string;
  /** The product's code, '' where no product is known. */
  readonly product: string;
  readonly produced: number;
  readonly rejected: number;
  /** A sensor's value in engineering units. */
  sensor(id: string): number | boolean | string;
}

/**
 * The simulated plant on a virtual clock: its state at a time is a function of seed, start, time and demo actions alone.
 * Nothing in it waits, reads a clock or throws dice of its own.
 */
export class Plant {
  readonly startMs: number;
  private readonly site: Site;
  private readonly seed: number;
  private readonly schedule: Schedule;
  private readonly productCodes: ReadonlyMap<string, readonly string[]>;
  private readonly sensors: ReadonlyMap<string, ReadonlyMap<string, Sensor>>;
  private lines: SimulatedLine[] = [];
  private machines = new Map<string, { readonly simulated: SimulatedMachine; readonly line: SimulatedLine }>();
  private stretch = -1;
  private timeMs: number;
  private minute = -1;
  private planned: boolean[] = [];
  private shift = '';

  /** @param startMs when the plant's life began, ms since 1970. */
  constructor(site: Site, seed: number, startMs: number) {
    this.site = site;
    this.seed = seed;
    this.startMs = startMs;
    this.timeMs = startMs;
    this.schedule = new Schedule(site.shifts, site.timeZone);
    this.productCodes = new Map(
      site.lines.flatMap((line) => {
        const ofLine = line.machines.find(({ products }) => products.length > 0)?.products ?? [];
        return line.machines.map((machine): [string, string[]] => [
          machine.path,
          (machine.products.length > 0 ? machine.products : ofLine).map(({ code }) => String(code)),
        ]);
      }),
    );
    this.sensors = new Map(
      site.lines.flatMap((line) => line.machines).map((machine) => [machine.path, sensorsOf(machine, seed)]),
    );
    this.begin(0);
  }

  /** The virtual clock, ms since 1970. */
  get nowMs(): number {
    return this.timeMs;
  }

  /** Lives on up to the last full step at or before `timeMs`; a time before its own is ignored. */
  advanceTo(timeMs: number): void {
    const stretch = Math.floor((timeMs - this.startMs) / STRETCH_MS);
    if (stretch > this.stretch) this.begin(stretch);
    while (this.timeMs + STEP_MS <= timeMs) this.step();
  }

  /** When the stretch of time began that `timeMs` lies in. */
  stretchStart(timeMs: number): number {
    return this.startMs + Math.floor((timeMs - this.startMs) / STRETCH_MS) * STRETCH_MS;
  }

  /** Whether there is a machine of this path. */
  has(machinePath: string): boolean {
    return this.machines.has(machinePath);
  }

  /** Begins or ends a demo action from now on. Unknown machines are ignored. */
  act(machinePath: string, action: DemoAction, on: boolean): void {
    this.machines.get(machinePath)?.simulated.act(action, on);
  }

  /** The demo actions that are on. */
  active(machinePath: string): DemoAction[] {
    return [...(this.machines.get(machinePath)?.simulated.active ?? [])];
  }

  /** The inside of the simulation, for tests and the like. */
  simulated(machinePath: string): SimulatedMachine | undefined {
    return this.machines.get(machinePath)?.simulated;
  }

  /** What a machine's PLC shows now; it stays current as the plant lives on. @throws RangeError for an unknown machine */
  view(machine: Machine): PlcView {
    const entry = this.machines.get(machine.path);
    if (entry === undefined) throw new RangeError(`There is no machine ${machine.path} in the plant`);
    const { simulated, line } = entry;
    const codes = this.productCodes.get(machine.path) ?? [];
    const sensors = this.sensors.get(machine.path);
    const product = codes[line.campaign % Math.max(codes.length, 1)] ?? '';
    return {
      state: simulated.vocabulary.codeOfState[simulated.state],
      reason: simulated.reason,
      product,
      produced: simulated.produced.count,
      rejected: simulated.rejected.count,
      sensor: (id) => sensors?.get(id)?.(simulated, this.timeMs, product) ?? 0,
    };
  }

  private begin(stretch: number): void {
    const active = [...this.machines].map(([path, { simulated }]) => ({ path, actions: [...simulated.active] }));
    this.stretch = stretch;
    this.timeMs = this.startMs + stretch * STRETCH_MS;
    this.minute = -1;
    this.shift = '';
    // Setting the counters to 0 is what gateways can tell from a jump.
    this.lines = this.site.lines.map(
      (line) => new SimulatedLine(this.site, line, hashOf(this.seed, stretch), stretch > 0),
    );
    this.machines = new Map(
      this.lines.flatMap((line) => line.machines.map((simulated) => [simulated.machine.path, { simulated, line }])),
    );
    for (const { path, actions } of active) for (const action of actions) this.act(path, action, true);
  }

  private step(): void {
    const minute = Math.floor(this.timeMs / MINUTE_MS);
    if (minute !== this.minute) this.beginMinute(minute);
    for (const [index, line] of this.lines.entries()) line.step(STEP_MS / 1000, this.planned[index] ?? false);
    this.timeMs += STEP_MS;
  }

  private beginMinute(minute: number): void {
    this.minute = minute;
    const now = this.lines.map((_, index) => this.schedule.at(minute * MINUTE_MS, index, this.lines.length));
    this.planned = now.map(({ planned }) => planned);
    const shift = now[0]?.shift ?? '';
    if (this.shift !== '' && shift !== '' && shift !== this.shift)
      for (const line of this.lines) for (const simulated of line.machines) simulated.shiftChanged();
    if (shift !== '') this.shift = shift;
  }
}
