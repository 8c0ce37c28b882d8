import { contains, type Ipv4Network, overlaps, parseCidr } from '../cidr.ts';
import { showValue } from '../fault.ts';
import { DEFAULT_REGION } from '../regions.ts';
import { OUTPOST_INSTANCE_FAMILIES, type OutpostConfig } from '../schema.ts';
import type { CheckContext } from './context.ts';

/** What RDS on Outposts runs on (generation 1; generation 2 runs PostgreSQL in ECS). */
const DATABASE_FAMILIES = ['m5', 'r5'];
/** What Amazon VPC takes as the size of a VPC or subnet. */
const LARGEST_PREFIX = 16;
const SMALLEST_PREFIX = 28;

/** The Outpost is one that AWS has, where it says it is, and its networks do not collide with the factory's. */
export function checkOutpost(context: CheckContext): void {
  const networks = checkOtNetworks(context);
  const { outpost } = context.site;
  if (outpost === undefined) return;
  checkInstances(context, outpost);
  checkPlace(context, outpost);
  checkStorage(context, outpost);
  checkAddresses(context, outpost, networks);
  if (networks.length === 0 && !context.isFaulty(['network'])) {
    context.fault(['network', 'otNetworks'], {
      message: 'is missing: nobody could reach the hub on the Outpost, since only named networks may',
      hint: 'Name the networks of machines and people: network: {otNetworks: [{id: hall-1, cidr: "192.168.10.0/24"}]}',
    });
  }
}

interface NamedNetwork {
  readonly id: string;
  readonly network: Ipv4Network;
}

function checkOtNetworks(context: CheckContext): NamedNetwork[] {
  const known: NamedNetwork[] = [];
  for (const [index, { id, cidr }] of context.site.network.otNetworks.entries()) {
    const network = cidrAt(context, ['network', 'otNetworks', index, 'cidr'], cidr);
    if (network === undefined) continue;
    if (network.prefixLength === 0) {
      context.fault(['network', 'otNetworks', index, 'cidr'], {
        message: 'must not be the whole internet: only named networks of the factory may reach the hub',
        got: showValue(cidr, []),
      });
    }
    const other = known.find((each) => each.id === id || overlaps(each.network, network));
    if (other !== undefined) {
      context.fault(['network', 'otNetworks', index], {
        message: other.id === id ? 'must have an id of its own' : `overlaps network ${other.id}`,
        got: `${id} ${cidr}`,
      });
    }
    known.push({ id, network });
  }
  return known;
}

function checkInstances(
  context: CheckContext,
  { generation, instanceType, databaseInstanceClass }: OutpostConfig,
): void {
  const families: readonly string[] = OUTPOST_INSTANCE_FAMILIES[generation];
  const [family = ''] = instanceType.split('.');
  if (!families.includes(family)) {
    const other = generation === 1 ? 2 : 1;
    const isOfOther = (OUTPOST_INSTANCE_FAMILIES[other] as readonly string[]).includes(family);
    context.fault(['outpost', 'instanceType'], {
      message: `must be of a family that an Outposts rack of generation ${generation} has`,
      got: showValue(instanceType, []),
      allowed: families.map((each) => `${each}.*`).join(', '),
      hint: isOfOther
        ? `Family ${family} is of generation ${other}: correct one of the two`
        : 'Choose one that the Outpost was ordered with',
    });
  }
  const [, databaseFamily = ''] = databaseInstanceClass.split('.');
  if (generation === 1 && !DATABASE_FAMILIES.includes(databaseFamily)) {
    context.fault(['outpost', 'databaseInstanceClass'], {
      message: 'must be one that Amazon RDS on Outposts has',
      got: showValue(databaseInstanceClass, []),
      allowed: DATABASE_FAMILIES.map((each) => `db.${each}.*`).join(', '),
    });
  }
}

/** ARN, Availability Zone, Region and account speak of one place. */
function checkPlace(context: CheckContext, { arn, availabilityZone }: OutpostConfig): void {
  const [, , , arnRegion, arnAccount] = arn.split(':');
  const region = context.site.aws?.region ?? DEFAULT_REGION;
  const account = context.site.aws?.account;
  if (arnRegion !== region) {
    context.fault(['outpost', 'arn'], {
      message: `must be of the site's Region ${region}`,
      got: arnRegion ?? '',
      hint: 'Correct it, or set aws: {region: ...}',
    });
  }
  if (account !== undefined && arnAccount !== account) {
    context.fault(['outpost', 'arn'], {
      message: `must be of the site's account ${account}`,
      got: arnAccount ?? '',
      hint: 'Correct it, or aws: {account: ...}',
    });
  }
  if (availabilityZone.slice(0, -1) !== region) {
    context.fault(['outpost', 'availabilityZone'], {
      message: `must be one of the site's Region ${region}`,
      got: showValue(availabilityZone, []),
    });
  }
}

function checkStorage(context: CheckContext, { generation, racks, s3 }: OutpostConfig): void {
  if (generation !== 2 || !s3 || racks > 1) return;
  context.fault(['outpost', 's3'], {
    message: 'needs more than one rack: S3 on Outposts of generation 2 runs on several racks only',
    got: `true with racks: ${racks}`,
  });
}

function checkAddresses(
  context: CheckContext,
  { vpcCidr, subnetCidr }: OutpostConfig,
  networks: readonly NamedNetwork[],
): void {
  const vpc = cidrAt(context, ['outpost', 'vpcCidr'], vpcCidr);
  const subnet = cidrAt(context, ['outpost', 'subnetCidr'], subnetCidr);
  for (const [key, network, text] of [
    ['vpcCidr', vpc, vpcCidr],
    ['subnetCidr', subnet, subnetCidr],
  ] as const) {
    if (network === undefined) continue;
    if (network.prefixLength >= LARGEST_PREFIX && network.prefixLength <= SMALLEST_PREFIX) continue;
    context.fault(['outpost', key], {
      message: `must be of a size that Amazon VPC takes, /${LARGEST_PREFIX} to /${SMALLEST_PREFIX}`,
      got: showValue(text, []),
    });
  }
  if (vpc === undefined) return;
  if (subnet !== undefined && !contains(vpc, subnet)) {
    context.fault(['outpost', 'subnetCidr'], {
      message: `must lie within vpcCidr ${vpcCidr}`,
      got: showValue(subnetCidr, []),
    });
  }
  for (const { id, network } of networks) {
    if (!overlaps(vpc, network)) continue;
    context.fault(['outpost', 'vpcCidr'], {
      message: `overlaps OT network ${id}, so the Outpost could not tell which of the two an address is in`,
      got: showValue(vpcCidr, []),
      hint: "Choose addresses that no network of the factory has; a VPC's can't be changed later",
    });
  }
}

function cidrAt(context: CheckContext, place: readonly (string | number)[], text: string): Ipv4Network | undefined {
  const network = parseCidr(text);
  if (typeof network !== 'string') return network;
  context.fault(place, { message: network, got: showValue(text, []) });
  return undefined;
}
