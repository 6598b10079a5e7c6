import { readExtraQuery } from '@agenthook/bounded';
import type { Query, SignatureConfig } from '@agenthook/contracts';
import type { InboundRequest } from './inbound.js';
import { hiddenOf } from './sender-request.js';

/**
 * Names of parameters that may hold a credential, as some senders put one into their URL. An `issueKey` or an
 * `author` is none.
 */
const CREDENTIAL =
  /(?:^|[-_.])(?:sig|auth|authorization|credentials?|pass|pwd|jwt)$|(?:token|secret|passw(?:or)?d|passphrase|signature|hmac)$|(?:api|access|auth|client|function|master|private|secret|security|shared|signing|subscription|webhook)[-_.]?key$/i;

/** Parses a request's query string, without the parameters that hold a credential, or may by their name. */
export function readQuery({ query }: InboundRequest, signature: SignatureConfig | undefined): Query {
  if (query === '') return {};
  const hidden = hiddenOf(signature).query;
  // Node reads URLs as Latin-1: one character is one byte.
  const shown = Object.entries(readExtraQuery(Buffer.from(query, 'latin1'))).filter(
    ([name]) => !hidden.includes(name) && !CREDENTIAL.test(name),
  );
  return Object.fromEntries(shown);
}

/**
 * What is stored of a request's query string, which `readQuery` has read: nothing if there is none to keep,
 * or if it is the payload, as for a GET.
 */
export const keptQuery = ({ method }: InboundRequest, query: Query): { query?: Query } =>
  method !== 'GET' && Object.keys(query).length > 0 ? { query } : {};

/** The query string that `readQuery` would read as this. */
export function writeQuery(query: Query = {}): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of [value].flat()) written.append(name, each);
  return `${written}`;
}
