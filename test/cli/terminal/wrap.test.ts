import { expect, test } from '@jest/globals';
import { fittedTable, wrapWords } from '../../../cli/terminal/wrap.ts';

test('a text breaks between words, and a word that is too long stays whole', () => {
  expect(wrapWords('the hub is up', 7)).toEqual(['the hub', 'is up']);
  expect(wrapWords('see http://127.0.0.1:8700 now', 10)).toEqual(['see', 'http://127.0.0.1:8700', 'now']);
  expect(wrapWords('the hub is up', Number.POSITIVE_INFINITY)).toEqual(['the hub is up']);
  expect(wrapWords('', 10)).toEqual(['']);
});

const rows = [
  ['Washer', 'Modbus TCP', '127.0.0.1:50203'],
  ['Filler', 'OPC UA', 'opc.tcp://127.0.0.1:48401 (SignAndEncrypt, user someone)'],
];

test('a table fits the terminal: wide last cells go on below themselves', () => {
  expect(fittedTable(rows, 200)).toEqual([
    '  Washer  Modbus TCP  127.0.0.1:50203',
    '  Filler  OPC UA      opc.tcp://127.0.0.1:48401 (SignAndEncrypt, user someone)',
  ]);
  expect(fittedTable(rows, 60)).toEqual([
    '  Washer  Modbus TCP  127.0.0.1:50203',
    '  Filler  OPC UA      opc.tcp://127.0.0.1:48401',
    '                      (SignAndEncrypt, user someone)',
  ]);
});

test('a terminal that is narrow gets them on lines of their own', () => {
  expect(fittedTable(rows.slice(1), 40)).toEqual([
    '  Filler  OPC UA',
    '    opc.tcp://127.0.0.1:48401',
    '    (SignAndEncrypt, user someone)',
  ]);
});
