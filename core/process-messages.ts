/** What a tier's process says to whoever started it, and hears from it, over Node's IPC channel. */
export type ChildMessage =
  /** It is up; `info` holds what a person wants to know, e.g. its address. */
  | { readonly type: 'ready'; readonly info: Readonly<Record<string, string>> }
  /** Something long goes on, 0..1. */
  | { readonly type: 'progress'; readonly label: string; readonly done: number }
  /** A user's fault in one clear sentence (port taken, disk full, ...): the process then ends with code 2 and is not to be restarted. */
  | { readonly type: 'fault'; readonly message: string };

/** What the parent says. A child whose IPC channel closes stops by itself. */
export type ParentMessage = { readonly type: 'stop' };

/** The exit code of a process that ends because of a fault that only a person can mend. */
export const EXIT_CODE_FAULT = 2;

/**
 * The environment variable that holds the secret ones among a tier's options, as JSON: every user of a machine may read another's
 * arguments (`ps`), but not another's environment.
 */
export const SECRET_OPTIONS_VARIABLE = 'PLANT_SECRET_OPTIONS';
