import { isIP } from 'node:net';
import { EnvironmentError } from './load-environment.js';

/** Which senders of X-Forwarded-For, -Proto and -Host to trust, in the form of Fastify's trustProxy. */
export type TrustProxy = string[] | ((address: string, hop: number) => boolean);

/** Named ranges: RFC 1918 and RFC 4193, RFC 3927 and RFC 4291, and this machine. */
const NAMES = ['loopback', 'linklocal', 'uniquelocal'];
const HOPS = /^[1-9]\d?$/;

/**
 * Parses TRUST_PROXY: the number of proxies in front of the api that all callers come through, or the
 * proxies' addresses, CIDRs and range names, separated by commas. Undefined or 0 trusts nobody. Throws
 * EnvironmentError.
 */
export function readTrustProxy(text = '0'): TrustProxy | undefined {
  if (text.trim() === '0') return undefined;
  if (HOPS.test(text.trim())) {
    const hops = Number(text);
    return (_address, hop) => hop < hops;
  }
  const ranges = text.split(',').map((range) => range.trim());
  if (ranges.every((range) => NAMES.includes(range) || isRange(range))) return ranges;
  throw new EnvironmentError(
    `TRUST_PROXY must be a number of proxies, or addresses and CIDRs with commas between them (or ${NAMES.join(', ')}).`,
  );
}

function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
