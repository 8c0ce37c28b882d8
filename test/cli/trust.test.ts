import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { trustCommand } from '../../cli/trust.ts';
import { isTrusted, thumbprintOf } from '../../edge/adapters/opcua/trust.ts';
import { freePort } from '../support/free-port.ts';
import { startOpcUaServer, type TestOpcUaServer } from '../support/opcua-server.ts';

let folder: string;
let siteFile: string;
let server: TestOpcUaServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plantbridge-trust-'));
  server = await startOpcUaServer(join(folder, 'server'), await freePort());
  siteFile = join(folder, 'site.yaml');
  await writeFile(siteFile, siteText(server.endpointUrl));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function siteText(endpointUrl: string): string {
  return `
version: 1
id: plant
timeZone: Europe/Berlin
gateways: [{ id: gateway-1 }]
sources:
  - id: plc
    protocol: opcua
    endpointUrl: ${endpointUrl}
    securityPolicy: Basic256Sha256
    securityMode: SignAndEncrypt
lines:
  - id: line
    machines:
      - id: filler
        source: plc
        sensors: [{ id: temperature, node: "ns=2;s=Temperature" }]
`;
}

async function plantTrust(...parameters: string[]) {
  const seen = { output: '', errors: '', exitCode: 0 };
  const command = trustCommand({
    write: (text) => {
      seen.output += text;
    },
    writeError: (text) => {
      seen.errors += text;
    },
    setExitCode: (code) => {
      seen.exitCode = code;
    },
    nowMs: () => Date.now(),
  });
  await command.parseAsync([...parameters, '--data', join(folder, 'data')], { from: 'user' });
  return seen;
}

test('shows a server, accepts it by its thumbprint, and shows it as trusted', async () => {
  const thumbprint = thumbprintOf(server.certificate);
  const pki = join(folder, 'data', 'edge', 'gateway-1', 'pki');

  const before = await plantTrust(siteFile);
  expect(before.output).toContain(`plc  ${server.endpointUrl}  (gateway gateway-1, Basic256Sha256, SignAndEncrypt)`);
  expect(before.output).toContain(
    `trusted     no; to accept it: plant trust ${siteFile} --accept ${thumbprint} --data`,
  );
  expect(before.output).toContain('Gateway gateway-1 shows the servers its own certificate');
  expect(before.exitCode).toBe(0);
  expect(await isTrusted(pki, server.certificate)).toBe(false);

  // As other tools write it: lower case, with colons.
  const written = thumbprint.toLowerCase().replaceAll(/(..)(?=.)/g, '$1:');
  const accepted = await plantTrust(siteFile, '--accept', written);
  expect(accepted.output).toContain(`Accepted: gateway gateway-1 trusts plc (${server.endpointUrl})`);
  expect(await isTrusted(pki, server.certificate)).toBe(true);

  expect((await plantTrust(siteFile)).output).toContain('trusted     yes');
});

test('accepts nothing but what a server of the site shows right now', async () => {
  const other = '0'.repeat(40);
  const result = await plantTrust(siteFile, '--accept', other);
  expect(result.errors).toContain(`No server of this site shows the certificate ${other}`);
  expect(result.errors).toContain(`plc: ${thumbprintOf(server.certificate)}`);
  expect(result.exitCode).toBe(1);
});

test('says what is wrong with a thumbprint, a site file and a server that does not answer', async () => {
  const short = await plantTrust(siteFile, '--accept', '5A1B');
  expect(short.errors).toContain('40 hexadecimal digits');
  const missing = await plantTrust(join(folder, 'none.yaml'));
  expect(missing.errors).toContain('none.yaml');
  const deadFile = join(folder, 'dead.yaml');
  await writeFile(deadFile, siteText('opc.tcp://127.0.0.1:1'));
  const dead = await plantTrust(deadFile);
  expect(dead.output).toContain('Nothing listens there');
  expect([short, missing, dead].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
});
