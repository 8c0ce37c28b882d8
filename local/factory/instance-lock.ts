import { existsSync, linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserFault } from '../../core/process.ts';
import { errorCode } from './error-code.ts';

/** Who works with a data folder. */
interface Holder {
  readonly pid: number;
  /** What tells the process from a later one with the same pid; undefined where the system doesn't say. */
  readonly bornAt?: string | undefined;
  /** Where its page is, as soon as that is known. */
  readonly address?: string;
}

/** Sees to it that one factory at a time works with a data folder. A lock whose process is gone is taken over. */
export class InstanceLock {
  /** Whether a lock was taken over from a process that ended without removing it: its children may still be ending. */
  readonly takenOver: boolean;
  private readonly file: string;

  private constructor(file: string, takenOver: boolean) {
    this.file = file;
    this.takenOver = takenOver;
  }

  /** @throws UserFault where another one is at work, with its address. */
  static acquire(dataFolder: string): InstanceLock {
    const file = join(dataFolder, 'lock');
    let takenOver = false;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (createWith(file, { pid: process.pid, bornAt: birthOf(process.pid) }))
        return new InstanceLock(file, takenOver);
      const holder = read(file);
      if (holder !== undefined && isAlive(holder)) {
        const where = holder.address === undefined ? 'it is still starting' : `see ${holder.address}`;
        throw new UserFault(
          `A factory already runs with the data folder ${dataFolder} (process ${holder.pid}; ${where}). ` +
            'Stop it with Ctrl-C in its terminal, or start another site with --data <folder> --port <port> --broker-port <port>.',
        );
      }
      takenOver = true;
      rmSync(file, { force: true });
    }
    throw new UserFault(`The lock ${file} can't be taken: other processes keep taking it. Start again.`);
  }

  /** Lets a second instance say where the first one's page is: without the token, which has a file of its own. */
  announce(address: string): void {
    const holder: Holder = { pid: process.pid, bornAt: birthOf(process.pid), address: new URL(address).origin };
    writeFileSync(this.file, JSON.stringify(holder), { mode: 0o600 });
  }

  release(): void {
    if (read(this.file)?.pid === process.pid) rmSync(this.file, { force: true });
  }
}

/** Creates the file with its content in one step, so that nobody ever reads half of it. */
function createWith(file: string, holder: Holder): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (existsSync(file)) return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function read(file: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof holder === 'object' && holder !== null && 'pid' in holder && typeof holder.pid === 'number'
      ? (holder as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if (errorCode(error) !== 'EPERM') return false;
  }
  const born = birthOf(holder.pid);
  return holder.bornAt === undefined || born === undefined || born === holder.bornAt;
}

/** Linux: the process' start in clock ticks since boot (proc(5), stat, field 22), together with the boot's id. */
function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}
