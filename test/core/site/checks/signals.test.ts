import { describe, expect, test } from '@jest/globals';
import { type Change, FILLER, MODBUS, oneFault, SENSOR, WASHER } from '../../../support/site-faults.ts';
import { faultLines, smallSiteWith, warningLines } from '../../../support/site-text.ts';

const sensor = (rest: string): Change => [SENSOR, `- { id: temperature, node: "ns=2;s=Temperature", ${rest} }`];
const modbus = (address: string): Change => [MODBUS, `modbus: { ${address} }`];
describe('addresses', () => {
  oneFault([
    [
      'a signal has an address',
      [[', node: "ns=2;s=Temperature"', '']],
      `${FILLER}.sensors[0]`,
      'has no address: node is missing',
    ],
    [
      'it has one only',
      [sensor('modbus: { table: holding-register, address: 1 }')],
      `${FILLER}.sensors[0]`,
      'has both node and modbus',
    ],
    [
      'OPC UA has nodes',
      [[SENSOR, '- { id: t, modbus: { table: holding-register, address: 1 } }']],
      `${FILLER}.sensors[0].modbus`,
      'source plc is an OPC UA server',
    ],
    [
      'Modbus has registers',
      [[MODBUS, 'node: "ns=2;s=X"']],
      `${WASHER}.sensors[0].node`,
      'source modbus is a Modbus TCP server',
    ],
    [
      'a node id is one',
      [['"ns=2;s=Temperature"', 'Temperature']],
      `${FILLER}.sensors[0].node`,
      'must be an OPC UA node id, got: "Temperature"',
    ],
    [
      'the connector goes by node, not by browse path',
      [sensor('browsePath: /Filler/Temperature')],
      `${FILLER}.sensors[0].browsePath`,
      'has no meaning: source plc is read by the connector',
    ],
    [
      'a browse path has no wildcard',
      [sensor('browsePath: /Filler/*')],
      `${FILLER}.sensors[0].browsePath`,
      'must be the path of browse names below the Objects folder, without wildcards',
    ],
    [
      'the SiteWise Edge collector needs the browse path of every signal',
      [
        ['id: plc, ', 'id: plc, collector: sitewise-edge, '],
        ['{ id: gateway-1 }', '{ id: gateway-1, broker: emqx }'],
        ['node: "ns=2;s=State",', 'node: "ns=2;s=State", browsePath: /State,'],
        ['node: "ns=2;s=Produced",', 'node: "ns=2;s=Produced", browsePath: /Produced,'],
      ],
      `${FILLER}.sensors[0].browsePath`,
      'is missing: the SiteWise Edge collector of source plc finds nodes by their path of browse names',
    ],
    [
      'a register bit has a number',
      [modbus('table: holding-register, address: 1, format: bit }, type: BOOLEAN, unit: "x"'), ['"x" } }', '"x" }']],
      `${WASHER}.sensors[0].modbus`,
      'needs bit beside format bit',
    ],
    [
      'a bit goes with format bit',
      [modbus('table: holding-register, address: 1, bit: 3')],
      `${WASHER}.sensors[0].modbus.bit`,
      'goes with format bit only',
    ],
    [
      'a string has a length',
      [modbus('table: holding-register, address: 1, format: string }, type: STRING'), ['STRING }', 'STRING']],
      `${WASHER}.sensors[0].modbus`,
      'needs registers beside format string',
    ],
    [
      'only a string has a length',
      [modbus('table: holding-register, address: 1, registers: 2')],
      `${WASHER}.sensors[0].modbus.registers`,
      'goes with format string only',
    ],
    [
      'a coil has no format',
      [modbus('table: coil, address: 1, format: float32 }, type: BOOLEAN'), ['BOOLEAN }', 'BOOLEAN']],
      `${WASHER}.sensors[0].modbus.format`,
      'has no meaning for table coil',
    ],
    [
      'not even the usual one',
      [modbus('table: coil, address: 1, format: uint16 }, type: BOOLEAN'), ['BOOLEAN }', 'BOOLEAN']],
      `${WASHER}.sensors[0].modbus.format`,
      'has no meaning for table coil',
    ],
    [
      'a coil is true or false',
      [modbus('table: coil, address: 1')],
      `${WASHER}.sensors[0].type`,
      'does not fit coil, got: DOUBLE. Allowed: BOOLEAN',
    ],
    [
      'a number is no text',
      [modbus('table: holding-register, address: 1 }, type: STRING'), ['STRING }', 'STRING']],
      `${WASHER}.sensors[0].type`,
      'does not fit uint16, got: STRING',
    ],
    [
      'a value ends within the table',
      [modbus('table: holding-register, address: 65535, format: float32')],
      `${WASHER}.sensors[0].modbus.address`,
      'its last register would be 65536 of 65535',
    ],
    [
      'minimum is below maximum',
      [sensor('minimum: 5, maximum: 5')],
      `${FILLER}.sensors[0].minimum`,
      'must be less than maximum (5), got: 5',
    ],
    ['a scale is not 0', [sensor('scale: 0')], `${FILLER}.sensors[0].scale`, 'must not be 0'],
    [
      'a deadband is for numbers',
      [sensor('type: STRING, deadband: 1')],
      `${FILLER}.sensors[0].deadband`,
      'is for numbers only, got: type STRING',
    ],
  ]);

  test.each([
    'ns=2;s=Filler.State',
    'ns=2;i=1001',
    'i=2258',
    'nsu=http://plc/x;s=A;B=1',
    'ns=3;g=09087e75-8e5e-499b-954f-f2a9603db28a',
    'ns=1;b=M/RbKBsRVkePCePcx24oRA==',
    's="DB1"."Value"',
  ])('%s is a node id', (node) => {
    expect(faultLines(smallSiteWith(['"ns=2;s=Temperature"', JSON.stringify(node)]))).toEqual([]);
  });

  test('the same address twice is a warning', () => {
    const text = smallSiteWith(['ns=2;s=Temperature', 'ns=2;s=Produced']);
    expect(warningLines(text)).toEqual([
      expect.stringContaining('sensors[0].node is the address of filler/produced too'),
    ]);
  });
});
