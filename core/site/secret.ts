import { UserFault } from '../user-fault.ts';
import { besideFile, readFailure } from './beside.ts';

/** What secrets are read from: the process' environment and a reader of text files, both given by the caller. */
export interface SecretContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a text file whole; throws when it can't. */
  readonly readText: (path: string) => string;
  /** The site file's path: `file:` references are relative to it. */
  readonly siteFile: string;
}

/** A secret that can't be had. The message names where it should be, never what it is. */
export class SecretError extends UserFault {
  constructor(message: string) {
    super(message);
    this.name = 'SecretError';
  }
}

/**
 * The secret behind a reference of the site file: `env:NAME` or `file:path`. One line break at a file's end is left
 * out, since editors put it there.
 * @throws SecretError where it is missing or empty, and for `secretsmanager:name`, which only deployments can read.
 */
export function resolveSecret(reference: string, context: SecretContext): string {
  if (reference.startsWith('env:')) return fromEnvironment(reference.slice('env:'.length), context);
  if (reference.startsWith('file:')) return fromFile(reference.slice('file:'.length), context);
  if (reference.startsWith('secretsmanager:')) {
    throw new SecretError(
      `${reference} is in AWS Secrets Manager, which only deployed gateways and hubs read. To run here, use env:NAME or file:path in ${context.siteFile}.`,
    );
  }
  throw new SecretError(
    `A secret in ${context.siteFile} is not a reference: it must be env:NAME, file:path or secretsmanager:name.`,
  );
}

function fromEnvironment(name: string, { env, siteFile }: SecretContext): string {
  const secret = env[name];
  if (secret === undefined || secret === '') {
    const state = secret === undefined ? 'not set' : 'empty';
    throw new SecretError(
      `The environment variable ${name}, which ${siteFile} names as a secret, is ${state}. Set it and start again.`,
    );
  }
  return secret;
}

function fromFile(named: string, { readText, siteFile }: SecretContext): string {
  const path = besideFile(siteFile, named);
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    throw new SecretError(`The secret file ${path}, which ${siteFile} names, can't be read: ${readFailure(error)}.`);
  }
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new SecretError(`The secret file ${path}, which ${siteFile} names, is empty.`);
  return secret;
}
