import { EgressError } from './egress.js';

/**
 * Longest URL that is requested, in characters. RFC 9110 §4.1 requires 8,000; Node's own servers accept 16
 * KiB.
 */
export const LONGEST_URL = 16_000;
/**
 * Longest authority (user, host, port) that is parsed, in characters. A name has at most 253; percent-encoded
 * UTF-8 needs nine characters for one. Parsing an international name takes quadratic time.
 */
const LONGEST_AUTHORITY = 1_000;

/**
 * Whether a URL, absolute or relative, is safe to parse: neither it nor its possible authority is too long.
 * Every URL from strangers passes this check before parsing.
 */
export function isBoundedUrl(text: string, longest = LONGEST_URL): boolean {
  return text.length <= longest && authorityLength(text) <= LONGEST_AUTHORITY;
}

/**
 * Length of the part that a parser may read as the authority: after a scheme or two slashes. 0 for a path.
 */
function authorityLength(text: string): number {
  const read = text.replace(/[\t\n\r]/g, ''); // as a parser does
  const start = /^[^/\\?#:]*:?[/\\]*/.exec(read)?.[0] ?? '';
  if (!start.includes(':') && !/[/\\]{2}$/.test(start)) return 0;
  const rest = read.slice(start.length);
  const end = rest.search(/[/\\?#]/);
  return end === -1 ? rest.length : end;
}

/**
 * Parses the URL of one hop by the WHATWG URL standard: decimal, octal and hexadecimal hosts become
 * addresses, which are checked like any other on connection. Removes a trailing dot from the host. Throws
 * EgressError `invalid_url` for schemes other than http(s), credentials in the URL, and a URL that is too
 * long.
 */
export function parseTarget(text: string, base?: URL): URL {
  if (!isBoundedUrl(text)) throw new EgressError('invalid_url', 'The URL is too long.');
  if (!URL.canParse(text, base?.href)) throw new EgressError('invalid_url', 'The URL is not valid.');
  const url = new URL(text, base?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new EgressError('invalid_url', `Only http and https URLs can be fetched, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new EgressError('invalid_url', 'URLs with a user name or password are refused.');

  // TLS has no trailing dot (RFC 6066 §3), and an allow rule for "a.example" also means "a.example.".
  const host = withoutFinalDots(url.hostname);
  if (host === '') throw new EgressError('invalid_url', 'The URL has no host.');
  if (host !== url.hostname) url.hostname = host;
  url.hash = '';
  return url;
}

/** A host without trailing dots. */
export function withoutFinalDots(host: string): string {
  let end = host.length;
  while (host[end - 1] === '.') end -= 1;
  return host.slice(0, end);
}

/** The port of a URL. */
export function portOf(url: Pick<URL, 'port' | 'protocol'>): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
