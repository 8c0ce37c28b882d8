/** An IPv4 network as its first and last address. */
interface Network {
  readonly first: number;
  readonly last: number;
}

/** Whether an IPv4 address (`192.168.10.5`) lies in a network in CIDR notation. */
export function holdsAddress(cidr: string, address: string): boolean {
  const { first, last } = networkOf(cidr);
  const number = numberOf(address);
  return number >= first && number <= last;
}

/** Whether a text is an IPv4 address in numbers. */
export function isAddress(text: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
}

/**
 * The first network of a size within another that overlaps none of those that are taken.
 * @returns undefined where there is no room.
 */
export function freeNetwork(within: string, taken: readonly string[], prefixLength: number): string | undefined {
  const { first, last } = networkOf(within);
  const size = 2 ** (32 - prefixLength);
  const others = taken.map(networkOf);
  for (let start = first; start + size - 1 <= last; start += size) {
    const overlaps = others.some((other) => start <= other.last && start + size - 1 >= other.first);
    if (!overlaps) return `${textOf(start)}/${prefixLength}`;
  }
  return undefined;
}

/** The last address of a subnet that AWS does not keep for itself: `10.60.1.254` of `10.60.1.0/24`. */
export function lastUsableAddress(cidr: string): string {
  return textOf(networkOf(cidr).last - 1);
}

function networkOf(cidr: string): Network {
  const [address = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(numberOf(address) / size) * size;
  return { first, last: first + size - 1 };
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
