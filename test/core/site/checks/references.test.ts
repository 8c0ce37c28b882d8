import { describe, expect, test } from '@jest/globals';
import { oneFault, PRODUCED, WASHER } from '../../../support/site-faults.ts';
import { smallSiteWith, warningLines } from '../../../support/site-text.ts';

describe('references', () => {
  oneFault([
    [
      'a machine names a source that exists',
      [['source: modbus', 'source: modbsu']],
      `${WASHER}.source`,
      'must be the id of a source in this file, got: "modbsu". Allowed: plc, modbus. Did you mean modbus?',
    ],
    [
      'a source names a gateway that exists',
      [['protocol: opcua', 'protocol: opcua, gateway: gateway-2']],
      'sources[0].gateway',
      'Allowed: gateway-1. Did you mean gateway-1?',
    ],
    [
      'with several gateways each source names its own',
      [
        ['[{ id: gateway-1 }]', '[{ id: a }, { id: b }]'],
        ['protocol: opcua', 'protocol: opcua, gateway: a'],
      ],
      'sources[1]',
      'needs a gateway, since the site has 2 of them. Allowed: a, b',
    ],
    [
      'a counted machine exists',
      [['- id: line-1', '- id: line-1\n    oee: { counted: [fillar] }']],
      'lines[0].oee.counted[0]',
      'Did you mean filler?',
    ],
    [
      'a counted machine has a state',
      [['- id: line-1', '- id: line-1\n    oee: { counted: [washer] }']],
      'lines[0].oee.counted[0]',
      'must be a machine with a state',
    ],
    [
      'a counted machine counts parts',
      [
        ['- id: line-1', '- id: line-1\n    oee: { counted: [filler] }'],
        [`        ${PRODUCED}\n`, ''],
      ],
      'lines[0].oee.counted[0]',
      'Give machine filler a parts counter (produced), or leave it out here',
    ],
    [
      'a counted machine is named once',
      [['- id: line-1', '- id: line-1\n    oee: { counted: [filler, filler] }']],
      'lines[0].oee.counted[1]',
      'is named twice',
    ],
    [
      'a simulated machine exists',
      [['gateways:', 'simulation: { machines: { filler: { kind: bottling } } }\ngateways:']],
      'simulation.machines.filler',
      'must be the id of a machine, as <line>/<machine>',
    ],
    [
      'a CSV file exists',
      [['source: modbus', 'source: modbus\n        signals: { csv: tags.csv }']],
      `${WASHER}.signals.csv`,
      "names a file that can't be read: there is no such file, got: tags.csv",
    ],
  ]);

  test('a source that no machine uses is a warning', () => {
    const text = smallSiteWith(['sources:\n', 'sources:\n  - { id: spare, protocol: modbus-tcp, host: h }\n']);
    expect(warningLines(text)).toEqual(['site.yaml:6:5 sources[0] is used by no machine, got: "spare"']);
  });
});
