import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Public by number, but answered by the machine's own host: Azure's WireServer. */
const HOST_SERVICES = new Set(['168.63.129.16']);

/**
 * ::/96, IPv4-compatible addresses (RFC 4291 §2.5.5.1, deprecated). ipaddr.js treats them as ordinary
 * addresses.
 */
const IPV4_COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');
/** IANA's range for the public Internet. The rest of IPv6 is special or unassigned. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const NAT64_WELL_KNOWN = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Parses an address in any notation, with or without a zone. Throws if it is not one. */
export function parseAddress(text: string): Address {
  return ipaddr.parse(text);
}

/**
 * The IPv4 address that an IPv6 address leads to: IPv4-mapped, IPv4-translated (RFC 2765) or -compatible, and
 * NAT64 (RFC 6052). Undefined if there is none. 6to4 and Teredo are not unwrapped, because they are refused
 * entirely.
 */
export function embeddedIpv4(address: Address): ipaddr.IPv4 | undefined {
  if (address.kind() === 'ipv4') return undefined;
  const v6 = address as ipaddr.IPv6;
  const embeds =
    ['ipv4Mapped', 'rfc6145'].includes(v6.range()) || v6.match(NAT64_WELL_KNOWN) || v6.match(IPV4_COMPATIBLE);
  return embeds ? new ipaddr.IPv4(v6.toByteArray().slice(12)) : undefined;
}

/**
 * Whether an address belongs to the public Internet: not unspecified, loopback, private, link-local, unique
 * local, shared (CGNAT), multicast, broadcast, reserved or for documentation (IANA's special-purpose
 * registries, RFC 6890), nor an IPv6 address that wraps such an IPv4 one. All but one of the cloud metadata
 * services are in these ranges.
 */
export function isPublic(address: Address): boolean {
  if (address.kind() === 'ipv4')
    return address.range() === 'unicast' && !HOST_SERVICES.has(address.toString());

  const v6 = address as ipaddr.IPv6;
  const inner = embeddedIpv4(v6);
  // Only mapped and NAT64 addresses are routable today. Other wrapped IPv4 addresses try to bypass this
  // check.
  if (inner) return (v6.isIPv4MappedAddress() || v6.match(NAT64_WELL_KNOWN)) && isPublic(inner);
  return v6.range() === 'unicast' && v6.match(GLOBAL_UNICAST);
}
