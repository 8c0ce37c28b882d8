import type { Machine } from '../../../core/site/site.ts';
import type { MachineState } from '../../../core/telemetry/types.ts';
import type { Buffer } from './buffer.ts';
import { KINDS, type Kind, type MachineSimulation } from './kinds.ts';
import { hashOf, Random } from './random.ts';
import { Totaliser } from './totaliser.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** What a person may do to a machine in the demo. */
export type DemoAction = 'stop' | 'scrap' | 'wear' | 'disconnect';

/** How long `scrap` lasts, seconds. */
const SCRAP_SECONDS = 60;
/** Parts just after a stop are worse than others, for this long. */
const RESTART_SECONDS = 20;
const RESTART_REJECT_FACTOR = 4;
/** Time constants of warming up and of spinning up, seconds. */
const HEAT_SECONDS = 900;
const LOAD_SECONDS = 1.5;
/** Wear of a bearing per second of running, by itself and when somebody wears it out; it fails at 1. */
const WEAR_PER_SECOND = 0.2 / 86_400;
const DEMO_WEAR_PER_SECOND = 1 / 50;

/** One machine of the simulated plant. Times in seconds of the virtual clock, parts as they leave the machine. */
export class SimulatedMachine {
  readonly machine: Machine;
  readonly vocabulary: Vocabulary;
  readonly produced: Totaliser;
  readonly rejected: Totaliser;
  readonly active = new Set<DemoAction>();

  state: MachineState = 'RUNNING';
  /** The PLC's reason code, '' while it runs or where it has none. */
  reason = '';
  /** 0 cold .. 1 at its working temperature. */
  heat = 0.9;
  /** Actual speed as a share of the ideal one, with the inertia of drives. */
  load = 0;
  /** Of the main bearing: 0 new .. 1 failed. */
  wear: number;
  /** Parts in all since the model began, whatever the PLC's counters show. */
  totalParts = 0;
  totalRejects = 0;

  private readonly kind: Kind;
  private readonly rejectShare: number;
  private readonly random: Random;
  private readonly idealSeconds: readonly number[];
  private readonly resets: boolean;
  private readonly meanRunToFault: number;
  private readonly meanRunToMicroStop: number;
  private untilFault: number;
  private untilMicroStop: number;
  private untilSpeedChange = 0;
  private stopRemaining = 0;
  private stopReason = '';
  private waiting: 'starved' | 'blocked' | undefined;
  private speed = 1;
  private cycle: number;
  private progress: number;
  private sinceStop = RESTART_SECONDS;
  private scrapRemaining = 0;

  /**
   * @param simulation how well it runs, from the site file.
   * @param seed of this machine in this stretch of time.
   * @param freshCounters whether its counters have just been set to 0; else they have counted for years.
   */
  constructor(machine: Machine, simulation: MachineSimulation, seed: number, freshCounters: boolean) {
    this.machine = machine;
    this.vocabulary = vocabularyOf(machine);
    this.kind = KINDS[simulation.kind];
    this.rejectShare = simulation.rejectShare;
    this.random = new Random(seed);
    const common = machine.idealCycleSeconds ?? machine.products[0]?.idealCycleSeconds ?? 10;
    this.idealSeconds = machine.products.length > 0 ? machine.products.map((p) => p.idealCycleSeconds) : [common];
    // Some PLC programs set their counters to 0 at each shift: a habit of the machine, not of the day.
    this.resets = (hashOf(machine.path, 'resets') & 3) === 0;

    const modulus = machine.produced?.counter.modulus ?? Number.POSITIVE_INFINITY;
    const start = freshCounters || this.resets ? 0 : Math.floor(this.random.between(0, Math.min(modulus, 900_000)));
    this.produced = new Totaliser(modulus, machine.produced?.scale ?? 1, start);
    this.rejected = new Totaliser(
      machine.rejected?.counter.modulus ?? Number.POSITIVE_INFINITY,
      machine.rejected?.scale ?? 1,
      Math.floor(start * 0.02),
    );

    const lost = Math.max(1 - simulation.reliability, 0.001);
    const microStop = (this.kind.microStopSeconds[0] + this.kind.microStopSeconds[1]) / 2;
    const up = Math.max(simulation.reliability, 0.05);
    this.meanRunToMicroStop = (microStop * up) / (lost * this.kind.microStopShare);
    this.meanRunToFault = (this.kind.repairSeconds * up) / (lost * (1 - this.kind.microStopShare));
    this.untilMicroStop = this.random.exponential(this.meanRunToMicroStop);
    this.untilFault = this.random.exponential(this.meanRunToFault);
    this.wear = this.random.between(0.02, 0.25);
    this.progress = this.random.next();
    this.cycle = common;
  }

  /** The ideal cycle of a product of the line's campaign, seconds. */
  idealOf(campaign: number): number {
    return this.idealSeconds[campaign % this.idealSeconds.length] ?? 10;
  }

  /** Begins or ends a demo action. */
  act(action: DemoAction, on: boolean): void {
    if (on) this.active.add(action);
    else this.active.delete(action);
    if (action === 'scrap') this.scrapRemaining = on ? SCRAP_SECONDS : 0;
    if (action === 'wear' && !on) this.repairBearing();
  }

  /** The shift changes: some PLC programs reset their counters then. */
  shiftChanged(): void {
    if (!this.resets) return;
    this.produced.reset();
    this.rejected.reset();
  }

  /**
   * Lives through one step.
   * @param seconds its length.
   * @param planned whether people have a break, or nobody works.
   * @param changeover whether this machine is being set up for the next product.
   * @param campaign number of the line's product.
   */
  step(
    seconds: number,
    planned: boolean,
    changeover: boolean,
    campaign: number,
    before: Buffer | undefined,
    after: Buffer | undefined,
  ): void {
    const state = this.stateNow(seconds, planned, changeover, before, after);
    const runs = state === 'RUNNING';
    this.load += ((runs ? this.speed : 0) - this.load) * Math.min(seconds / LOAD_SECONDS, 1);
    this.heat += ((runs ? 1 : 0.1) - this.heat) * Math.min(seconds / HEAT_SECONDS, 1);
    if (this.scrapRemaining > 0) {
      this.scrapRemaining -= seconds;
      if (this.scrapRemaining <= 0) this.active.delete('scrap');
    }
    this.state = state;
    if (!runs) {
      this.sinceStop = 0;
      return;
    }
    this.reason = '';
    this.sinceStop += seconds;
    this.run(seconds, campaign, before, after);
  }

  private stateNow(
    seconds: number,
    planned: boolean,
    changeover: boolean,
    before: Buffer | undefined,
    after: Buffer | undefined,
  ): MachineState {
    const { codeOfCause } = this.vocabulary;
    if (planned) return this.stands('PLANNED_STOP', codeOfCause.planned);
    if (this.active.has('stop')) return this.stands('IDLE', codeOfCause.operator);
    if (this.stopRemaining > 0) {
      this.stopRemaining -= seconds;
      return this.stands('FAULT', this.stopReason);
    }
    if (changeover) return this.stands('CHANGEOVER', codeOfCause.changeover);
    if (this.waiting === 'blocked' && after?.roomAgain !== false) this.waiting = undefined;
    if (this.waiting === 'starved' && before?.partsAgain !== false) this.waiting = undefined;
    if (this.waiting !== undefined) return this.stands('IDLE', codeOfCause[this.waiting]);
    return 'RUNNING';
  }

  private stands(state: MachineState, reason: string): MachineState {
    this.reason = reason;
    return state;
  }

  private run(seconds: number, campaign: number, before: Buffer | undefined, after: Buffer | undefined): void {
    const ideal = this.idealOf(campaign);
    this.untilSpeedChange -= seconds;
    if (this.untilSpeedChange <= 0) {
      this.untilSpeedChange = this.random.between(180, 900);
      this.speed = this.random.between(this.kind.speed[0], this.kind.speed[1]);
      this.newCycle(ideal);
    }
    this.wear += seconds * (this.active.has('wear') ? DEMO_WEAR_PER_SECOND : WEAR_PER_SECOND);
    this.progress += seconds / this.cycle;
    while (this.progress >= 1) {
      if (before?.empty === true) this.waiting = 'starved';
      else if (after?.full === true) this.waiting = 'blocked';
      if (this.waiting !== undefined) {
        this.progress = 1;
        return;
      }
      this.progress -= 1;
      this.part(before, after);
      this.newCycle(ideal);
    }
    this.fail(seconds);
  }

  private newCycle(ideal: number): void {
    const jitter = this.kind.cycleJitter;
    this.cycle = (ideal / this.speed) * (jitter === 0 ? 1 : 1 + jitter * this.random.next());
  }

  private part(before: Buffer | undefined, after: Buffer | undefined): void {
    if (before !== undefined) before.level -= before.taken;
    this.produced.add();
    this.totalParts += 1;
    const share =
      this.scrapRemaining > 0 ? 1 : this.rejectShare * (this.sinceStop < RESTART_SECONDS ? RESTART_REJECT_FACTOR : 1);
    if (this.random.next() < share) {
      this.rejected.add();
      this.totalRejects += 1;
    } else if (after !== undefined) after.level += 1;
  }

  private fail(seconds: number): void {
    this.untilMicroStop -= seconds;
    this.untilFault -= seconds;
    const faults = this.vocabulary.faultCodes;
    if (this.wear >= 1) {
      this.wear = 1;
      this.stopReason = this.vocabulary.codeOfCause.bearing || (faults[0] ?? '');
      // While somebody wears it out, it stays broken until they stop doing so.
      this.stopRemaining = this.active.has('wear') ? Number.POSITIVE_INFINITY : this.kind.repairSeconds * 2;
      if (!this.active.has('wear')) this.wear = 0.05;
    } else if (this.untilFault <= 0) {
      this.untilFault = this.random.exponential(this.meanRunToFault);
      this.stopRemaining = 30 + this.random.exponential(this.kind.repairSeconds - 30);
      this.stopReason = this.random.pickLeaning(faults) ?? '';
      if (this.resets && this.random.next() < 0.1) this.shiftChanged();
    } else if (this.untilMicroStop <= 0) {
      this.untilMicroStop = this.random.exponential(this.meanRunToMicroStop);
      this.stopRemaining = this.random.between(this.kind.microStopSeconds[0], this.kind.microStopSeconds[1]);
      this.stopReason = this.random.pickLeaning(faults) ?? '';
    }
  }

  private repairBearing(): void {
    this.wear = 0.05;
    if (this.stopRemaining === Number.POSITIVE_INFINITY) this.stopRemaining = 5;
  }
}
