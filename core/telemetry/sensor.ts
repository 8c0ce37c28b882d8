import type { SensorConfig } from '../site/schema.ts';
import { isWorthReporting, type Reported } from './deadband.ts';
import { type SampleOutput, SignalWriter, type SignalWriterCheckpoint } from './limiter.ts';
import { type Problems, shown } from './problems.ts';
import { asQuality, judgeValue, worse } from './quality.ts';

/** A value that comes after a newer one, by more than this, is noted. */
const NOTED_BACKWARD_MS = 1_000;
/** A value that comes after a newer one, by more than this, has a doubtful time. */
const DOUBTFUL_BACKWARD_MS = 60_000;

export interface SensorCheckpoint {
  readonly writer: SignalWriterCheckpoint;
  readonly reported: Reported | null;
  readonly cameBack: boolean;
}

/** One sensor: scaling, quality, report by exception, ascending times, limiter. */
export class Sensor {
  readonly #config: SensorConfig;
  readonly #writer: SignalWriter;
  readonly #problems: Problems;
  #reported: Reported | undefined;
  /** After a gap the next value is reported even if it is the old one: people see that the sensor is back. */
  #cameBack: boolean;
  /** The value after a gap, where its own time does not say that it is new. Always undefined between two batches of readings. */
  #readAnew: Reported | undefined;

  constructor(
    machinePath: string,
    config: SensorConfig,
    output: SampleOutput,
    problems: Problems,
    saved?: SensorCheckpoint,
  ) {
    this.#config = config;
    this.#problems = problems;
    this.#writer = new SignalWriter(`${machinePath}/${config.id}`, output, 'last', saved?.writer);
    this.#reported = saved?.reported ?? undefined;
    this.#cameBack = saved?.cameBack ?? false;
  }

  /** Nobody watched for a while (lost connection, restart). */
  interrupt(): void {
    this.#cameBack = true;
  }

  /**
   * Takes a value; `settle` follows once all that came with it is read.
   * @param timeMs the value's time on the gateway's clock
   * @param doubtful the source's time could not be believed, `timeMs` is the arrival
   */
  read(raw: unknown, sourceQuality: unknown, timeMs: number, doubtful: boolean, nowMs: number): void {
    const judged = judgeValue(this.#config, raw, asQuality(sourceQuality));
    if (!judged.fits && sourceQuality === 'GOOD') {
      const message = `${this.#config.id} should be ${this.#config.type}, got ${shown(raw)}: stored as BAD without a value`;
      this.#problems.note('wrong-type', message, nowMs);
    }
    const behindMs = this.#writer.lastMs - timeMs;
    const asRead = doubtful ? worse(judged.quality) : judged.quality;
    const quality = behindMs > DOUBTFUL_BACKWARD_MS ? worse(asRead) : asRead;
    // Nothing is new about the same value with the same quality, however old its time is.
    const { deadband } = this.#config;
    const isNews =
      isWorthReporting(this.#reported, judged.value, asRead, deadband) &&
      (quality === asRead || isWorthReporting(this.#reported, judged.value, quality, deadband));
    if (this.#cameBack && (!isNews || behindMs >= 0)) {
      this.#readAnew = { value: judged.value, quality: asRead };
      return;
    }
    if (!isNews) return;
    this.#cameBack = false;
    this.#readAnew = undefined;
    if (behindMs > NOTED_BACKWARD_MS) {
      const message = `${this.#config.id}: a value ${Math.round(behindMs)} ms older than the one before it; stamped 1 ms after that`;
      this.#problems.note('reordered', message, nowMs);
    }
    this.#report(timeMs, { value: judged.value, quality }, nowMs);
  }

  /**
   * All readings that came together are read. After a gap, a value that did not change, or before the last report, holds from
   * its arrival on: its own time is that of a change long ago. It waits until here, since a newer change that came with it
   * has an earlier time than the arrival.
   */
  settle(nowMs: number): void {
    const readAnew = this.#readAnew;
    if (readAnew === undefined) return;
    this.#cameBack = false;
    this.#readAnew = undefined;
    this.#report(nowMs, readAnew, nowMs);
  }

  /** Says the value again where nothing was reported for long though the source is alive: trends and the lake see that it still holds. */
  repeat(confirmedMs: number, maximumIntervalMs: number): void {
    const reported = this.#reported;
    if (reported === undefined || reported.quality === 'BAD') return;
    if (confirmedMs - this.#writer.lastMs >= maximumIntervalMs) {
      this.#writer.write(confirmedMs, reported.value, reported.quality);
    }
  }

  flush(nowMs: number): void {
    this.#writer.flush(nowMs);
  }

  rewind(nowMs: number): void {
    this.#writer.rewind(nowMs);
  }

  save(): SensorCheckpoint {
    return { writer: this.#writer.save(), reported: this.#reported ?? null, cameBack: this.#cameBack };
  }

  #report(timeMs: number, report: Reported, nowMs: number): void {
    this.#reported = report;
    if (!this.#writer.write(timeMs, report.value, report.quality)) {
      const message = `${this.#config.id} changes more than 10 times a second: of the rest the last value of each second is kept`;
      this.#problems.note('rate-limited', message, nowMs);
    }
  }
}
