import { EgressError } from './egress.js';

/** Set by the client from the URL and body, or about the connection; never by a caller (RFC 9110 §7.6.1). */
const OURS = new Set([
  'accept-encoding', // only ask for what can be decoded
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** RFC 9110 §5.5: visible characters, spaces, tabs and obs-text. No line breaks. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * A caller's headers in lower case, without those that the client sets itself. Throws EgressError
 * `invalid_url` for a name or value that HTTP does not allow.
 */
export function cleanHeaders(headers: Iterable<[string, string]>): Record<string, string> {
  const clean: Record<string, string> = { 'user-agent': 'AgentHook' };
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (!NAME.test(key) || !VALUE.test(value))
      throw new EgressError(
        'invalid_url',
        `The header ${JSON.stringify(key.slice(0, 50))} is not valid in HTTP.`,
      );
    if (!OURS.has(key)) clean[key] = value;
  }
  return clean;
}

/** An answer's headers, with repeated ones joined by a comma. */
export function joinHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
