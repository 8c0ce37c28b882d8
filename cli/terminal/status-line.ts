import { styleText } from 'node:util';

const FRAMES = ['◒', '◐', '◓', '◑'];
const FRAME_MS = 120;

/**
 * The last line of a terminal, which says what is waited for and how long so far. (The spinner of @clack/prompts takes
 * Ctrl-C for itself and ends the process, but ours has to stop a factory first.)
 */
export class StatusLine {
  private readonly output: NodeJS.WriteStream;
  private text = '';
  private timer: NodeJS.Timeout | undefined;
  private frame = 0;
  private since = 0;

  constructor(output: NodeJS.WriteStream) {
    this.output = output;
  }

  /** Shows a text from now on; '' shows nothing. */
  show(text: string): void {
    this.text = text;
    if (text === '') {
      clearInterval(this.timer);
      this.timer = undefined;
      this.erase();
      return;
    }
    if (this.timer === undefined) {
      this.since = performance.now();
      this.timer = setInterval(() => this.draw(), FRAME_MS);
      this.timer.unref();
    }
    this.draw();
  }

  /** Writes lasting lines above it. */
  above(write: () => void): void {
    this.erase();
    write();
    if (this.timer !== undefined) this.draw();
  }

  private draw(): void {
    this.frame += 1;
    const seconds = Math.floor((performance.now() - this.since) / 1000);
    const line = `${this.text} ${seconds} s`.slice(0, Math.max(this.output.columns - 6, 20));
    this.erase();
    this.output.write(`${styleText('cyan', FRAMES[this.frame % FRAMES.length] ?? '')}  ${line}`);
  }

  private erase(): void {
    this.output.write('\r\u001b[2K');
  }
}
