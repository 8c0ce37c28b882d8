import { fork } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserFault } from '../../core/process.ts';

/** Where the built dashboard lies. */
export const WEB_FOLDER = fileURLToPath(new URL('../../hub/web/dist', import.meta.url));
const BUILD_MODULE = new URL('../../hub/web/build.ts', import.meta.url);

/**
 * Builds the dashboard in a process of its own, where its sources changed since the last time.
 * @param logFile where the build's own words go.
 * @throws UserFault if it can't be built.
 */
export async function buildDashboardInChild(logFile: string, signal: AbortSignal): Promise<void> {
  const log = openSync(logFile, 'w');
  const child = fork(BUILD_MODULE, [], { stdio: ['ignore', log, log, 'ipc'], signal });
  closeSync(log);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
  if (signal.aborted || code === 0) return;
  if (existsSync(`${WEB_FOLDER}/index.html`)) return;
  const lastWords = readFileSync(logFile, 'utf8').trim().split('\n').slice(-1).join('');
  throw new UserFault(`The dashboard can't be built (${lastWords.slice(0, 200)}). The whole story: ${logFile}`);
}
