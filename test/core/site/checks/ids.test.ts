import { describe } from '@jest/globals';
import { FILLER, oneFault, SENSOR, WASHER } from '../../../support/site-faults.ts';

describe('ids', () => {
  oneFault([
    [
      'sensors of a machine are told apart',
      [[SENSOR, `${SENSOR}\n          - { id: temperature, node: "ns=2;s=T2" }`]],
      `${FILLER}.sensors[1].id`,
      'must be unique among the sensors of machine filler, got: "temperature", which stands at site.yaml:17 already',
    ],
    [
      'machines of a line are told apart',
      [['- id: washer', '- id: filler']],
      `${WASHER}.id`,
      'must be unique among the machines of line line-1',
    ],
    [
      'gateways are told apart',
      [
        ['[{ id: gateway-1 }]', '[{ id: a }, { id: a }]'],
        ['protocol: opcua', 'protocol: opcua, gateway: a'],
        ['protocol: modbus-tcp', 'protocol: modbus-tcp, gateway: a'],
      ],
      'gateways[1].id',
      'must be unique among the gateways',
    ],
    [
      'a sensor has no reserved name',
      [['id: temperature', 'id: run-s']],
      `${FILLER}.sensors[0].id`,
      'is a name with a fixed meaning',
    ],
    [
      'a sensor has no name of the MES',
      [['id: temperature', 'id: mes-lot']],
      `${FILLER}.sensors[0].id`,
      'is a name with a fixed meaning',
    ],
  ]);
});
