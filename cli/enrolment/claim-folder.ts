import { X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { UserFault } from '../../core/user-fault.ts';
import type { Claim } from './claim.ts';

/** What the folder holds; the install script knows these names. */
export const CLAIM_FILES = {
  certificate: 'claim.pem.crt',
  privateKey: 'claim.private.pem.key',
  rootCa: 'AmazonRootCA1.pem',
  /** Seconds since 1970, UTC, after which the claim is worth nothing. */
  expires: 'expires',
  script: 'install.sh',
} as const;

const SCRIPT = fileURLToPath(new URL('../../assets/greengrass/install.sh', import.meta.url));

/**
 * A folder for the gateway: the install script alone, or with a claim. Only its owner can read it.
 * @throws UserFault where the folder holds something else, or can't be written.
 */
export function writeClaimFolder(folder: string, claim: Claim | undefined): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const ours: readonly string[] = Object.values(CLAIM_FILES);
    const foreign = readdirSync(folder).filter((name) => !ours.includes(name));
    if (foreign.length > 0)
      throw new UserFault(`The folder ${folder} holds other files (${foreign[0]}): name an empty one with --out.`);
    chmodSync(folder, 0o700);
    for (const name of ours) rmSync(join(folder, name), { force: true });
    copyFileSync(SCRIPT, join(folder, CLAIM_FILES.script));
    chmodSync(join(folder, CLAIM_FILES.script), 0o755);
    if (claim === undefined) return;
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
    write(CLAIM_FILES.privateKey, claim.privateKeyPem);
    write(CLAIM_FILES.certificate, claim.certificatePem);
    write(CLAIM_FILES.rootCa, amazonRootCa());
    write(CLAIM_FILES.expires, `${Math.floor(claim.expires.getTime() / 1000)}\n`);
  } catch (error) {
    if (error instanceof UserFault || !(error instanceof Error) || !('code' in error)) throw error;
    throw new UserFault(`The folder ${folder} can't be written: ${String(error.code)}.`);
  }
}

/** Amazon Root CA 1, by which a gateway knows AWS IoT: Node carries it. */
function amazonRootCa(): string {
  const pem = rootCertificates.find((each) => new X509Certificate(each).subject.includes('CN=Amazon Root CA 1'));
  if (pem === undefined) throw new UserFault('This Node has no certificate "Amazon Root CA 1".');
  return `${pem}\n`;
}
