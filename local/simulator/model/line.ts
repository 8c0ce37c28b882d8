import type { Line, Machine, Site } from '../../../core/site/site.ts';
import { Buffer } from './buffer.ts';
import { KINDS, type MachineSimulation } from './kinds.ts';
import { SimulatedMachine } from './machine.ts';
import { hashOf, Random } from './random.ts';

interface Station {
  readonly simulated: SimulatedMachine;
  readonly simulation: MachineSimulation;
  readonly before: Buffer | undefined;
  readonly after: Buffer | undefined;
  /** Changeovers of the parts of a line take their own share of the whole line's time. */
  readonly changeoverShare: number;
}

/** A production line: stages one after the other with a buffer between each two; all change products together. */
export class SimulatedLine {
  readonly machines: readonly SimulatedMachine[];
  /** Number of the product in work, counted from the beginning. */
  campaign: number;

  private readonly stations: readonly Station[];
  private readonly random: Random;
  private readonly campaignSeconds: readonly [number, number];
  private readonly changeoverSeconds: readonly [number, number];
  private readonly changesProducts: boolean;
  private campaignRemaining: number;
  private changeoverTotal = 1;
  private changeoverRemaining = 0;

  /** @param freshCounters see SimulatedMachine. */
  constructor(site: Site, line: Line, seed: number, freshCounters: boolean) {
    this.random = new Random(hashOf(seed, line.path, 'line'));
    const stages = stagesOf(line).map((stage) =>
      stage.map((machine) => ({ machine, simulation: simulationOf(site, machine) })),
    );
    const stations: Station[] = [];
    let before: Buffer | undefined;
    for (const [index, stage] of stages.entries()) {
      const after = bufferBetween(stage, stages[index + 1]);
      for (const { machine, simulation } of stage) {
        const simulated = new SimulatedMachine(machine, simulation, hashOf(seed, machine.path), freshCounters);
        stations.push({ simulated, simulation, before, after, changeoverShare: this.random.between(0.7, 1) });
      }
      before = after;
    }
    this.stations = stations;
    this.machines = stations.map(({ simulated }) => simulated);
    const slowest = stations.find(({ simulation }) => simulation.kind === 'machining') ?? stations[0];
    const kind = KINDS[slowest?.simulation.kind ?? 'machining'];
    this.campaignSeconds = kind.campaignSeconds;
    this.changeoverSeconds = kind.changeoverSeconds;
    this.changesProducts = line.machines.some((machine) => machine.products.length > 1);
    this.campaign = Math.floor(this.random.between(0, 6));
    this.campaignRemaining = this.random.between(0.3, 1) * this.campaignSeconds[1];
  }

  /** Lives through one step of all machines, in the direction in which the parts move. */
  step(seconds: number, planned: boolean): void {
    if (!planned) this.advanceCampaign(seconds);
    for (const { simulated, before, after, changeoverShare } of this.stations) {
      const changeover = this.changeoverRemaining > this.changeoverTotal * (1 - changeoverShare);
      simulated.step(seconds, planned, changeover, this.campaign, before, after);
    }
  }

  private advanceCampaign(seconds: number): void {
    if (!this.changesProducts) return;
    if (this.changeoverRemaining > 0) {
      this.changeoverRemaining -= seconds;
      return;
    }
    this.campaignRemaining -= seconds;
    if (this.campaignRemaining > 0) return;
    this.campaign += 1;
    this.campaignRemaining = this.random.between(...this.campaignSeconds);
    this.changeoverTotal = this.random.between(...this.changeoverSeconds);
    this.changeoverRemaining = this.changeoverTotal;
  }
}

/** Neighbours that are alike but for a number (`cell-1`, `cell-2`) work side by side, all others one after the other. */
export function stagesOf(line: Line): Machine[][] {
  const stages: Machine[][] = [];
  const stem = (machine: Machine | undefined) => machine?.id.replace(/-?\d+$/, '');
  for (const machine of line.machines) {
    const last = stages.at(-1);
    const alike = last !== undefined && /\d$/.test(machine.id) && stem(last[0]) === stem(machine);
    if (alike) last.push(machine);
    else stages.push([machine]);
  }
  return stages;
}

const DEFAULT_SIMULATION: MachineSimulation = { kind: 'machining', reliability: 0.85, rejectShare: 0.02, takes: 1 };

function simulationOf(site: Site, machine: Machine): MachineSimulation {
  const machines = site.simulation?.machines ?? {};
  return machines[`${machine.lineId}/${machine.id}`] ?? machines[machine.path] ?? DEFAULT_SIMULATION;
}

type Stage = readonly { readonly machine: Machine; readonly simulation: MachineSimulation }[];

function bufferBetween(stage: Stage, next: Stage | undefined): Buffer | undefined {
  if (next === undefined) return undefined;
  const rate = (of: Stage) => of.reduce((sum, { machine }) => sum + 1 / (machine.idealCycleSeconds ?? 10), 0);
  const taken = Math.max(...next.map(({ simulation }) => simulation.takes));
  const kind = KINDS[stage[0]?.simulation.kind ?? 'machining'];
  return new Buffer(Math.round(kind.bufferSeconds * rate(stage)), taken);
}
