const GROUPS = 8;
/** An address with a zone (RFC 4007) has no more characters. */
const MAX_LENGTH = 64;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * What failures are counted by: an IPv4 address as it is, an IPv6 address by its /64, which is what one customer of a
 * provider has at least (RFC 6177).
 */
export function networkOf(address: string): string {
  // A proxy that is believed too readily hands on what a client calls its address.
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
