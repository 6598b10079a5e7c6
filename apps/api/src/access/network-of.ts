const GROUPS = 8;
/** The longest address with a zone (RFC 4007). */
const MAX_LENGTH = 64;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The network that failures are counted by: an IPv4 address itself, an IPv6 address's /64, which is the least
 * that a provider assigns to one customer (RFC 6177).
 */
export function networkOf(address: string): string {
  // A proxy that trusts its clients too readily forwards any text as the client's address.
  if (address.length > MAX_LENGTH) return networkOf(address.slice(0, MAX_LENGTH));
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, GROUPS - left.length - right.length)).fill('0');
  const groups = [...left, ...(tail === undefined ? [] : zeros), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
