import { EgressError } from './egress.js';

/** Longest URL that is requested, in characters. RFC 9110 §4.1 asks for 8,000; Node's own servers take 16 KiB. */
export const LONGEST_URL = 16_000;
/**
 * Longest authority (user, host, port) that is parsed, in characters. A name has 253; percent-encoded UTF-8 takes nine
 * characters for one. Parsing an international name takes time that grows with the square of its length.
 */
const LONGEST_AUTHORITY = 1_000;

/**
 * Whether a URL, absolute or relative, can be given to a parser: neither it nor what may be its authority is too long.
 * Everything that strangers write as a URL passes through this before it is parsed.
 */
export function isBoundedUrl(text: string, longest = LONGEST_URL): boolean {
  return text.length <= longest && authorityLength(text) <= LONGEST_AUTHORITY;
}

/** Length of the part that a parser may take for the authority: what follows a scheme or two slashes. 0 for a path. */
function authorityLength(text: string): number {
  const read = text.replace(/[\t\n\r]/g, ''); // as a parser does
  const start = /^[^/\\?#:]*:?[/\\]*/.exec(read)?.[0] ?? '';
  if (!start.includes(':') && !/[/\\]{2}$/.test(start)) return 0;
  const rest = read.slice(start.length);
  const end = rest.search(/[/\\?#]/);
  return end === -1 ? rest.length : end;
}

/**
 * Reads the URL of one hop, as the WHATWG URL standard does: decimal, octal and hexadecimal hosts become addresses, and
 * those are checked like any other when the connection is made. A dot at the host's end is taken off.
 * Throws EgressError `invalid_url` on other schemes than http(s), on credentials in the URL and on one that is too long.
 */
export function parseTarget(text: string, base?: URL): URL {
  if (!isBoundedUrl(text)) throw new EgressError('invalid_url', 'That URL is too long.');
  if (!URL.canParse(text, base?.href)) throw new EgressError('invalid_url', 'That is not a valid URL.');
  const url = new URL(text, base?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new EgressError('invalid_url', `Only http and https URLs can be fetched, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new EgressError('invalid_url', 'A URL with a user name or a password in it is refused.');

  // TLS names no trailing dot (RFC 6066 §3), and an allow rule for "a.example" means "a.example." too.
  const host = withoutFinalDots(url.hostname);
  if (host === '') throw new EgressError('invalid_url', 'That URL has no host.');
  if (host !== url.hostname) url.hostname = host;
  url.hash = '';
  return url;
}

/** A host without the dots at its end. */
export function withoutFinalDots(host: string): string {
  let end = host.length;
  while (host[end - 1] === '.') end -= 1;
  return host.slice(0, end);
}

/** The port that a URL leads to. */
export function portOf(url: Pick<URL, 'port' | 'protocol'>): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
