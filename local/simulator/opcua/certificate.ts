import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertificatePurpose, createSelfSignedCertificate, generateKeyPair, privateKeyToPEM } from 'node-opcua-crypto';

/** A simulated PLC's own certificate. */
export interface ServerCertificate {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  /** DER, for gateways to pin. */
  readonly der: Buffer;
}

const VALIDITY_DAYS = 3650;

/**
 * The certificate in `folder`; self-signed and made offline if there is none yet.
 * @param applicationUri the server's identity, which the certificate carries (OPC 10000-6, 6.2.2).
 */
export async function serverCertificate(folder: string, applicationUri: string): Promise<ServerCertificate> {
  const existing = await read(folder);
  if (existing !== undefined) return existing;
  await mkdir(join(folder, '..'), { recursive: true });
  // By rename: key and certificate appear together, whatever is killed when.
  const unfinished = await mkdtemp(`${folder}.`);
  const { privateKey } = await generateKeyPair(2048);
  const { privPem } = await privateKeyToPEM(privateKey);
  const { cert } = await createSelfSignedCertificate({
    privateKey,
    subject: '/CN=Simulated PLC/O=Plantbridge demo',
    applicationUri,
    dns: ['localhost'],
    ip: ['127.0.0.1'],
    validity: VALIDITY_DAYS,
    purpose: CertificatePurpose.ForApplication,
  });
  await writeFile(join(unfinished, 'private-key.pem'), privPem, { mode: 0o600 });
  await writeFile(join(unfinished, 'certificate.pem'), cert);
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  const made = await read(folder);
  if (made === undefined) throw new Error(`The certificate just made in ${folder} can't be read`);
  return made;
}

async function read(folder: string): Promise<ServerCertificate | undefined> {
  const certificateFile = join(folder, 'certificate.pem');
  const privateKeyFile = join(folder, 'private-key.pem');
  try {
    const der = new X509Certificate(await readFile(certificateFile)).raw;
    await readFile(privateKeyFile);
    return { certificateFile, privateKeyFile, der };
  } catch {
    // Whatever is wrong with a simulated PLC's certificate, a new one mends it.
    return undefined;
  }
}
