import { EgressError } from './egress.js';

/**
 * Reads the URL of one hop, as the WHATWG URL standard does: decimal, octal and hexadecimal hosts become addresses, and
 * those are checked like any other when the connection is made. A dot at the host's end is taken off.
 * Throws EgressError `invalid_url` on other schemes than http(s) and on credentials in the URL.
 */
export function parseTarget(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw new EgressError('invalid_url', 'That is not a valid URL.');
  const url = new URL(text, base?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new EgressError('invalid_url', `Only http and https URLs can be fetched, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new EgressError('invalid_url', 'A URL with a user name or a password in it is refused.');

  // TLS names no trailing dot (RFC 6066 §3), and an allow rule for "a.example" means "a.example." too.
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.replace(/\.+$/, '');
  if (url.hostname === '') throw new EgressError('invalid_url', 'That URL has no host.');
  url.hash = '';
  return url;
}

/** The port that a URL leads to. */
export function portOf(url: Pick<URL, 'port' | 'protocol'>): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
