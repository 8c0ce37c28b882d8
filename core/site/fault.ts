import { UserFault } from '../user-fault.ts';

/** A place in a file; line and column count from 1. */
export interface FilePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong (or, as a warning, doubtful) in a site file or a CSV file that belongs to it. */
export interface SiteFault extends FilePosition {
  /** Where in the file's structure, e.g. `lines[0].machines[2].idealCycleSeconds`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, to be read after the path: `must be greater than 0`. */
  readonly message: string;
  /** What stands there now, as text; never a secret. */
  readonly got?: string;
  /** What may stand there. */
  readonly allowed?: string;
  /** What to do about it: a sentence. */
  readonly hint?: string;
}

/**
 * A fault as one line: `sites/demo.yaml:12:7 lines[0].machines[2].idealCycleSeconds must be greater than 0, got: -1`,
 * with what is allowed and what to do behind it.
 */
export function formatFault(fault: SiteFault): string {
  const subject = fault.path === '' ? '' : `${fault.path} `;
  const got = fault.got === undefined ? '' : `, got: ${fault.got}`;
  // "must be one of a, b" says it already.
  const allowed =
    fault.allowed === undefined || fault.message.includes(fault.allowed) ? '' : `. Allowed: ${fault.allowed}`;
  const hint = fault.hint === undefined ? '' : `. ${fault.hint}`;
  return `${fault.file}:${fault.line}:${fault.column} ${subject}${fault.message}${got}${allowed}${hint}`;
}

/** A site file that can't be used, with everything that is wrong in it. The message has one line a fault. */
export class SiteFileError extends UserFault {
  /** All faults, in the order of the files and lines. */
  readonly faults: readonly SiteFault[];

  constructor(faults: readonly SiteFault[]) {
    super(faults.map(formatFault).join('\n'));
    this.name = 'SiteFileError';
    this.faults = faults;
  }
}

/** Where something lies in the file's structure: keys and list indices. */
export type SitePath = readonly (string | number)[];

/** A structural path as text: `lines[0].machines[2].map["0"]`. */
export function formatSitePath(path: SitePath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

const SECRET_KEY = /pass(word|wort|phrase)?|secret|token|credential|privatekey|connectionstring/i;
const URL_WITH_PASSWORD = /:\/\/[^/\s@]*:[^/\s@]*@/;
const LONGEST_SHOWN = 60;

/** Whether what stands under this key may be a secret, and so must not be shown. */
export function isSecretKey(key: string | number | undefined): boolean {
  return typeof key === 'string' && (SECRET_KEY.test(key) || key === 'historianFrom');
}

/** A value of the file as text for a message, shortened; `(hidden)` where it may be a secret. */
export function showValue(value: unknown, path: SitePath): string {
  if (path.some(isSecretKey)) return '(hidden, it may be a secret)';
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return String(value);
  if (URL_WITH_PASSWORD.test(value)) return '(hidden, it holds a password)';
  return JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}...` : value);
}

/** Whether a text is a URL with a password inside, such as `mqtt://user:password@host`. */
export function holdsPassword(text: string): boolean {
  return URL_WITH_PASSWORD.test(text);
}
