import { type ChildMessage, EXIT_CODE_FAULT, type ParentMessage, SECRET_OPTIONS_VARIABLE } from './process-messages.ts';
import { UserFault } from './user-fault.ts';

export { UserFault };

/** The part of Node's `process` that a tier's main needs; injected, so that core stays free of I/O. */
export interface ChildChannel {
  readonly argv: readonly string[];
  readonly env: Record<string, string | undefined>;
  send?: ((message: ChildMessage) => unknown) | undefined;
  on(event: 'message', listener: (message: ParentMessage) => void): unknown;
  on(event: 'disconnect' | 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): never;
}

/** What a running tier offers to whoever supervises it. */
export interface RunningTier {
  /** What a person wants to know of it, e.g. its address. */
  readonly info: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** What a tier's `start` gets beside its options. */
export interface TierContext {
  /** Ends the process with one sentence: for faults that show only while running, such as a full disk. */
  fault(message: string): void;
  progress(label: string, done: number): void;
}

/**
 * Runs a tier as a child process: options as JSON in the only argument (secret ones in the environment),
 * `ready` or `fault` to the parent, a clean stop on `stop`, on SIGTERM, and when the parent is gone. SIGINT is left to the parent, which has the same terminal.
 * @param printFault - where a fault goes when no parent listens.
 */
export async function runTier<Options>(
  channel: ChildChannel,
  start: (options: Options, context: TierContext) => Promise<RunningTier>,
  printFault: (message: string) => void,
): Promise<void> {
  let running: RunningTier | undefined;
  let ending = false;
  const say = (message: ChildMessage) => channel.send?.(message);
  const end = async (code: number) => {
    if (ending) return;
    ending = true;
    await running?.stop().catch((error: unknown) => printFault(`could not stop in good order: ${String(error)}`));
    channel.exit(code);
  };
  const fault = (message: string) => {
    if (channel.send === undefined) printFault(message);
    say({ type: 'fault', message });
    void end(EXIT_CODE_FAULT);
  };
  channel.on('SIGINT', () => {
    if (channel.send === undefined) void end(0);
  });
  channel.on('SIGTERM', () => void end(0));
  channel.on('disconnect', () => void end(0));
  channel.on('message', (message) => {
    if (message.type === 'stop') void end(0);
  });
  try {
    running = await start(optionsOf<Options>(channel), {
      fault,
      progress: (label, done) => say({ type: 'progress', label, done }),
    });
    if (!ending) say({ type: 'ready', info: running.info });
  } catch (error) {
    if (!(error instanceof UserFault)) throw error;
    fault(error.message);
  }
}

function optionsOf<Options>({ argv, env }: ChildChannel): Options {
  const open: unknown = JSON.parse(argv[2] ?? '{}');
  const secret: unknown = JSON.parse(env[SECRET_OPTIONS_VARIABLE] ?? '{}');
  // What the tier starts in its turn has no business with its secrets.
  delete env[SECRET_OPTIONS_VARIABLE];
  return Object.assign({}, open, secret) as Options;
}
