import { type Machine, machinesOf, type Site } from '../../core/site/site.ts';
import { MachinePipeline } from '../../core/telemetry/machine-pipeline.ts';
import { type Reading, type Sample, TICK_SIGNALS } from '../../core/telemetry/types.ts';
import type { SimulatedMachine } from '../simulator/model/machine.ts';
import { Plant, STEP_MS } from '../simulator/model/plant.ts';
import { type RawSignal, rawSignalsOf } from '../simulator/raw-signal.ts';

/** What the whole history may hold at most. */
export const MAX_ROWS = 500_000;
/** How often the PLCs are read; a change of state is seen at once. */
const READ_MS = 5_000;
const SENSOR_INTERVALS_MS = [10_000, 15_000, 30_000, 60_000, 300_000, 900_000];

interface Recorded {
  readonly machine: Machine;
  readonly simulated: () => SimulatedMachine | undefined;
  readonly pipeline: MachinePipeline;
  readonly always: readonly RawSignal[];
  readonly sensors: readonly RawSignal[];
  state: string;
}

/**
 * Makes a stretch of history: the simulated plant and the same pipelines as a gateway's, on a virtual clock. The same
 * seed, start and end give the same samples.
 */
export class HistoryMaker {
  readonly sensorIntervalMs: number;
  private readonly plant: Plant;
  private readonly recorded: readonly Recorded[];
  private readonly endMs: number;

  /** @param startMs and `endMs`: full minutes, ms since 1970. */
  constructor(site: Site, seed: number, startMs: number, endMs: number) {
    this.plant = new Plant(site, seed, startMs);
    this.endMs = endMs;
    this.recorded = machinesOf(site).map((machine) => {
      const signals = rawSignalsOf(machine);
      return {
        machine,
        simulated: () => this.plant.simulated(machine.path),
        pipeline: new MachinePipeline(machine, startMs, undefined, { graceMs: 0, repeatMs: 0 }),
        always: signals.filter(({ isSensor }) => !isSensor),
        sensors: signals.filter(({ isSensor }) => isSensor),
        state: '',
      };
    });
    this.sensorIntervalMs = sensorInterval(this.recorded, endMs - startMs);
    for (const one of this.recorded) this.read(one, true);
  }

  /** Up to when it has come, ms since 1970. */
  get nowMs(): number {
    return this.plant.nowMs;
  }

  /**
   * Lives on to `timeMs`, a multiple of the step after the start, or to the end.
   * @returns the samples of that time, machine by machine.
   */
  advanceTo(timeMs: number): (readonly Sample[])[] {
    const until = Math.min(timeMs, this.endMs);
    while (this.plant.nowMs + STEP_MS <= until) {
      const now = this.plant.nowMs + STEP_MS;
      this.plant.advanceTo(now);
      const reads = now % READ_MS === 0;
      const sensorsToo = now % this.sensorIntervalMs === 0;
      for (const one of this.recorded) {
        if (reads || stateOf(one) !== one.state) this.read(one, sensorsToo);
        if (reads) one.pipeline.advance(now);
      }
    }
    if (until === this.endMs) for (const { pipeline } of this.recorded) pipeline.lost(this.endMs);
    return this.recorded.map(({ pipeline }) => pipeline.drain());
  }

  private read(one: Recorded, sensorsToo: boolean): void {
    one.state = stateOf(one);
    const now = this.plant.nowMs;
    const view = this.plant.view(one.machine);
    const readings: Reading[] = [];
    const add = ({ id, read }: RawSignal) =>
      readings.push({
        machinePath: one.machine.path,
        signal: id,
        value: read(view),
        quality: 'GOOD',
        sourceTimeMs: now,
      });
    one.always.forEach(add);
    if (sensorsToo) one.sensors.forEach(add);
    one.pipeline.readings(readings, now);
  }
}

function stateOf({ simulated }: Recorded): string {
  const machine = simulated();
  return machine === undefined ? '' : `${machine.state} ${machine.reason}`;
}

/** Sensors each 10 s, unless there are so many of them that the rows would become too many. */
function sensorInterval(recorded: readonly Recorded[], spanMs: number): number {
  const ticks = recorded.length * TICK_SIGNALS.length * (spanMs / 60_000);
  // States, reasons and products: some per minute of a machine at the very most.
  const changes = recorded.length * 3 * (spanMs / 60_000);
  const sensors = recorded.reduce((sum, one) => sum + one.sensors.length, 0);
  const fits = (intervalMs: number) => ticks + changes + sensors * (spanMs / intervalMs) <= MAX_ROWS;
  return SENSOR_INTERVALS_MS.find(fits) ?? 900_000;
}
