import { describe, expect, test } from '@jest/globals';
import { machinesOf } from '../../../core/site/site.ts';
import { faultLines, loadText, smallSiteWith, warningLines } from '../../support/site-text.ts';

const SITE = smallSiteWith(['source: modbus', 'source: modbus\n        signals: { csv: tags.csv }']);
const load = (csv: string) => loadText(SITE, { 'tags.csv': csv });
const sensorsOf = (csv: string) => machinesOf(load(csv).site)[1]?.sensors.slice(1);
const faults = (csv: string) => faultLines(SITE, { 'tags.csv': csv });

describe('signals from a CSV file', () => {
  test('join those of the site file, with the same defaults', () => {
    const csv = [
      'id,name,table,address,format,wordOrder,unit,scale,sitewise,type,bit',
      'flow,"Flow, cold water",input-register,10,uint32,little,l/min,0.1,yes,,',
      'door,Door,holding-register,12,bit,,,,,BOOLEAN,3',
    ].join('\n');
    expect(sensorsOf(csv)).toEqual([
      {
        id: 'flow',
        name: 'Flow, cold water',
        unit: 'l/min',
        scale: 0.1,
        sitewise: true,
        type: 'DOUBLE',
        modbus: { table: 'input-register', address: 10, format: 'uint32', wordOrder: 'little', byteOrder: 'big' },
      },
      {
        id: 'door',
        name: 'Door',
        sitewise: false,
        type: 'BOOLEAN',
        modbus: { table: 'holding-register', address: 12, format: 'bit', bit: 3, wordOrder: 'big', byteOrder: 'big' },
      },
    ]);
  });

  test('name OPC UA nodes', () => {
    const site = smallSiteWith(['source: plc', 'source: plc\n        signals: { csv: tags.csv }']);
    const { site: loaded } = loadText(site, { 'tags.csv': 'id,node\nspeed,ns=2;s=Speed\n' });
    expect(machinesOf(loaded)[0]?.sensors.map(({ id, node }) => [id, node])).toContainEqual(['speed', 'ns=2;s=Speed']);
  });

  test.each([
    ['a byte order mark and Windows line ends', '\uFEFFid,table,address,scale\r\nflow,input-register,10,0.5\r\n'],
    ['semicolons and decimal commas', 'id;table;address;scale\nflow;input-register;10;0,5\n'],
    ['tabs', 'id\ttable\taddress\tscale\nflow\tinput-register\t10\t0.5\n'],
    [
      'comments, blank lines and spaces',
      '# exported\n\nid , table, address, scale\n\nflow, input-register , 10, 0.5\n,,,\n',
    ],
    ['another order of the columns', 'scale,address,table,id\n0.5,10,input-register,flow\n'],
  ])('may have %s', (_, csv) => {
    expect(sensorsOf(csv)).toMatchObject([{ id: 'flow', scale: 0.5, modbus: { address: 10 } }]);
  });

  test('are looked for beside the site file', () => {
    const site = SITE.replace('tags.csv', './plc/tags.csv');
    expect(
      machinesOf(loadText(site, { 'plc/tags.csv': 'id,table,address\nflow,input-register,1\n' }).site)[1]?.sensors,
    ).toHaveLength(2);
  });

  test('of a real line, 10,000 of them, are read', () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, index) => `tag-${index},Tag ${index},holding-register,${index + 10},int16,bar,0.1`,
    );
    const csv = ['id,name,table,address,format,unit,scale', ...rows].join('\n');
    expect(sensorsOf(csv)).toHaveLength(10_000);
  });
});

describe('faults in a CSV file', () => {
  test.each([
    ['an unknown column', 'id,table,adress\n', 'tags.csv:1:10 has a column that is not known, got: "adress"'],
    ['a column twice', 'id,table,id\n', 'tags.csv:1:10 has the column "id" twice'],
    ['no column id', 'name,table\n', 'tags.csv:1:1 has no column id'],
    ['an empty file', '', 'tags.csv:1:1 is empty'],
    ['an open quote', 'id,table,address\n"flow,coil,1\n', 'is not valid CSV: a quotation mark is not closed'],
    ['binary data', 'id\u0000', 'tags.csv:1:1 is not a text file in UTF-8'],
    ['a bad number', 'id,table,address\nflow,input-register,x1\n', 'tags.csv:2:21 address must be a number, got: "x1"'],
    [
      'a bad choice',
      'id,table,address\nflow,inputregister,1\n',
      'tags.csv:2:6 table must be one of coil, discrete-input, holding-register, input-register, got: "inputregister". Did you mean input-register?',
    ],
    ['a bad id', 'id,table,address\n"Flow, 1",input-register,1\n', 'tags.csv:2:1 id must be lower-case letters'],
    ['no id', 'id,table,address\n,input-register,1\n', 'tags.csv:2:1 id is missing'],
    [
      'a missing address',
      'id,table,address\nflow,input-register,\n',
      'tags.csv:2:21 address is missing: Zero-based protocol address',
    ],
    [
      'too many cells',
      'id,table,address\nflow,input-register,1,2\n',
      'tags.csv:2:1 has 4 cells in this row, more than its 3 columns',
    ],
    [
      'an id that the site file has too',
      'id,table,address\npressure,input-register,1\n',
      'tags.csv:2:1 id must be unique among the sensors of machine washer, got: "pressure", which stands at site.yaml:22 already',
    ],
    [
      'an address of another protocol',
      'id,node\nflow,ns=2;s=X\n',
      'tags.csv:2:6 node does not fit: source modbus is a Modbus TCP server',
    ],
    ['a reserved id', 'id,table,address\nstate,input-register,1\n', 'tags.csv:2:1 id is a name with a fixed meaning'],
    [
      'a type that does not fit',
      'id,table,address,type\nflow,coil,1,DOUBLE\n',
      'tags.csv:2:13 type does not fit coil, got: DOUBLE',
    ],
  ])('%s is told with file, line and column', (_, csv, message) => {
    expect(faults(csv)).toEqual([expect.stringContaining(message)]);
  });

  test('all rows are told at once, together with the faults of the site file', () => {
    const csv = 'id,table,address\nA,input-register,1\nb,input-register,-1\nc,input-register,2\n';
    const site = SITE.replace('idealCycleSeconds: 0.5', 'idealCycleSeconds: 0');
    expect(faultLines(site, { 'tags.csv': csv }).map((line) => line.split(' ')[0])).toEqual([
      'site.yaml:13:28',
      'tags.csv:2:1',
      'tags.csv:3:18',
    ]);
  });

  test('the same register twice is a warning', () => {
    const csv = 'id,table,address\na,input-register,1\nb,input-register,1\n';
    expect(warningLines(SITE, { 'tags.csv': csv })).toEqual([
      expect.stringContaining('tags.csv:3:3 table is the address of washer/a too'),
    ]);
  });
});
