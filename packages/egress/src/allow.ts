import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { embeddedIpv4, parseAddress } from './address.js';

/** One entry of EGRESS_ALLOW. Without a port it applies to all ports. */
export interface AllowRule {
  target: { host: string } | { range: [ipaddr.IPv4 | ipaddr.IPv6, number] };
  port: number | undefined;
}

/**
 * `host`, `address` or `range`, each with an optional `:port`. An IPv6 address with a port needs brackets.
 */
const ENTRY =
  /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:/[\]]+)|(?<bare>[^[\]/]*:[^[\]/]*:[^[\]/]*))(?:\/(?<bits>\d{1,3}))?(?::(?<port>\d{1,5}))?$/;
const HOST = /^(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * Parses EGRESS_ALLOW: comma-separated hosts, addresses or CIDRs, each with an optional `:port`
 * (`db.internal, 10.0.0.0/8:443, [fd00::1]:8080, fd00::/8`). Returns its entries; none for an empty text.
 * Throws an Error of one line that quotes the first bad entry.
 */
export function parseAllow(text: string): string[] {
  const entries = text.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
  for (const entry of entries) parseRule(entry);
  return entries;
}

/** Parses one entry. Throws as parseAllow does. */
export function parseRule(entry: string): AllowRule {
  const { v6, v4, bare, bits, port } = ENTRY.exec(entry)?.groups ?? {};
  // The pattern matches a bare IPv6 address greedily, so that none of its groups is read as a port.
  const name = v6 ?? v4 ?? bare;
  const target = name === undefined ? undefined : targetOf(name.toLowerCase(), bits);
  const portNumber = port === undefined ? undefined : Number(port);
  if (target === undefined || portNumber === 0 || (portNumber ?? 0) > 65_535)
    throw new Error(
      `EGRESS_ALLOW: ${JSON.stringify(entry)} is not a host, an address or a CIDR, with or without a ` +
        ':port',
    );
  return { target, port: portNumber };
}

function targetOf(name: string, bits: string | undefined): AllowRule['target'] | undefined {
  const family = isIP(name);
  if (family !== 0) {
    const longest = family === 4 ? 32 : 128;
    const length = bits === undefined ? longest : Number(bits);
    return length <= longest ? { range: [ipaddr.parse(name), length] } : undefined;
  }
  const host = domainToASCII(name.replace(/\.$/, ''));
  // URL parsers read a name that ends in a number as an IPv4 address, so it never names a host.
  const isName = bits === undefined && HOST.test(host) && !/(^|\.)(\d+|0x[\da-f]*)$/.test(host);
  return isName ? { host } : undefined;
}

/** Whether the operator lets tools and callbacks reach `address` at `port`, for a URL with `host`. */
export function isAllowed(rules: AllowRule[], host: string, address: string, port: number): boolean {
  const outer = parseAddress(address);
  const inner = embeddedIpv4(outer);
  const addresses = inner ? [outer, inner] : [outer];
  return rules.some((rule) => {
    if (rule.port !== undefined && rule.port !== port) return false;
    const { target } = rule;
    if ('host' in target) return target.host === host;
    const [base, bits] = target.range;
    return addresses.some((each) => each.kind() === base.kind() && each.match(base, bits));
  });
}
