import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { UserFault } from '../../core/process.ts';
import { clauseOf } from './disk-fault.ts';

/**
 * The secret in a file; made at random if there is none yet. Only the file's owner may read it.
 * @returns 32 random bytes as base64url, or what a person put there.
 */
export function secretFile(file: string): string {
  try {
    return readOrMake(file);
  } catch (error) {
    throw new UserFault(`The file ${file} can't be used: ${clauseOf(error)}. Move it aside; a new one is made then.`);
  }
}

function readOrMake(file: string): string {
  if (existsSync(file)) {
    const stored = readFileSync(file, 'utf8').trim();
    if (stored !== '') {
      chmodSync(file, 0o600);
      return stored;
    }
  }
  const secret = newSecret();
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return secret;
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
