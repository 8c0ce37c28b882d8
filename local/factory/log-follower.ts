import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** pino's numbers for levels. */
const WARN_LEVEL = 40;
const LOOK_EACH_MS = 1_000;
const MAX_BYTES_A_LOOK = 256 * 1024;

/**
 * Follows a gateway's log and passes on what a person at the terminal has to know of its sources: refused, lost, wrong
 * password, back again. The same words on the same source are passed on once until others come.
 */
export class LogFollower {
  private readonly file: string;
  private readonly onSource: (message: string) => void;
  private readonly lastOf = new Map<string, string>();
  private position: number;
  private rest = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(file: string, onSource: (message: string) => void) {
    this.file = file;
    this.onSource = onSource;
    this.position = this.size();
  }

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EACH_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Reads what has been added since. */
  look(): void {
    const size = this.size();
    // A log that became shorter was replaced by a new one.
    if (size < this.position) this.position = 0;
    if (size === this.position) return;
    const bytes = Buffer.alloc(Math.min(size - this.position, MAX_BYTES_A_LOOK));
    const log = openSync(this.file, 'r');
    try {
      this.position += readSync(log, bytes, 0, bytes.length, this.position);
    } finally {
      closeSync(log);
    }
    const lines = (this.rest + bytes.toString('utf8')).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.hear(line);
  }

  private hear(line: string): void {
    const entry = parse(line);
    if (entry === undefined) return;
    const { level, source, msg } = entry;
    if (typeof level !== 'number' || typeof source !== 'string' || typeof msg !== 'string') return;
    if (level < WARN_LEVEL) {
      // It works again: that is news after trouble, and so is the next trouble.
      if (msg.endsWith('is connected') && this.lastOf.delete(source)) this.onSource(`${sentence(msg)}.`);
      return;
    }
    if (this.lastOf.get(source) === msg) return;
    this.lastOf.set(source, msg);
    this.onSource(msg);
  }

  private size(): number {
    try {
      const log = openSync(this.file, 'r');
      try {
        return fstatSync(log).size;
      } finally {
        closeSync(log);
      }
    } catch {
      return 0;
    }
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function parse(line: string): { level?: unknown; source?: unknown; msg?: unknown } | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? entry : undefined;
  } catch {
    return undefined;
  }
}
