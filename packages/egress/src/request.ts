import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Agents } from './agents.js';
import { checkAllowedHost } from './allowed-hosts.js';
import { toEgressError } from './describe-error.js';
import { type Egress, EgressError, type EgressRequest, type EgressResponse } from './egress.js';
import { cleanHeaders, joinHeaders } from './headers.js';
import { ACCEPT_ENCODING, readBody } from './read-body.js';
import { countRedirect, type Hop, nextHop } from './redirect.js';
import { parseTarget } from './target.js';
import { withTimeLimit } from './time-limit.js';

const DEFAULTS = { timeoutMs: 30_000, maxBytes: 1024 * 1024, maxRedirects: 5 };

/** Creates Egress.request: makes hop after hop, each checked, until an answer arrives or the time is up. */
export function createRequest(agents: Agents): Egress['request'] {
  return async (url, options) => {
    const first: Hop<string | Buffer> = {
      url: parseTarget(url),
      method: (options.method ?? 'GET').toUpperCase(),
      headers: cleanHeaders(Object.entries(options.headers ?? {})),
      body: options.body,
    };
    return withTimeLimit(options.signal, options.timeoutMs ?? DEFAULTS.timeoutMs, (signal) =>
      exchange(agents, first, options, signal),
    );
  };
}

async function exchange(
  agents: Agents,
  first: Hop<string | Buffer>,
  options: EgressRequest,
  signal: AbortSignal,
): Promise<EgressResponse> {
  const { maxBytes = DEFAULTS.maxBytes, maxRedirects = DEFAULTS.maxRedirects, redirect, onHead } = options;
  const rules = { sameOrigin: redirect === 'same-origin', maxRedirects };
  let hop = first;
  let isAnswered = false;
  for (let followed = 0; ; followed += 1) {
    try {
      checkAllowedHost(hop.url, options.allowedHosts);
      const answer = await send(agents, hop, signal);
      isAnswered = true;
      const headers = joinHeaders(answer.headers);
      const location = redirect === 'manual' ? undefined : headers.location;
      const next = followRedirect(hop, answer, location, followed, rules);
      if (next === undefined) {
        onHead?.({ status: answer.statusCode, headers });
        const { body, truncated } = await readBody(answer.body, headers['content-encoding'], maxBytes);
        return { status: answer.statusCode, headers, body, truncated, url: hop.url.href };
      }
      hop = next;
    } catch (error) {
      const failure = toEgressError(error, hop.url.host);
      throw isAnswered ? new EgressError(failure.code, failure.message, true) : failure;
    }
  }
}

function send(agents: Agents, hop: Hop<string | Buffer>, signal: AbortSignal) {
  return agents.for(hop.url.origin).request({
    origin: hop.url.origin,
    path: hop.url.pathname + hop.url.search,
    method: hop.method as Dispatcher.HttpMethod,
    headers: { ...hop.headers, 'accept-encoding': ACCEPT_ENCODING },
    body: hop.body ?? null,
    signal,
  });
}

/** The next hop. Discards the answer's body if there is one, or if it is refused. */
function followRedirect(
  hop: Hop<string | Buffer>,
  answer: { statusCode: number; body: Readable },
  location: string | undefined,
  followed: number,
  { sameOrigin, maxRedirects }: { sameOrigin: boolean; maxRedirects: number },
): Hop<string | Buffer> | undefined {
  let keepsBody = false;
  try {
    const next = nextHop(hop, answer.statusCode, location, { sameOrigin });
    if (next) countRedirect(followed, maxRedirects);
    keepsBody = next === undefined;
    return next;
  } finally {
    if (!keepsBody) answer.body.on('error', () => {}).destroy();
  }
}
