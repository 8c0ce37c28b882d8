/** An IPv4 network as numbers. */
export interface Ipv4Network {
  /** First address, 0 to 2^32 - 1. */
  readonly first: number;
  /** Last address. */
  readonly last: number;
  readonly prefixLength: number;
}

/**
 * Reads `10.60.0.0/16`.
 * @returns a sentence's end that says what is wrong where it is no network: `must ...`.
 */
export function parseCidr(text: string): Ipv4Network | string {
  const [address = '', prefix = ''] = text.split('/');
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255)))
    return 'must have four numbers of 0 to 255, e.g. "192.168.10.0/24"';
  const prefixLength = Number(prefix);
  if (prefix === '' || prefixLength > 32) return 'must end in /0 to /32, e.g. "192.168.10.0/24"';
  const size = 2 ** (32 - prefixLength);
  const given = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = Math.floor(given / size) * size;
  if (first !== given) return `must begin at the network's first address: ${formatAddress(first)}/${prefixLength}`;
  return { first, last: first + size - 1, prefixLength };
}

/** Whether two networks share an address. */
export function overlaps(one: Ipv4Network, other: Ipv4Network): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** Whether a network lies wholly in another. */
export function contains(outer: Ipv4Network, inner: Ipv4Network): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
