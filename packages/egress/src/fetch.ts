import { type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici';
import type { Agents } from './agents.js';
import { toEgressError } from './describe-error.js';
import { EgressError } from './egress.js';
import { cleanHeaders } from './headers.js';
import { countRedirect, type Hop, nextHop } from './redirect.js';
import { parseTarget } from './target.js';

const MAX_REDIRECTS = 5;

/**
 * Makes Egress.fetch: as the platform's, with each hop checked. Rejects with EgressError, or with the signal's reason
 * when that aborts. A body that is a stream is sent once: a redirect that asks for it again is refused.
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
    for (let followed = 0; ; followed += 1) {
      try {
        const answer = await undiciFetch(hop.url, {
          method: hop.method,
          headers: hop.headers,
          redirect: 'manual',
          dispatcher: agents.for(hop.url.origin),
          ...(hop.body === undefined || hop.body === null ? {} : { body: hop.body, duplex: 'half' }),
          ...(signal ? { signal } : {}),
        } as UndiciInit);
        const next = nextHop(hop, answer.status, answer.headers.get('location') ?? undefined);
        // The two Response types differ in name alone.
        if (next === undefined || redirect === 'manual') return answer as unknown as Response;
        answer.body?.cancel().catch(() => {});
        if (redirect === 'error') throw new EgressError('too_many_redirects', 'Redirects are not followed.');
        countRedirect(followed, MAX_REDIRECTS);
        if (next.body instanceof ReadableStream)
          throw new EgressError('network', 'A redirect asks for a body that can not be sent twice.');
        hop = next;
      } catch (error) {
        signal?.throwIfAborted();
        throw toEgressError(error, hop.url.host);
      }
    }
  };
}
