import { describe, expect, test } from '@jest/globals';
import { formatFault } from '../../../../core/site/load.ts';
import { faultsOf } from '../../../support/site-text.ts';
import { testSite } from '../../../support/synth.ts';

const GEN1 = testSite('outpost-gen1');
const GEN2 = testSite('outpost-gen2');

/** The faults after one change, without the file's name. */
function faultsAfter(text: string, from: string, to: string): string[] {
  expect(text.split(from)).toHaveLength(2);
  return faultsOf(text.replace(from, to), {}, { forDeployment: true }).map((fault) =>
    formatFault(fault).slice('site.yaml:'.length),
  );
}

describe('an Outpost', () => {
  test('can be deployed as the examples have it', () => {
    for (const name of ['outpost-gen1', 'outpost-gen2', 'aggregates'])
      expect(faultsOf(testSite(name), {}, { forDeployment: true }).map(formatFault)).toEqual([]);
  });

  test.each([
    [
      'instance type of the other generation',
      GEN1,
      'instanceType: m5.xlarge',
      'instanceType: m7i.xlarge',
      '22:17 outpost.instanceType must be of a family that an Outposts rack of generation 1 has, got: "m7i.xlarge". Allowed: m5.*, c5.*, r5.*, g4dn.*. Family m7i is of generation 2: correct one of the two',
    ],
    [
      'instance type of no Outpost',
      GEN2,
      'instanceType: m7i.xlarge',
      'instanceType: t3.micro',
      'must be of a family that an Outposts rack of generation 2 has, got: "t3.micro"',
    ],
    [
      'database class that RDS on Outposts lacks',
      GEN1,
      'generation: 1\n',
      'generation: 1\n  databaseInstanceClass: db.t3.micro\n',
      'outpost.databaseInstanceClass must be one that Amazon RDS on Outposts has, got: "db.t3.micro". Allowed: db.m5.*, db.r5.*',
    ],
    [
      'ARN of another Region',
      GEN1,
      'outposts:eu-central-1:',
      'outposts:eu-west-1:',
      "outpost.arn must be of the site's Region eu-central-1, got: eu-west-1",
    ],
    [
      'ARN of another account',
      GEN1,
      ':123456789012:outpost',
      ':999999999999:outpost',
      "outpost.arn must be of the site's account 123456789012, got: 999999999999",
    ],
    [
      'Availability Zone of another Region',
      GEN1,
      'availabilityZone: eu-central-1a',
      'availabilityZone: eu-west-1a',
      "outpost.availabilityZone must be one of the site's Region eu-central-1",
    ],
    ['S3 on one rack of generation 2', GEN2, 'racks: 2', 'racks: 1', 'outpost.s3 needs more than one rack'],
    [
      'subnet outside of the VPC',
      GEN1,
      'subnetCidr: "10.60.1.0/24"',
      'subnetCidr: "10.61.1.0/24"',
      'outpost.subnetCidr must lie within vpcCidr 10.60.0.0/16, got: "10.61.1.0/24"',
    ],
    [
      'VPC that overlaps a network of the factory',
      GEN1,
      'cidr: "192.168.20.0/24"',
      'cidr: "10.60.128.0/24"',
      'outpost.vpcCidr overlaps OT network offices, so the Outpost could not tell which of the two an address is in',
    ],
    [
      'two networks that overlap',
      GEN1,
      'cidr: "192.168.20.0/24"',
      'cidr: "192.168.0.0/16"',
      'network.otNetworks[1] overlaps network hall-1, got: offices 192.168.0.0/16',
    ],
    [
      'the whole internet as a network',
      GEN1,
      '    - { id: hall-1, cidr: "192.168.10.0/24" }\n    - { id: offices, cidr: "192.168.20.0/24" }',
      '    - { id: all, cidr: "0.0.0.0/0" }',
      'network.otNetworks[0].cidr must not be the whole internet',
    ],
    [
      'address that is not the first of its network',
      GEN1,
      'cidr: "192.168.20.0/24"',
      'cidr: "192.168.20.7/24"',
      'network.otNetworks[1].cidr must begin at the network\'s first address: 192.168.20.0/24, got: "192.168.20.7/24"',
    ],
    [
      'number that is no octet',
      GEN1,
      'cidr: "192.168.20.0/24"',
      'cidr: "192.168.300.0/24"',
      'must have four numbers of 0 to 255',
    ],
    ['prefix beyond 32', GEN1, 'cidr: "192.168.20.0/24"', 'cidr: "192.168.20.0/40"', 'must end in /0 to /32'],
    [
      'VPC larger than Amazon VPC takes',
      GEN1,
      'vpcCidr: "10.60.0.0/16"',
      'vpcCidr: "10.0.0.0/8"',
      'outpost.vpcCidr must be of a size that Amazon VPC takes, /16 to /28, got: "10.0.0.0/8"',
    ],
    [
      'Outpost that nobody can reach',
      GEN2,
      '  otNetworks:\n    - { id: hall-1, cidr: "192.168.10.0/24" }\n    - { id: offices, cidr: "192.168.20.0/24" }',
      '  otNetworks: []',
      'network.otNetworks is missing: nobody could reach the hub on the Outpost',
    ],
  ])('is refused: %s', (_what, text, from, to, message) => {
    expect(faultsAfter(text, from, to)).toContainEqual(expect.stringContaining(message));
  });
});
