/** Attempts at one request before its record goes back to the stream, which tries for hours. */
export const ATTEMPTS = 4;

/** How a wait passes; tests hand in one that does not. */
export type Sleep = (ms: number) => Promise<void>;

/** Waits for real. */
export const sleep: Sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The wait before another attempt: 100, 200, 400 ms, each with up to as much again by chance, so that callers spread. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return 100 * 2 ** attempt * (1 + random());
}

/**
 * Does work in parts until none is left over.
 * @param attemptOnce tries what is left and returns what of it should be tried again.
 * @throws Error where something is left after all attempts.
 */
export async function untilDone<T>(
  work: readonly T[],
  attemptOnce: (left: readonly T[]) => Promise<readonly T[]>,
  options: { readonly what: string; readonly sleep: Sleep },
): Promise<void> {
  let left = work;
  for (let attempt = 0; left.length > 0; attempt += 1) {
    if (attempt === ATTEMPTS) throw new Error(`${left.length} ${options.what} were refused ${ATTEMPTS} times.`);
    if (attempt > 0) await options.sleep(backoffMs(attempt - 1));
    left = await attemptOnce(left);
  }
}
