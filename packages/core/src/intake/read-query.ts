import { parsePayload } from '@agenthook/bounded';
import type { Query, SignatureConfig } from '@agenthook/contracts';
import type { InboundRequest, Refusal } from './inbound.js';
import { hiddenOf } from './sender-request.js';

/**
 * Names of parameters that may hold a credential, as some senders put one into their URL. An `issueKey` or an
 * `author` is none.
 */
const CREDENTIAL =
  /(?:^|[-_.])(?:sig|auth|authorization|credentials?|pass|pwd|jwt)$|(?:token|secret|passw(?:or)?d|passphrase|signature|hmac)$|(?:api|access|auth|client|function|master|private|secret|security|shared|signing|subscription|webhook)[-_.]?key$/i;

/** Parses a request's query string. Drops parameters that hold a credential or may do so by their name. */
export function readQuery(
  { query }: InboundRequest,
  signature: SignatureConfig | undefined,
): { ok: true; query: Query } | { ok: false; refusal: Refusal } {
  if (query === '') return { ok: true, query: {} };
  // Node reads URLs as Latin-1: one character is one byte.
  const read = parsePayload(Buffer.from(query, 'latin1'), { isQuery: true });
  if (!read.ok) return { ok: false, refusal: { code: read.code, detail: `In the URL: ${read.detail}` } };
  const hidden = hiddenOf(signature).query;
  const shown = Object.entries(read.payload as Query).filter(
    ([name]) => !hidden.includes(name) && !CREDENTIAL.test(name),
  );
  return { ok: true, query: Object.fromEntries(shown) };
}

/**
 * What is stored of a request's query string: nothing if there is none to keep, or if it is the payload, as
 * for a GET.
 */
export function keptQuery(
  request: InboundRequest,
  signature: SignatureConfig | undefined,
): { query?: Query } {
  const read = request.method === 'GET' ? undefined : readQuery(request, signature);
  return read?.ok && Object.keys(read.query).length > 0 ? { query: read.query } : {};
}

/** The query string that `readQuery` would read as this. */
export function writeQuery(query: Query = {}): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of [value].flat()) written.append(name, each);
  return `${written}`;
}
