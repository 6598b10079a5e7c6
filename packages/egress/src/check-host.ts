import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublic, parseAddress } from './address.js';
import { type AllowRule, isAllowed } from './allow.js';
import { toEgressError } from './describe-error.js';
import { EgressError } from './egress.js';

/** Longest DNS name without the final dot (RFC 1035 §2.3.4), in characters. */
const LONGEST_NAME = 253;

/** All addresses of a name, in the order to try them. */
export type Lookup = (hostname: string) => Promise<string[]>;

/** Resolves names as the machine does: /etc/hosts, then DNS. */
export const resolveName: Lookup = async (hostname) =>
  (await systemLookup(hostname, { all: true })).map(({ address }) => address);

/** Returns the addresses of a host that may be connected to. Throws EgressError (`blocked`, `network`). */
export type CheckHost = (host: string, port: number) => Promise<string[]>;

/**
 * Creates the check that every connection passes. A name is resolved once, and all its addresses must be
 * public or allowed, because a single other address would let an attack succeed by retries or luck.
 */
export function createCheckHost(rules: AllowRule[], lookup: Lookup): CheckHost {
  return async (host, port) => {
    if (host.length > LONGEST_NAME) throw new EgressError('invalid_url', 'The host name is too long.');
    const isLiteral = isIP(host) !== 0;
    const addresses = isLiteral ? [host] : await find(lookup, host);
    const isRefused = addresses.some(
      (address) => !isPublic(parseAddress(address)) && !isAllowed(rules, host, address, port),
    );
    if (!isRefused) return addresses;
    // The address behind a name is not revealed, because strangers could map the network with it.
    const what = isLiteral ? 'is not a public address' : 'resolves to addresses that are not public';
    throw new EgressError(
      'blocked',
      `Refused: ${host} ${what}. Only the operator can allow it, with EGRESS_ALLOW.`,
    );
  };
}

async function find(lookup: Lookup, host: string): Promise<string[]> {
  const addresses = await lookup(host).catch((error: unknown) => {
    throw toEgressError(error, host);
  });
  if (addresses.length > 0) return addresses;
  throw new EgressError('network', `Could not reach ${host}: the host was not found.`);
}
