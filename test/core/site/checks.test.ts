import { describe, expect, test } from '@jest/globals';
import { faultLines, faultsOf, smallSiteWith, warningLines } from '../../support/site-text.ts';

type Change = readonly [string, string];

/** One change of the small site each, and the beginning of the one fault that it must cause. */
function oneFault(
  cases: readonly (readonly [name: string, change: readonly Change[], path: string, message: string])[],
) {
  test.each(cases)('%s', (_, changes, path, message) => {
    const faults = faultsOf(smallSiteWith(...changes));
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faultLines(smallSiteWith(...changes))[0]).toContain(message);
  });
}

const STATE = 'state: { node: "ns=2;s=State", map: { 1: RUNNING, 2: IDLE } }';
const PRODUCED = 'produced: { node: "ns=2;s=Produced", counter: { maxRatePerSecond: 5 } }';
const SENSOR = '- { id: temperature, node: "ns=2;s=Temperature", unit: °C }';
const MODBUS = 'modbus: { table: holding-register, address: 0, format: float32 }';
const FILLER = 'lines[0].machines[0]';
const WASHER = 'lines[0].machines[1]';
const withShifts = (shifts: string): Change => ['gateways:', `shifts: [${shifts}]\ngateways:`];
const sensor = (rest: string): Change => [SENSOR, `- { id: temperature, node: "ns=2;s=Temperature", ${rest} }`];
const modbus = (address: string): Change => [MODBUS, `modbus: { ${address} }`];

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

describe('time zone, shifts and breaks', () => {
  oneFault([
    ['the time zone exists', [['Europe/Berlin', 'Europe/Munich']], 'timeZone', 'must be the name of an IANA time zone'],
    ['an offset is no time zone', [['Europe/Berlin', '"+01:00"']], 'timeZone', 'must be the name of an IANA time zone'],
    [
      'shifts do not overlap',
      [withShifts('{ id: a, start: "06:00", end: "14:00" }, { id: b, start: "13:30", end: "22:00" }')],
      'shifts[1]',
      'overlaps shift a',
    ],
    [
      'nor over midnight',
      [withShifts('{ id: n, start: "22:00", end: "06:00" }, { id: a, start: "05:00", end: "14:00" }')],
      'shifts[1]',
      'overlaps shift n',
    ],
    [
      "nor from Sunday's night into Monday",
      [
        withShifts(
          '{ id: n, start: "22:00", end: "06:00", days: [sun] }, { id: a, start: "05:00", end: "14:00", days: [mon] }',
        ),
      ],
      'shifts[1]',
      'overlaps shift n',
    ],
    [
      'a break lies within its shift',
      [withShifts('{ id: a, start: "06:00", end: "14:00", breaks: [{ start: "13:50", end: "14:10" }] }')],
      'shifts[0].breaks[0]',
      'must lie within shift a, 06:00 to 14:00, got: 13:50 to 14:10',
    ],
    [
      'breaks do not overlap',
      [
        withShifts(
          '{ id: n, start: "22:00", end: "06:00", breaks: [{ start: "23:50", end: "00:10" }, { start: "00:05", end: "00:20" }] }',
        ),
      ],
      'shifts[0].breaks[1]',
      'overlaps another break',
    ],
    [
      'a break has a length',
      [withShifts('{ id: a, start: "06:00", end: "14:00", breaks: [{ start: "09:00", end: "09:00" }] }')],
      'shifts[0].breaks[0]',
      'must end after it starts',
    ],
  ]);

  test.each([
    [
      'three shifts round the clock',
      '{ id: e, start: "06:00", end: "14:00" }, { id: l, start: "14:00", end: "22:00" }, { id: n, start: "22:00", end: "06:00" }',
    ],
    [
      'a break over midnight in a night shift',
      '{ id: n, start: "22:00", end: "06:00", breaks: [{ start: "23:50", end: "00:10" }] }',
    ],
    [
      'the same hours on other days',
      '{ id: a, start: "06:00", end: "14:00", days: [mon] }, { id: b, start: "06:00", end: "14:00", days: [tue] }',
    ],
    ['one shift of 24 hours', '{ id: a, start: "06:00", end: "06:00" }'],
    ['times without quotes', '{ id: a, start: 06:00, end: 14:00 }'],
  ])('%s is right', (_, shifts) => expect(faultLines(smallSiteWith(withShifts(shifts)))).toEqual([]));

  test.each(['UTC', 'Asia/Kolkata', 'America/St_Johns', 'Etc/GMT+5'])('%s is a time zone', (zone) =>
    expect(faultLines(smallSiteWith(['Europe/Berlin', zone]))).toEqual([]),
  );
});

describe('machines', () => {
  oneFault([
    [
      'a state map knows RUNNING',
      [['1: RUNNING, 2: IDLE', '1: FAULT']],
      `${FILLER}.state.map`,
      'must have a code that means RUNNING, or the machine never runs, got: FAULT',
    ],
    [
      'produced needs an ideal cycle',
      [['        idealCycleSeconds: 0.5\n', '']],
      FILLER,
      'counts parts but has no ideal cycle',
    ],
    [
      'rejected needs produced',
      [[PRODUCED, 'rejected: { node: "ns=2;s=R", counter: { maxRatePerSecond: 5 } }']],
      `${FILLER}.rejected`,
      'needs produced beside it',
    ],
    [
      'the highest rate lets the ideal cycle happen',
      [['maxRatePerSecond: 5', 'maxRatePerSecond: 1.5']],
      `${FILLER}.produced.counter.maxRatePerSecond`,
      'must be at least 2: an ideal cycle of 0.5 s makes that many parts a second, got: 1.5',
    ],
    [
      'time nobody observed stays unknown',
      [[STATE, `${STATE}\n        lossCategories: { UNKNOWN: run }`]],
      `${FILLER}.lossCategories.UNKNOWN`,
      'must stay unknown',
    ],
    [
      'values come before they go stale',
      [['source: plc', 'source: plc\n        stalenessSeconds: 0.5']],
      `${FILLER}.stalenessSeconds`,
      'come every 500 ms (publishingIntervalMs) but go stale after 0.5 s',
    ],
    [
      'a modulus fits its format',
      [
        [
          MODBUS,
          `${MODBUS} }\n        state: { modbus: { table: input-register, address: 9 }, map: { 1: RUNNING } }\n        idealCycleSeconds: 1\n        produced: { modbus: { table: input-register, address: 10 }, counter: { modulus: 1000000, maxRatePerSecond: 2 }`,
        ],
      ],
      `${WASHER}.produced.counter.modulus`,
      'must be at most 65536, since format uint16 counts no further',
    ],
  ]);

  test('products may bring the ideal cycle', () => {
    const text = smallSiteWith([
      'idealCycleSeconds: 0.5',
      'product: { node: "ns=2;s=P" }\n        products: [{ code: 1, idealCycleSeconds: 0.4 }]',
    ]);
    expect(warningLines(text)).toEqual([
      expect.stringContaining('a product code that products does not name counts no ideal time'),
    ]);
  });

  test.each([
    [
      'a rate far above the ideal',
      ['maxRatePerSecond: 5', 'maxRatePerSecond: 500'],
      'so a reset may pass for a rollover',
    ],
    [
      'a counter that rolls over in seconds',
      ['maxRatePerSecond: 5', 'modulus: 50, maxRatePerSecond: 5'],
      'roll over within 10 s',
    ],
    [
      'products without a product signal',
      ['idealCycleSeconds: 0.5', 'idealCycleSeconds: 0.5\n        products: [{ code: 1, idealCycleSeconds: 0.4 }]'],
      'are never chosen',
    ],
    ['a counter without a state', [`        ${STATE}\n`, ''], 'counts for no OEE'],
  ] as const)('%s is a warning', (_, change, message) => {
    expect(warningLines(smallSiteWith(change))).toEqual([expect.stringContaining(message)]);
  });
});

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

describe('rules', () => {
  const rule = (when: string): Change => [
    'source: plc',
    `source: plc\n        rules:\n          - id: hot\n            when: ${when}\n            do: { command: stop }`,
  ];

  test.each([
    '\'temperature > 80 and state == "RUNNING"\'',
    'temperature > 80',
    '\'abs(temperature - 20) > 5 or not (state != "FAULT")\'',
  ])('%s is right', (when) => expect(warningLines(smallSiteWith(rule(when)))).toEqual([]));

  test('an unknown signal is told where it stands within the text', () => {
    const [plain] = faultsOf(smallSiteWith(rule('temperature > 80 and presure > 3')));
    expect(plain).toMatchObject({ path: 'lines[0].machines[0].rules[0].when', line: 15, column: 19 + 21 });
    expect(plain?.message).toContain("There is no variable 'presure'");
    const [quoted] = faultsOf(smallSiteWith(rule('"temperature > 80 and presure > 3"')));
    expect(quoted).toMatchObject({ line: 15, column: 19 + 1 + 21 });
    const [block] = faultsOf(smallSiteWith(rule('|\n              presure > 3')));
    expect(block).toMatchObject({ line: 15 });
  });

  test.each([
    ['temperature >', 'is not a valid formula'],
    ['state', 'must be a condition'],
    ['1 > 0', 'uses no signal of the machine'],
    ['avg(temperature) > 3', 'is not a valid formula'],
  ])('%s is a fault', (when, message) => {
    const lines = faultLines(smallSiteWith(rule(when)));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });

  test('a state that does not exist is a warning', () => {
    expect(warningLines(smallSiteWith(rule(`'state == "RUNING"'`)))).toEqual([
      expect.stringContaining('Did you mean RUNNING?'),
    ]);
  });
});
