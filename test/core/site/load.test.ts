import { describe, expect, test } from '@jest/globals';
import { loadSite, SiteFileError } from '../../../core/site/load.ts';
import { machinesOf } from '../../../core/site/site.ts';
import { PRODUCED } from '../../support/site-faults.ts';
import { DEMO_TEXT, faultLines, faultsOf, loadText, SMALL_TEXT, smallSiteWith } from '../../support/site-text.ts';

describe('a right site file', () => {
  test('is resolved: paths, names, gateways, categories, counted machines', () => {
    const { site, warnings } = loadText(SMALL_TEXT);
    expect(warnings).toEqual([]);
    expect(site.name).toBe('small');
    expect(site.stalenessSeconds).toBe(10);
    const [line] = site.lines;
    expect(line?.path).toBe('small/line-1');
    expect(line?.countedMachineIds).toEqual(['filler']);
    const [filler, washer] = machinesOf(site);
    expect(filler).toMatchObject({
      path: 'small/line-1/filler',
      name: 'filler',
      lineId: 'line-1',
      gatewayId: 'gateway-1',
    });
    expect(filler?.categoryOfState).toMatchObject({ RUNNING: 'run', IDLE: 'down', UNKNOWN: 'unknown' });
    expect(filler?.state?.map).toEqual({ '1': 'RUNNING', '2': 'IDLE' });
    expect(washer?.sensors[0]?.modbus).toMatchObject({ address: 0, format: 'float32', wordOrder: 'big' });
  });

  test('takes overrides from machine, line and source', () => {
    const text = smallSiteWith(
      ['id: gateway-1', 'id: gateway-1 }, { id: gateway-2'],
      ['protocol: opcua', 'protocol: opcua, gateway: gateway-2'],
      ['protocol: modbus-tcp', 'protocol: modbus-tcp, gateway: gateway-1'],
      [
        'idealCycleSeconds: 0.5',
        'idealCycleSeconds: 0.5\n        stalenessSeconds: 3\n        lossCategories: { IDLE: planned }',
      ],
      ['- id: line-1', '- id: line-1\n    name: Line one\n    oee: { counted: [filler] }'],
    );
    const { site } = loadText(text);
    const [filler, washer] = machinesOf(site);
    expect(filler).toMatchObject({ gatewayId: 'gateway-2', stalenessSeconds: 3 });
    expect(filler?.categoryOfState.IDLE).toBe('planned');
    expect(washer).toMatchObject({ gatewayId: 'gateway-1', stalenessSeconds: 10 });
    expect(site.lines[0]).toMatchObject({ name: 'Line one', countedMachineIds: ['filler'] });
  });

  test('may share parts by anchors, aliases and merge keys', () => {
    const text = smallSiteWith([
      '- { id: temperature, node: "ns=2;s=Temperature", unit: °C }',
      '- &t { id: temperature, node: "ns=2;s=T1", unit: °C }\n          - { <<: *t, id: second, node: "ns=2;s=T2" }',
    ]);
    expect(machinesOf(loadText(text).site)[0]?.sensors.map(({ id, unit }) => [id, unit])).toEqual([
      ['temperature', '°C'],
      ['second', '°C'],
    ]);
  });

  test('a machine without a parts counter makes no line figure', () => {
    const { site } = loadText(smallSiteWith([`        ${PRODUCED}\n`, '']));
    expect(site.lines[0]?.countedMachineIds).toEqual([]);
  });

  test('the demo has two lines of ten machines and no warnings', () => {
    const { site, warnings } = loadText(DEMO_TEXT);
    expect(warnings).toEqual([]);
    expect(site.lines.map(({ id, countedMachineIds }) => [id, countedMachineIds.length])).toEqual([
      ['bottling', 1],
      ['machining', 5],
    ]);
    const machines = machinesOf(site);
    expect(machines).toHaveLength(10);
    expect(machines.every(({ state, produced, rejected }) => state && produced && rejected)).toBe(true);
    // The first day's history is bounded to 500,000 rows: 26 sensors every 10 s make 225,000 of them.
    expect(machines.flatMap(({ sensors }) => sensors).length).toBeLessThanOrEqual(30);
    expect(Object.keys(site.simulation?.machines ?? {}).toSorted()).toEqual(
      machines.map(({ path }) => path.slice('demo/'.length)).toSorted(),
    );
  });

  test('loadSite gives the site alone', () => {
    expect(loadSite('site.yaml', () => SMALL_TEXT).id).toBe('small');
  });
});

describe('faults of the schema', () => {
  test.each([
    [
      'id: small',
      'id: Small',
      'site.yaml:2:5 id must be lower-case letters, digits and single hyphens, starting with a letter, e.g. "filler-1", got: "Small"',
    ],
    [
      'idealCycleSeconds: 0.5',
      'idealCycleSeconds: -1',
      'site.yaml:13:28 lines[0].machines[0].idealCycleSeconds must be greater than 0, got: -1',
    ],
    [
      'idealCycleSeconds: 0.5',
      'idealCycleSeconds: "0.5"',
      'site.yaml:13:28 lines[0].machines[0].idealCycleSeconds must be a number, got: "0.5". Remove the quotes: 0.5',
    ],
    [
      '        source: plc\n',
      '',
      'site.yaml:11:9 lines[0].machines[0].source is missing: The id of the source that the values come from',
    ],
    [
      'source: plc',
      'source:',
      'site.yaml:12:9 lines[0].machines[0].source is empty. Give it a value or remove the key',
    ],
    [
      'idealCycleSeconds: 0.5',
      'idealCycleSecond: 0.5',
      'site.yaml:13:9 lines[0].machines[0].idealCycleSecond is not a key that may stand here',
    ],
    [
      '2: IDLE',
      '2: STOPPED',
      'site.yaml:14:62 lines[0].machines[0].state.map["2"] must be one of RUNNING, IDLE, FAULT, CHANGEOVER, PLANNED_STOP, UNKNOWN, got: "STOPPED"',
    ],
    ['id: small', 'id: 12', 'site.yaml:2:5 id must be text, got: 12 (a number)'],
    [
      'protocol: opcua',
      'protocol: opc-ua',
      'site.yaml:6:26 sources[0].protocol must be one of opcua, modbus-tcp, got: "opc-ua". Did you mean opcua?',
    ],
    ['[{ id: gateway-1 }]', '[]', 'site.yaml:4:11 gateways needs at least 1 entry, got: a list of 0'],
    ['version: 1', 'version: 2', 'site.yaml:1:10 version must be 1, got: 2'],
    [
      'host: 10.0.0.6',
      'host: 10.0.0.6, port: 70000',
      'site.yaml:7:63 sources[1].port must be at most 65535, got: 70000',
    ],
  ])('%j as %j', (from, to, line) => {
    const lines = faultLines(smallSiteWith([from, to]));
    expect(lines[0]).toContain(line);
  });

  test('an unknown key suggests the one that was meant and names all that may stand there', () => {
    const [fault] = faultsOf(smallSiteWith(['idealCycleSeconds: 0.5', 'ideal_cycle_seconds: 0.5']));
    expect(fault).toMatchObject({ line: 13, column: 9, hint: 'Did you mean idealCycleSeconds?' });
    expect(fault?.allowed).toContain('products');
  });

  test('never speaks in terms of the schema library', () => {
    const text = SMALL_TEXT.replaceAll(/: [^{[\n]+$/gm, ': { a: 1 }');
    const lines = faultLines(text);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).not.toMatch(/Invalid|expected|received|undefined|NaN|\[object/);
  });

  test('faults of schema and of references are told all at once, in the order of the file', () => {
    const text = smallSiteWith(
      ['Europe/Berlin', 'Europe/Bärlin'],
      ['idealCycleSeconds: 0.5', 'idealCycleSeconds: 0'],
      ['source: modbus', 'source: modbas'],
      ['id: pressure', 'id: state'],
    );
    expect(faultsOf(text).map(({ line, path }) => `${line} ${path}`)).toEqual([
      '3 timeZone',
      '13 lines[0].machines[0].idealCycleSeconds',
      '19 lines[0].machines[1].source',
      '21 lines[0].machines[1].sensors[0].id',
    ]);
  });

  test('a faulty list entry neither hides the others nor moves their places', () => {
    const text = smallSiteWith(
      ['sources:\n', 'sources:\n  - { id: broken }\n'],
      ['source: modbus', 'source: nothing'],
      ['      - id: filler', '      - { id: also-broken, source: broken, name: 5 }\n      - id: filler'],
    );
    expect(faultsOf(text).map(({ line, path }) => `${line} ${path}`)).toEqual([
      '6 sources[0].protocol',
      '12 lines[0].machines[0].name',
      '21 lines[0].machines[2].source',
    ]);
  });

  test('the message has one line a fault', () => {
    const error = new SiteFileError(faultsOf(smallSiteWith(['id: small', 'id: X'], ['Seconds: 0.5', 'Seconds: -5'])));
    expect(error.message.split('\n')).toHaveLength(2);
  });
});

describe('secrets', () => {
  const secret = 'hunter2-and-more';
  test.each([
    ['passwordFrom', `passwordFrom: ${secret}`],
    ['password', `password: ${secret}`],
    ['token', `token: ${secret}`],
    ['passwordFrom as a map', `passwordFrom: { value: ${secret} }`],
    ['passwordFrom as a list', `passwordFrom: [${secret}]`],
    ['a URL', `endpointUrl: "opc.tcp://me:${secret}@plc"`],
    ['a URL of another kind', `endpointUrl: "http://me:${secret}@plc"`],
    ['broken YAML', `password: "${secret}" x`],
    ['a key twice', `password: ${secret}\n    password: ${secret}`],
  ])('a literal %s is a fault whose message does not show it', (_, line) => {
    const text = smallSiteWith([
      '  - { id: plc, protocol: opcua, endpointUrl: "opc.tcp://10.0.0.5:4840" }',
      `  - id: plc\n    protocol: opcua\n    user: me\n    ${line.startsWith('endpointUrl') ? '' : 'endpointUrl: opc.tcp://plc\n    '}${line}`,
    ]);
    const faults = faultsOf(text);
    expect(faults.length).toBeGreaterThan(0);
    expect(JSON.stringify(faults)).not.toContain(secret);
    expect(new SiteFileError(faults).message).not.toContain(secret);
  });

  test('a reference is no fault', () => {
    for (const reference of ['env:PLC_PASSWORD', 'file:secrets/plc', 'secretsmanager:plc']) {
      const text = smallSiteWith(['protocol: opcua', `protocol: opcua, user: me, passwordFrom: "${reference}"`]);
      expect(faultsOf(text)).toEqual([]);
    }
  });
});
