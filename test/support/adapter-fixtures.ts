import type { Logger } from 'pino';
import { type MachineFile, machineSchema } from '../../core/site/schema.ts';
import type { Machine } from '../../core/site/site.ts';
import { DEFAULT_LOSS_CATEGORY, type Reading } from '../../core/telemetry/types.ts';
import type { AdapterSink } from '../../edge/adapters/adapter.ts';

/** A machine `test/line/<id>` as the site loader would resolve it. */
export function machineOf(file: { id: string; source: string } & Partial<Record<keyof MachineFile, unknown>>): Machine {
  const parsed = machineSchema.parse(file);
  return {
    ...parsed,
    path: `test/line/${parsed.id}`,
    name: parsed.id,
    lineId: 'line',
    gatewayId: 'gateway',
    stalenessSeconds: 10,
    categoryOfState: DEFAULT_LOSS_CATEGORY,
  };
}

/** A sink that remembers everything and lets a test wait for it. */
export class RecordingSink implements AdapterSink {
  readonly all: Reading[] = [];
  readonly calls: (readonly Reading[])[] = [];
  readonly losses: string[] = [];
  readonly clocks: number[] = [];
  confirmations = 0;
  readonly #waiting = new Set<() => void>();

  readings(readings: readonly Reading[]): void {
    this.calls.push(readings);
    this.all.push(...readings);
    this.#changed();
  }
  confirmed(): void {
    this.confirmations += 1;
    this.#changed();
  }
  lost(reason: string): void {
    this.losses.push(reason);
    this.#changed();
  }
  clock(sourceNowMs: number): void {
    this.clocks.push(sourceNowMs);
    this.#changed();
  }

  /** The newest reading of a signal. */
  latest(signal: string): Reading | undefined {
    return this.all.findLast((reading) => reading.signal === signal);
  }

  /** Waits until `holds` is true; fails with what was seen. */
  async until(holds: () => boolean, ms = 8000): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const seen = { losses: this.losses, latest: this.all.slice(-5), confirmations: this.confirmations };
        reject(new Error(`waited in vain for ${holds.toString()}: ${JSON.stringify(seen)}`));
      }, ms);
      const check = () => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }

  #changed(): void {
    for (const check of [...this.#waiting]) check();
  }
}

/** A log that keeps its lines as text. */
export class RecordingLogger {
  readonly lines: string[] = [];
  /** Called after each line. */
  onLine?: () => void;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;

  constructor() {
    const write = (level: string) => (fields: unknown, text?: string) => {
      queueMicrotask(() => this.onLine?.());
      this.lines.push(`${level} ${text ?? String(fields)} ${typeof fields === 'object' ? JSON.stringify(fields) : ''}`);
    };
    this.logger = { info: write('info'), warn: write('warn'), error: write('error'), debug: write('debug') };
  }

  /** Lines of a level that contain a text. */
  matching(level: string, text: string): string[] {
    return this.lines.filter((line) => line.startsWith(level) && line.includes(text));
  }
}
