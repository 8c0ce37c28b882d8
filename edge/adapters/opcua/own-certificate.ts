import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertificatePurpose, createSelfSignedCertificate, generateKeyPair, privateKeyToPEM } from 'node-opcua-crypto';
import { codeOf, messageOf, SourceError } from '../source-error.ts';
import { thumbprintOf } from './trust.ts';

/** The gateway's own OPC UA application instance certificate (OPC 10000-6, 6.2.2). */
export interface OwnCertificate {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  /** `urn:plantbridge:<uuid>`, the same for ever: servers know the gateway by it. */
  readonly applicationUri: string;
  /** SHA-1 in upper-case hex, as OPC UA tools show it. */
  readonly thumbprint: string;
}

const VALIDITY_DAYS = 3650;
const inProgress = new Map<string, Promise<OwnCertificate>>();

/**
 * The certificate in `<pkiFolder>/own`; made offline, self-signed, the first time it is asked for.
 * @throws SourceError where the folder can't be written or its files are damaged.
 */
export function ownCertificate(pkiFolder: string): Promise<OwnCertificate> {
  let promise = inProgress.get(pkiFolder);
  if (promise === undefined) {
    promise = readOrMake(pkiFolder).finally(() => inProgress.delete(pkiFolder));
    inProgress.set(pkiFolder, promise);
  }
  return promise;
}

async function readOrMake(pkiFolder: string): Promise<OwnCertificate> {
  const folder = join(pkiFolder, 'own');
  try {
    return await read(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw new SourceError(
        `The gateway's own certificate in ${folder} can't be read (${messageOf(error)}). ` +
          'Restore the folder, or delete it to get a new certificate, which the OPC UA servers must then accept anew.',
        { cause: error },
      );
    }
  }
  try {
    await make(pkiFolder, folder);
    return await read(folder);
  } catch (error) {
    throw new SourceError(
      `The gateway's own certificate can't be made in ${folder} (${messageOf(error)}). Is the folder writable?`,
      { cause: error },
    );
  }
}

async function read(folder: string): Promise<OwnCertificate> {
  const certificateFile = join(folder, 'certificate.pem');
  const privateKeyFile = join(folder, 'private-key.pem');
  const certificate = new X509Certificate(await readFile(certificateFile));
  await readFile(privateKeyFile);
  const applicationUri = /URI:([^,\s]+)/.exec(certificate.subjectAltName ?? '')?.[1];
  if (applicationUri === undefined) throw new Error('its subject alternative name has no application URI');
  return { certificateFile, privateKeyFile, applicationUri, thumbprint: thumbprintOf(certificate.raw) };
}

async function make(pkiFolder: string, folder: string): Promise<void> {
  await mkdir(pkiFolder, { recursive: true });
  // Key and certificate appear together or not at all: a kill between the two would leave a pair that does not match.
  const unfinished = await mkdtemp(join(pkiFolder, '.own-'));
  const { privateKey } = await generateKeyPair(2048);
  const { privPem } = await privateKeyToPEM(privateKey);
  const { cert } = await createSelfSignedCertificate({
    privateKey,
    subject: '/CN=Plantbridge edge gateway/O=Plantbridge',
    applicationUri: `urn:plantbridge:${crypto.randomUUID()}`,
    validity: VALIDITY_DAYS,
    purpose: CertificatePurpose.ForApplication,
  });
  await writeFile(join(unfinished, 'private-key.pem'), privPem, { mode: 0o600 });
  await writeFile(join(unfinished, 'certificate.pem'), cert);
  try {
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process was faster: its pair counts.
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
  }
}
