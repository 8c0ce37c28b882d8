import { describe, expect, test } from '@jest/globals';
import { type Change, oneFault } from '../../../support/site-faults.ts';
import { smallSiteWith, warningLines } from '../../../support/site-text.ts';

describe('sources', () => {
  const opcUa = (rest: string): Change => ['protocol: opcua', `protocol: opcua, ${rest}`];
  oneFault([
    [
      'a mode needs a policy',
      [opcUa('securityMode: Sign')],
      'sources[0].securityMode',
      'securityPolicy None with securityMode Sign',
    ],
    ['a policy needs a mode', [opcUa('securityPolicy: Basic256Sha256')], 'sources[0].securityPolicy', 'does not fit'],
    ['a user needs a password', [opcUa('user: me')], 'sources[0].user', 'needs passwordFrom beside it'],
    ['a password needs a user', [opcUa('passwordFrom: "env:P"')], 'sources[0].passwordFrom', 'needs user beside it'],
    [
      'a certificate needs a key',
      [opcUa('userCertificateFrom: "file:c.pem"')],
      'sources[0].userCertificateFrom',
      'needs userPrivateKeyFrom beside it',
    ],
    [
      'an address holds no password',
      [['10.0.0.5:4840', 'me:pw@10.0.0.5']],
      'sources[0].endpointUrl',
      'must not hold a password',
    ],
    [
      'a broker address holds no password',
      [['gateways:', 'broker: { url: "mqtt://me:pw@host" }\ngateways:']],
      'broker.url',
      'must not hold a password',
    ],
    [
      'AWS collects OPC UA only',
      [['host: 10.0.0.6', 'host: 10.0.0.6, collector: sitewise-edge']],
      'sources[1].collector',
      'must be connector for Modbus TCP',
    ],
  ]);

  test('a password over an open connection is a warning', () => {
    expect(warningLines(smallSiteWith(opcUa('user: me, passwordFrom: "env:P"')))[0]).toContain('may read the password');
  });

  test('two sources of one address are a warning', () => {
    const text = smallSiteWith(
      ['sources:\n', 'sources:\n  - { id: again, protocol: modbus-tcp, host: 10.0.0.6 }\n'],
      ['- id: washer', '- { id: dryer, source: again }\n      - id: washer'],
    );
    expect(warningLines(text)[0]).toContain('has the same address as source again');
  });
});
