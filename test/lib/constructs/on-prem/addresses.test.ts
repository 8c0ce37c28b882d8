import { describe, expect, test } from '@jest/globals';
import {
  freeNetwork,
  holdsAddress,
  isAddress,
  lastUsableAddress,
} from '../../../../lib/constructs/on-prem/addresses.ts';

describe('addresses', () => {
  test.each([
    ['192.168.10.0/24', '192.168.10.5', true],
    ['192.168.10.0/24', '192.168.11.5', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    // A network written by one of its addresses is that network.
    ['10.60.1.77/25', '10.60.1.127', true],
    ['10.60.1.77/25', '10.60.1.128', false],
    ['10.0.0.5/32', '10.0.0.5', true],
  ])('%s holds %s: %s', (cidr, address, holds) => expect(holdsAddress(cidr, address)).toBe(holds));

  test.each([
    ['192.168.10.5', true],
    ['256.1.1.1', false],
    ['broker.plant.example', false],
    ['1.2.3', false],
  ])('%s is an address in numbers: %s', (text, is) => expect(isAddress(text)).toBe(is));

  test.each([
    ['10.60.0.0/16', ['10.60.1.0/24'], '10.60.0.0/28'],
    ['10.60.0.0/16', ['10.60.0.0/24'], '10.60.1.0/28'],
    ['10.60.0.0/24', ['10.60.0.0/25', '10.60.0.128/28'], '10.60.0.144/28'],
    ['10.60.0.0/24', ['10.60.0.0/24'], undefined],
    ['10.60.0.0/28', ['10.60.0.8/29'], undefined],
  ])('the first /28 of %s beside %j is %s', (within, taken, free) => expect(freeNetwork(within, taken, 28)).toBe(free));

  test('the last usable address is the one before the broadcast address', () => {
    expect(lastUsableAddress('10.60.1.0/24')).toBe('10.60.1.254');
    expect(lastUsableAddress('10.60.1.0/28')).toBe('10.60.1.14');
  });
});
