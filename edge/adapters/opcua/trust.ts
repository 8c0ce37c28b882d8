import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { split_der } from 'node-opcua-crypto';
import { codeOf } from '../source-error.ts';

/**
 * Which servers a gateway trusts: exactly those whose certificate lies, byte for byte, in `<pkiFolder>/trusted`
 * (DER or PEM; a person may also copy one there). A certificate gets there by `plant trust`, by a person or, in the
 * demo, by whoever made it; never because a server showed it.
 */

/** SHA-1 of a DER certificate in upper-case hex: what OPC UA calls its thumbprint (OPC 10000-6, 6.2.2). It names, it does not prove. */
export function thumbprintOf(der: Uint8Array): string {
  return createHash('sha1').update(der).digest('hex').toUpperCase();
}

/** The server's own certificate, first of what may be a chain (OPC 10000-6, 6.2.6). */
export function leafOf(certificateChain: Buffer): Buffer {
  const [leaf] = split_der(certificateChain);
  return leaf ?? certificateChain;
}

/** What a person needs to recognize a certificate. */
export interface CertificateSummary {
  readonly subject: string;
  readonly thumbprint: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/**
 * Reads a DER certificate.
 * @throws Error if the bytes are no certificate.
 */
export function summaryOf(der: Buffer): CertificateSummary {
  const certificate = new X509Certificate(der);
  return {
    // Whoever made the certificate chose the text, and it ends in terminals.
    subject: certificate.subject
      .split('\n')
      .join(', ')
      .replaceAll(/\p{Cc}/gu, '?'),
    thumbprint: thumbprintOf(der),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  };
}

/** Whether exactly this certificate was accepted. */
export async function isTrusted(pkiFolder: string, der: Buffer): Promise<boolean> {
  const folder = join(pkiFolder, 'trusted');
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  for (const name of names) {
    if (!/\.(der|cer|crt|pem)$/i.test(name)) continue;
    try {
      const trusted = new X509Certificate(await readFile(join(folder, name)));
      if (trusted.raw.equals(der)) return true;
    } catch {
      // A file that is no certificate trusts nobody; the others still count.
    }
  }
  return false;
}

/**
 * Accepts a server's certificate (DER) for a gateway: the one way into its trust list.
 * @throws Error if the bytes are no certificate or the folder can't be written.
 */
export async function pinCertificate(pkiFolder: string, der: Buffer): Promise<void> {
  const { thumbprint } = summaryOf(der);
  const folder = join(pkiFolder, 'trusted');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${thumbprint}.der`);
  // By rename, so that a gateway that reads meanwhile never sees half a file.
  await writeFile(`${file}.${process.pid}.tmp`, der);
  await rename(`${file}.${process.pid}.tmp`, file);
}

/**
 * Why a server's certificate may not be used, as sentences that say what to do; undefined if it may.
 * @param nowMs the time at which it must be valid, ms since 1970.
 */
export async function refusalOf(pkiFolder: string, der: Buffer, nowMs: number): Promise<string | undefined> {
  let summary: CertificateSummary;
  try {
    summary = summaryOf(der);
  } catch {
    return 'The server shows something that is no X.509 certificate.';
  }
  const named = `certificate ${summary.thumbprint} (${summary.subject})`;
  if (!(await isTrusted(pkiFolder, der))) {
    return (
      `The server's ${named} is not trusted. Compare the thumbprint with the one that the server itself shows, then run ` +
      `"plant trust <site file> --accept ${summary.thumbprint}". If this server was trusted before, its certificate has changed: find out why first.`
    );
  }
  if (nowMs < summary.validFrom.getTime()) {
    return `The server's ${named} is valid only from ${summary.validFrom.toISOString()} on. Check the clocks of server and gateway.`;
  }
  if (nowMs > summary.validTo.getTime()) {
    return `The server's ${named} expired at ${summary.validTo.toISOString()}. Give the server a new certificate and accept it with "plant trust".`;
  }
  return undefined;
}
