import { EgressError } from './egress.js';
import { parseTarget } from './target.js';

/** One request of an exchange. `B` is the body type of its client. */
export interface Hop<B> {
  url: URL;
  method: string;
  /** Names are in lower case. */
  headers: Record<string, string>;
  body: B | undefined;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that reveal nothing about the caller. Any other header may be a credential. */
const SAFE_ACROSS_ORIGINS = new Set(['accept', 'accept-language', 'user-agent']);
/** Fetch standard, "request-body-header name". */
const OF_THE_BODY = new Set(['content-encoding', 'content-language', 'content-location', 'content-type']);

/** Whether an answer is a redirect. */
export const isRedirect = (status: number, location: string | null | undefined): location is string =>
  REDIRECTS.has(status) && typeof location === 'string';

/**
 * The request that a redirect asks for, following the fetch standard's "HTTP-redirect fetch"; undefined if
 * the answer is not a redirect. Another origin (scheme, host or port) gets no body and only a few harmless
 * headers; with `sameOrigin` it gets no request at all. Throws EgressError if the location must not be
 * followed.
 */
export function nextHop<B>(
  hop: Hop<B>,
  status: number,
  location: string | undefined,
  { sameOrigin = false }: { sameOrigin?: boolean } = {},
): Hop<B> | undefined {
  if (!isRedirect(status, location)) return undefined;
  const url = parseTarget(location, hop.url);
  const staysHome = url.origin === hop.url.origin;
  if (sameOrigin && !staysHome)
    throw new EgressError(
      'blocked',
      `Refused: ${hop.url.host} redirects to another origin, ${url.origin}. A request that may carry secrets follows ` +
        'redirects on its own origin only.',
    );

  const becomesGet =
    ((status === 301 || status === 302) && hop.method === 'POST') ||
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD');
  const method = becomesGet ? 'GET' : hop.method;
  const body = becomesGet ? undefined : hop.body;
  if (body !== undefined && !staysHome)
    throw new EgressError(
      'blocked',
      `Refused: ${hop.url.host} redirects to another origin, ${url.origin}, which would get the request body.`,
    );

  const kept = Object.entries(hop.headers).filter(
    ([name]) => (staysHome || SAFE_ACROSS_ORIGINS.has(name)) && !(becomesGet && OF_THE_BODY.has(name)),
  );
  return { url, method, headers: Object.fromEntries(kept), body };
}

/** Throws EgressError `too_many_redirects` once there are more than `max`. */
export function countRedirect(followed: number, max: number): void {
  if (followed >= max)
    throw new EgressError('too_many_redirects', `Gave up after ${max} redirect${max === 1 ? '' : 's'}.`);
}
