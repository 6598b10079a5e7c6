import { type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici';
import type { Agents } from './agents.js';
import { toEgressError } from './describe-error.js';
import { EgressError } from './egress.js';
import { cleanHeaders } from './headers.js';
import { countRedirect, type Hop, isRedirect, nextHop } from './redirect.js';
import { parseTarget } from './target.js';

const MAX_REDIRECTS = 5;

/**
 * Creates Egress.fetch: like the platform's fetch, but each hop is checked, and redirects are followed only
 * on the request's own origin. Rejects with EgressError, or with the signal's reason on abort. A stream body
 * is sent once: a redirect that needs it again is refused.
 */
export function createFetch(agents: Agents): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const request = input instanceof Request ? new Request(input, init) : undefined;
    const signal = init.signal ?? request?.signal;
    const redirect = init.redirect ?? request?.redirect ?? 'follow';
    let hop: Hop<unknown> = {
      url: parseTarget(request ? request.url : String(input)),
      method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
      headers: cleanHeaders(new Headers(init.headers ?? request?.headers)),
      body: init.body ?? (request?.body ? await request.arrayBuffer() : undefined),
    };
    for (let count = 0; ; count += 1) {
      try {
        const answer = await undiciFetch(hop.url, {
          method: hop.method,
          headers: hop.headers,
          redirect: 'manual',
          dispatcher: agents.for(hop.url.origin),
          ...(hop.body === undefined || hop.body === null ? {} : { body: hop.body, duplex: 'half' }),
          ...(signal ? { signal } : {}),
        } as UndiciInit);
        const location = redirect === 'manual' ? undefined : answer.headers.get('location');
        if (!isRedirect(answer.status, location)) return answer as unknown as Response; // the types differ only in name
        answer.body?.cancel().catch(() => {});
        hop = followed(hop, answer.status, location, redirect, count);
      } catch (error) {
        signal?.throwIfAborted();
        throw toEgressError(error, hop.url.host);
      }
    }
  };
}

/** The hop that a redirect asks for. Throws EgressError if it must not be followed. */
function followed(
  hop: Hop<unknown>,
  status: number,
  location: string,
  redirect: RequestInit['redirect'],
  count: number,
): Hop<unknown> {
  if (redirect === 'error') throw new EgressError('too_many_redirects', 'Redirects are not followed.');
  countRedirect(count, MAX_REDIRECTS);
  const next = nextHop(hop, status, location, { sameOrigin: true });
  if (next?.body instanceof ReadableStream)
    throw new EgressError('network', 'The redirect asks for a body that cannot be sent twice.');
  return next ?? hop;
}
