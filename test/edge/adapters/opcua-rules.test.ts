import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DataType, DataValue, StatusCodes, Variant, VariantArrayType } from 'node-opcua-client';
import { faultOf } from '../../../edge/adapters/opcua/faults.ts';
import { resolveNode } from '../../../edge/adapters/opcua/node-id.ts';
import { ownCertificate } from '../../../edge/adapters/opcua/own-certificate.ts';
import { isTrusted, pinCertificate, refusalOf, summaryOf } from '../../../edge/adapters/opcua/trust.ts';
import { plainValueOf, qualityOf } from '../../../edge/adapters/opcua/value.ts';
import { SourceError } from '../../../edge/adapters/source-error.ts';

const scalar = (dataType: DataType, value: unknown) =>
  new DataValue({
    value: new Variant({ dataType, arrayType: VariantArrayType.Scalar, value }),
    statusCode: StatusCodes.Good,
  });

describe('OPC UA values', () => {
  test.each([
    [DataType.Boolean, true, true],
    [DataType.Byte, 255, 255],
    [DataType.Double, 1.5, 1.5],
    [DataType.String, 'Füller', 'Füller'],
    [DataType.String, null, null],
    [DataType.Int64, [0xffff_ffff, 0xffff_fffb], -5],
    [DataType.UInt64, [0xffff_ffff, 0xffff_ffff], 2 ** 64],
    [DataType.DateTime, new Date(0), '1970-01-01T00:00:00.000Z'],
    [DataType.LocalizedText, { text: 'läuft', locale: 'de' }, 'läuft'],
  ])('%s %p becomes %p', (dataType, value, expected) => {
    expect(plainValueOf(scalar(dataType, value))).toMatchObject({ value: expected, quality: 'GOOD' });
  });

  test('64 bit integers are exact as far as a number can be', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }), (integer) => {
        const bits = BigInt.asUintN(64, integer);
        const words = [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
        expect(BigInt(plainValueOf(scalar(DataType.Int64, words)).value as number)).toBe(integer);
      }),
    );
  });

  test('arrays, structures and byte strings are BAD with a reason', () => {
    const list = new DataValue({
      value: new Variant({ dataType: DataType.String, arrayType: VariantArrayType.Array, value: ['a'] }),
    });
    expect(plainValueOf(list)).toMatchObject({
      value: null,
      quality: 'BAD',
      problem: expect.stringContaining('array of String'),
    });
    expect(plainValueOf(scalar(DataType.ByteString, Buffer.from('a'))).problem).toContain('byte string');
  });

  test('a value without type or time is no exception', () => {
    expect(plainValueOf(new DataValue({ statusCode: StatusCodes.BadWaitingForInitialData }))).toEqual({
      value: null,
      quality: 'BAD',
    });
  });

  test('the two top bits of the status code decide, whatever the rest says', () => {
    expect([0, 0x00ba_0000, 0x4000_0000, 0x40a4_0000, 0x8000_0000, 0xc000_0000].map(qualityOf)).toEqual([
      'GOOD',
      'GOOD',
      'UNCERTAIN',
      'UNCERTAIN',
      'BAD',
      'BAD',
    ]);
  });
});

describe('node ids', () => {
  const namespaces = ['http://opcfoundation.org/UA/', 'urn:server', 'http://example.org/plc;v=2'];
  test.each([
    ['ns=2;s=Filler.State', 'ns=2;s=Filler.State'],
    ['i=2258', 'ns=0;i=2258'],
    ['nsu=http://example.org/plc;v=2;s=Filler;s=1', 'ns=2;s=Filler;s=1'],
    ['nsu=urn:server;i=7', 'ns=1;i=7'],
  ])('%s is %s', (text, expected) => {
    const resolved = resolveNode(text, namespaces);
    expect('nodeId' in resolved && resolved.nodeId.toString()).toBe(expected);
  });
  test.each(['', 'Filler.State', 'ns=2', 'ns=x;s=a', 's=', 'i=abc', 'g=12'])(
    '%p is none, and it says how to write one',
    (text) => {
      expect(resolveNode(text, namespaces)).toEqual({ problem: expect.stringContaining('write it like') });
    },
  );
  test('an unknown namespace is named with those that are there', () => {
    expect(resolveNode('nsu=urn:other;i=1', namespaces)).toEqual({ problem: expect.stringContaining('urn:server') });
  });
});

describe('sentences about faults', () => {
  const context = { sourceId: 'plc', endpointUrl: 'opc.tcp://10.0.0.5:4840', user: 'operator', ownThumbprint: 'AB12' };
  test.each([
    ['connect ECONNREFUSED 10.0.0.5:4840', 'Nothing listens there', false],
    ['getaddrinfo ENOTFOUND plc', 'The host name is not known', false],
    ['serviceResult = BadUserAccessDenied (0x801f0000)', 'refuses user "operator"', true],
    ['serviceResult = BadIdentityTokenRejected (0x80210000)', 'refuses user "operator"', true],
    ['BadCertificateUntrusted (0x801a0000)', "accept the gateway's certificate AB12", false],
    ['BadTooManySessions', 'no session left', false],
    ['something new\nwith a second line', 'The library says: something new', false],
  ])('%s', (message, sentence, needsPerson) => {
    const fault = faultOf(new Error(message), context);
    expect(fault.message).toContain("OPC UA server opc.tcp://10.0.0.5:4840 (source plc) can't be read.");
    expect(fault.message).toContain(sentence);
    expect(fault.needsPerson).toBe(needsPerson);
    expect(fault.message).not.toContain('\n');
  });
  test('a fault that is a sentence already stays as it is', () => {
    const fault = new SourceError('as it is');
    expect(faultOf(fault, context)).toBe(fault);
  });
});

describe('certificates', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plantbridge-pki-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const derOf = async (pki: string) => {
    const { certificateFile } = await ownCertificate(pki);
    return Buffer.from((await readFile(certificateFile, 'utf8')).replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  };

  test('the own certificate is made once, stays, and its key is for the owner alone', async () => {
    const pki = join(folder, 'own');
    const [first, second] = await Promise.all([ownCertificate(pki), ownCertificate(pki)]);
    expect(first.applicationUri).toMatch(/^urn:plantbridge:[0-9a-f-]{36}$/);
    expect(second).toEqual(first);
    expect(await ownCertificate(pki)).toEqual(first);
    expect((await stat(first.privateKeyFile)).mode & 0o777).toBe(0o600);
    await writeFile(first.certificateFile, 'damaged');
    await expect(ownCertificate(pki)).rejects.toThrow(/can't be read .* delete it to get a new certificate/);
    expect(await readFile(first.certificateFile, 'utf8')).toBe('damaged');
  });

  test('trusts exactly what was accepted, as DER or PEM, and only while it is valid', async () => {
    const pki = join(folder, 'gateway');
    const server = await derOf(join(folder, 'server'));
    const other = await derOf(join(folder, 'other'));
    const now = Date.now();
    expect(await refusalOf(pki, server, now)).toContain(`--accept ${summaryOf(server).thumbprint}`);
    await pinCertificate(pki, server);
    await writeFile(join(pki, 'trusted', 'notes.pem'), 'no certificate');
    expect(await refusalOf(pki, server, now)).toBeUndefined();
    expect(await isTrusted(pki, other)).toBe(false);
    expect(await refusalOf(pki, server, summaryOf(server).validTo.getTime() + 1)).toContain('expired at');
    expect(await refusalOf(pki, server, summaryOf(server).validFrom.getTime() - 1)).toContain('valid only from');
    const { certificateFile } = await ownCertificate(join(folder, 'other'));
    await writeFile(join(pki, 'trusted', 'other.pem'), await readFile(certificateFile));
    expect(await isTrusted(pki, other)).toBe(true);
  });

  test('what is no certificate is refused, not thrown', async () => {
    expect(await refusalOf(join(folder, 'gateway'), Buffer.from('nonsense'), 0)).toContain('no X.509 certificate');
    await expect(pinCertificate(join(folder, 'gateway'), Buffer.from('nonsense'))).rejects.toThrow();
  });
});
