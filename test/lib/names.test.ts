import { describe, expect, test } from '@jest/globals';
import { SiteNames } from '../../lib/names.ts';

const nameOf = (siteId: string, gatewayId: string) => new SiteNames(siteId).gateway(gatewayId);
const templateOf = (siteId: string, gatewayId: string) => new SiteNames(siteId).provisioningTemplate(gatewayId);

describe('names of gateways and of their provisioning templates', () => {
  test('tell where the id of the site ends', () => {
    expect(nameOf('demo', 'gateway-1')).toBe('plantbridge-demo--gateway-1');
    expect(templateOf('demo', 'gateway-1')).toBe('plantbridge-demo--gateway-1');
  });

  test.each([
    ['short ids', 'demo', 'north-gw', 'demo-north', 'gw'],
    ['ids that are cut', 'a-b', `c-${'d'.repeat(45)}`, 'a-b-c', 'd'.repeat(45)],
  ])('differ between two sites: %s', (_, site, gateway, other, another) => {
    expect(nameOf(site, gateway)).not.toBe(nameOf(other, another));
    expect(templateOf(site, gateway)).not.toBe(templateOf(other, another));
  });

  test('are within what AWS IoT takes', () => {
    const long = 'a'.repeat(48);
    expect(nameOf(long, long).length).toBeLessThanOrEqual(100);
    expect(templateOf(long, long)).toMatch(/^[0-9A-Za-z_-]{1,36}$/);
  });
});
